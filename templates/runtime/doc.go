// Package runtime is the handwritten part of every generated package. It is compiled and tested here and copied, with
// its package clause changed, beside the code that is generated on top of it, so that a generated package stands alone.
//
// What a reader wants to know first:
//
//   - client.go, request.go, params.go, call.go, retry.go: from a method call to an answer, and what may go wrong on the way (errors.go)
//   - decode.go, object.go, number.go, time.go, encode.go, objectwriter.go: JSON, read and written without reflection and without losing anything
//   - members.go: what a model remembers beyond its fields
//   - pager.go, paging.go: walking through listings; pager.go knows nothing of HTTP and JSON, paging.go holds the rules
//   - download.go: answers that are streamed
//
// fixture_test.go holds code as the generator prints it; all tests run against it.
package runtime
