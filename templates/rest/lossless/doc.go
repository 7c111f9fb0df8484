// Package lossless reads and writes JSON without loss: absent, null and undocumented members,
// values of other types than documented, and the spelling of numbers and times.
//
// [Members] is what a model remembers of its JSON object. [Problem] is a value that is not as
// documented. [RequestError] is a request body that was not sent. [Union] holds a value of one of
// several types.
//
// # Generated code
//
// All other names are called by generated code and are in generated*.go: each model has one
// function of type func(*Codec, *Model), which reads, writes, tests and copies it.
package lossless
