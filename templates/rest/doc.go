// Package runtime is the handwritten part of every generated package. It is compiled and tested here and copied, with
// its package clause changed, beside the code that is generated on top of it, so that a generated package stands alone.
//
// What a reader wants to know first:
//
//   - client.go, request.go, call.go, retry.go: from a method call to an answer, and what may go wrong on the way (errors.go)
//   - decode.go, object.go, number.go, encode.go, objectwriter.go: JSON, read and written without reflection and without losing anything
//   - members.go: what a model remembers beyond its fields
//
// Every package carries those. The others travel with packages that need them, as templates.Part says:
//
//   - list.go, map.go, float.go, time.go, timevalue.go, union.go: kinds of values
//   - params.go, fieldparam.go, jsonparam.go, form.go, upload.go: what is sent; download.go: answers that are streamed
//   - pager.go, paging.go: walking through listings; pager.go knows nothing of HTTP and JSON, paging.go, offset.go, cursor.go and linkheader.go
//     hold the rules
//
// fixture_test.go holds code as the generator prints it; all tests run against it.
package rest
