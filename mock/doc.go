// Package mock is a server that behaves like the audit logs of Confluence Cloud and Jira Cloud, for
// tests of code that reads them. It answers any other document from its schemas.
//
//	s, err := mock.Confluence(mock.WithSeed(1))
//	if err != nil { ... }
//	defer s.Close()
//	c, err := confluence.NewClient(s.URL,
//		rest.WithHTTPClient(s.Client()), rest.WithBasicAuth("me@example.com", "token"))
//
// The server checks requests against the document and answers invalid ones with a 400 that says
// what is wrong. Credentials are required, but any are accepted.
//
// A log has the number of records set by [WithRecords], spread over the 300 days before the server
// was started. Record i depends only on the seed and i and is made on demand, so a long log needs
// no more memory than a short one. The server also imitates what no document mentions: totals that
// ignore filters, authors without an account, undocumented members, limits that are cut without a
// word, and full pages without a link to the next page (but see [WithNextLinks]).
//
// What makes a log hard to follow can be had, too: records that become visible late
// ([WithLateRecords]), many in one millisecond ([WithBursts]), with members of another type
// ([WithOddRecords]) or deleted while they are read ([Faults].Shrinking); a clock that is wrong
// ([WithClockSkew]); and a stream of cursors without an end ([WithStreams]).
//
// [WithFaults] makes the server fail at random, at given rates, as real servers do. [WithScript]
// makes chosen requests fail in chosen ways, such as [GzipBomb] for the third page. The tests of
// auditgen's own clients use it.
//
// The package is at the top of the module because it uses the generator: it reads documents as
// auditgen generate does, and the code that decides how a generated client pages also decides how
// the mock pages. The generator never imports it.
package mock
