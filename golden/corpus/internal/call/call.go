// Package call calls every operation of a generated client once, with made-up arguments, against a
// server that knows only the document of the API. It finds the operations by reflection, so it
// works for any client.
//
// It imports only the standard library, because its sources are copied into the module in which the
// clients are built.
package call

import (
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Sources are the files of this package.
//
//go:embed *.go
var Sources embed.FS

// Document is what a server needs to know of an API.
type Document struct {
	Operations []*Operation
	Variables  []string // server URL variables without a default
}

// Operation is an operation of the document.
type Operation struct {
	ID, Method, Path string
	Params           []Param // expected parameters, except path parameters
	Body             *Body   // nil if there is none
	Answers          []Answer
}

// String returns the name of an operation in messages.
func (o *Operation) String() string { return o.Method + " " + o.Path }

// Param is a parameter.
type Param struct {
	In, Name string
	Spread   bool // its members are sent as separate parameters
}

// Body is a request body in the document.
type Body struct {
	Required bool
	Media    []string
}

// Answer is a successful response in one media type. It has no body if it has no media type.
type Answer struct {
	Status int
	Media  string
	Body   string
}

// Result is the result of a document.
type Result struct {
	Called   int // operations
	Walked   int // listings that were walked to the end
	Requests []Request
	Problems []string
}

// Request is a request as it arrived.
type Request struct {
	Method, URL string // path and query
	Header      map[string][]string
	Body        []byte
}

// New returns the client of a package for a server.
type New func(url string) (any, error)

// Main is the main function of the program that contains the clients. Its first argument names the
// client to call, and its second is a file with the Document. It prints the Result.
func Main(clients map[string]New) {
	if err := run(clients, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(clients map[string]New, args []string, stdout io.Writer) error {
	if len(args) != 2 || clients[args[0]] == nil {
		return fmt.Errorf("unknown client: %q", args)
	}
	data, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	var doc Document
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(All(&doc, clients[args[0]]))
}
