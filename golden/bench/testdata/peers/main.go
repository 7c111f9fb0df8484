// Command peers decodes the same pages of audit records through clients of several generators and compares how long they
// take, after making sure that they read the same values. It is built in a module of its own, where the clients of the
// others were generated from our settled documents; see TestPeers.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/seed-1954497d/auditgen/golden/bench/internal/pages"
)

const (
	site    = "https://example.atlassian.net"
	perPage = 1000
	nPages  = 3 // that are decoded in turns, so that no client profits from having seen just this page
)

// client is a generated client whose answers come from memory.
type client struct {
	name   string
	target float64                  // how many times as fast auditgen is to be
	decode func() (int, error)      // gets a page, through all of the client
	read   func() ([]record, error) // gets a page and its values
	again  func() ([]byte, error)   // gets a page and writes it as JSON
}

// maker makes a client that sends its requests through a transport.
type maker func(http.RoundTripper) (*client, error)

// peers has the clients of the other generators; those that could be had register themselves.
var peers = map[string][]maker{}

// api is what is measured of one API.
type api struct {
	name  string
	ours  maker
	page  func(shape pages.Shape, start, n, total int) []byte
	plain func([]byte) ([]record, error)
}

var apis = []api{
	{"Confluence", oursConfluence, pages.Confluence, plainConfluence},
	{"Jira", oursJira, pages.Jira, plainJira},
}

var rounds = flag.Int("rounds", 11, "how often everything is measured; the figures are medians")

func main() {
	flag.Parse()
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	for _, a := range apis {
		for _, peer := range peers[a.name] {
			if err := a.compare(out, peer); err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
		}
	}
	return compareLines(out)
}

// memory answers every request with the next of its pages. The network is not what is compared.
type memory struct {
	pages [][]byte
	next  int
}

func (m *memory) RoundTrip(req *http.Request) (*http.Response, error) {
	data := m.pages[m.next%len(m.pages)]
	m.next++
	return &http.Response{
		StatusCode: 200, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(data)),
		Body: io.NopCloser(bytes.NewReader(data)), Request: req,
	}, nil
}

// pagesOf makes the pages that are decoded.
func (a *api) pagesOf(shape pages.Shape) [][]byte {
	var list [][]byte
	for i := range nPages {
		list = append(list, a.page(shape, i*perPage, perPage, nPages*perPage))
	}
	return list
}

// compare measures our client and one peer on the widest pages that the peer can read.
func (a *api) compare(out io.Writer, makePeer maker) error {
	served := new(memory)
	ours, err := a.ours(served)
	if err != nil {
		return err
	}
	peer, err := makePeer(served)
	if err != nil {
		return err
	}
	shape, refused := a.widest(served, peer)
	if refused != nil {
		return fmt.Errorf("%s reads no page at all: %w", peer.name, refused)
	}
	served.pages = a.pagesOf(shape)
	if err := a.sameValues(served, ours, peer); err != nil {
		return err
	}
	size := 0
	for _, p := range served.pages {
		size += len(p)
	}
	fmt.Fprintf(out, "\n%s, pages of %d records, %d bytes a record, through the public clients\n", a.name, perPage, size/perPage/nPages)
	if missing := shape.MissingFrom(); len(missing) > 0 {
		fmt.Fprintf(out, "  taken out, because %s cannot read a page with it: %s\n", peer.name, strings.Join(missing, "; "))
	} else {
		fmt.Fprintf(out, "  nothing was taken out: %s reads pages as they are served\n", peer.name)
	}
	for _, c := range []*client{ours, peer} {
		lost, err := losses(served, c)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %s: %s\n", c.name, lost)
	}
	figures, err := measure(*rounds, decodeAll, ours, peer)
	if err != nil {
		return err
	}
	figures.print(out, []string{ours.name, peer.name}, float64(size)/1e6, nPages*perPage)
	verdict(out, fmt.Sprintf("%s: speed against %s", a.name, peer.name), figures.ratio, peer.target, true)
	verdict(out, a.name+": allocations a record", figures.of[0].allocs/(nPages*perPage), 14, false)
	return nil
}

// decodeAll gets each of the pages once.
func decodeAll(c *client) error {
	for range nPages {
		n, err := c.decode()
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if n != perPage {
			return fmt.Errorf("%s read %d of %d records", c.name, n, perPage)
		}
	}
	return nil
}

// widest finds the widest pages that a client reads: as served if possible, else with as little as possible taken out.
func (a *api) widest(served *memory, c *client) (pages.Shape, error) {
	var refused error
	for out := range 4 {
		for bits := range 8 {
			shape := pages.Shape{Undocumented: bits&1 == 0, NullOperations: bits&2 == 0, ColonlessOffset: bits&4 == 0}
			if len(shape.MissingFrom()) != out {
				continue
			}
			served.pages = a.pagesOf(shape)
			if refused = decodeAll(c); refused == nil {
				return shape, nil
			}
		}
	}
	return pages.Shape{}, refused
}
