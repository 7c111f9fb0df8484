// Program driver makes one call with a generated client, written as a user would write it:
//
//	driver URL API OPERATION
//
// Without arguments it lists its calls. A call that fails prints its error and exits with status 1.
// The server of the test answers every request with {}, so many calls fail after they are sent.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/seed-1954497d/auditgen/golden/truth/testdata/driver/confluence"
	"github.com/seed-1954497d/auditgen/golden/truth/testdata/driver/jira"
	"github.com/seed-1954497d/auditgen/golden/truth/testdata/driver/rest"
)

func newConfluence(url string) (*confluence.Client, error) {
	return confluence.NewClient(url, rest.WithBasicAuth("me@example.com", "token"))
}

func newJira(url string) (*jira.Client, error) {
	return jira.NewClient(url, rest.WithBasicAuth("me@example.com", "token"))
}

func main() {
	if len(os.Args) != 4 {
		list("confluence", confluenceCalls)
		list("jira", jiraCalls)
		return
	}
	if err := call(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// list prints the calls of an API.
func list[C any](api string, calls map[string]func(context.Context, C) error) {
	for _, operation := range slices.Sorted(maps.Keys(calls)) {
		fmt.Println(api, operation)
	}
}

func call(url, api, operation string) error {
	if api == "jira" {
		c, err := newJira(url)
		if err != nil {
			return err
		}
		return jiraCalls[operation](context.Background(), c)
	}
	c, err := newConfluence(url)
	if err != nil {
		return err
	}
	return confluenceCalls[operation](context.Background(), c)
}

// failure returns the error of a call and drops its result.
func failure[T any](_ T, err error) error { return err }
