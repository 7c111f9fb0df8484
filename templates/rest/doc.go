// Package rest is the client below the generated packages: options, calls, errors, retries, downloads, uploads and walks
// through listings. All packages of one output share it, so that error handling, options and hooks are written once.
//
// A generated package has its own Client with a method for each operation. What its callers need of this package:
//
//   - The options of NewClient: [WithBasicAuth], [WithBearerToken], [WithHTTPClient], [WithMaxRetries] and the others.
//   - The options of a call: [WithHeader], [WithResponse].
//   - Errors: [APIError] and the Err variables that errors.Is knows; [RequestError].
//   - [Pager] with [Position], [PageError] and [RecordError]; [Download] and [Upload].
//
// Everything else is called by generated code. Package lossless below this one reads and writes JSON.
package rest
