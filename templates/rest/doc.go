// Package rest is the client that generated packages share: options, calls, errors, retries,
// downloads, uploads and walks through listings.
//
// # Options of a client
//
// Credentials are set by [WithBasicAuth], [WithBearerToken], [WithTokenSource] and [WithAPIKey].
// [WithHTTPClient], [WithUserAgent], [WithMaxRetries] and [WithMaxResponseBytes] say how requests
// are sent, [WithHook] sees every [Attempt], and [WithErrorHook] every [APIError].
//
// # Calls
//
// [WithHeader], [WithResponse], [WithTimeout] and [WithRetries] are options of a single call.
// [Download], [File] and [Upload] stream files.
//
// # Errors
//
// An answer that is not a success is an [APIError]. The variables that begin with Err say which
// kind it is, and an [ErrorBody] has what the documents say about its body. A [RequestError] was
// not sent.
//
// # Walks
//
// A [Pager] walks through a listing. A [Position] can be kept to go on later. [PageError] ends a
// walk, [RecordError] comes with one item.
//
// # Logs that grow
//
// Methods such as FollowAuditRecords of a generated client yield a [Batch] at a time, each with a
// [Checkpoint]; [Follow] says what that promises. A [FollowError] ends the iteration. The functions
// that begin with Follow are its options.
//
// # Generated code
//
// All other names are called by generated code and are in generated.go.
package rest
