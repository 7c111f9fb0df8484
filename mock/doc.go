// Package mock is a server that behaves like the audit logs of Confluence Cloud and Jira Cloud, for tests of code that reads
// them, and that answers any other settled document from its schemas.
//
//	s, err := mock.Confluence(mock.WithSeed(1))
//	if err != nil { ... }
//	defer s.Close()
//	c, err := confluence.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBasicAuth("me@example.com", "token"))
//
// Requests are checked against the document and refused with a 400 that says what is wrong; credentials are wanted, and any will do.
// A log has as many records as [WithRecords] says, spread over the 300 days before the server was made. Record i follows
// from the seed and i alone and is made when it is asked for, so that a long log takes no more memory than a short one. What is known
// about the real servers and stands in no document is there too: totals that ignore filters, authors without an account, members that
// nobody documented, limits that are cut without a word, full pages that are followed by another and have no link to it (but see
// [WithNextLinks]). [WithFaults] makes the server fail as real ones do, at rates; [WithScript] has chosen requests fail in chosen ways, such as the third
// page in [GzipBomb], which is how auditgen's own clients are tested.
//
// The package stands at the top of the module, above the generator, because it is made of the generator's parts: it reads documents
// as auditgen generate does, and recognises how a listing pages with the very code that decides how a generated client pages.
// The generator never imports it.
package mock
