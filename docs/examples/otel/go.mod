module example.com/tracing

go 1.26.0

// Your module has a version here; the repository tests itself.
replace github.com/seed-1954497d/auditgen => ../../..

require github.com/seed-1954497d/auditgen v0.0.0-00010101000000-000000000000
