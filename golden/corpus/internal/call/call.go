// Package call calls every operation of a generated client once, with made-up arguments, against a server that knows the
// API from its document alone. It finds the operations by reflection, so it works for any client.
//
// It knows the standard library only, since its sources are copied into the module in which the clients are built.
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

// Document is what has to be known of an API to serve it.
type Document struct {
	Operations []*Operation
	Variables  []string // of server URLs, without a default
}

// Operation is an operation of the document.
type Operation struct {
	ID, Method, Path string
	Params           []Param // those that have to arrive, apart from those in the path
	Body             *Body   // nil if there is none
	Answers          []Answer
}

// String is how messages call an operation.
func (o *Operation) String() string { return o.Method + " " + o.Path }

// Param is a parameter.
type Param struct {
	In, Name string
	Spread   bool // its members are sent under their own names
}

// Body is what is said of a request body.
type Body struct {
	Required bool
	Media    []string
}

// Answer is a success in one media type. Without one it has no body.
type Answer struct {
	Status int
	Media  string
	Body   string
}

// Result is what came of a document.
type Result struct {
	Called   int // operations
	Walked   int // listings that were gone through to their end
	Problems []string
}

// New makes the client of a package for a server.
type New func(url string) (any, error)

// Main is the program that has the clients: its first argument says which of them to call, its second is a file with the
// Document. It prints the Result.
func Main(clients map[string]New) {
	if err := run(clients, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(clients map[string]New, args []string, stdout io.Writer) error {
	if len(args) != 2 || clients[args[0]] == nil {
		return fmt.Errorf("there is no such client: %q", args)
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
