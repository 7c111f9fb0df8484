package mock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/spec"
)

// Server is a running mock. It is safe for concurrent use.
type Server struct {
	// URL is the address of the server, such as http://127.0.0.1:41231. It is the base of all its
	// documents.
	URL string

	handler *handler
	http    *http.Server
	client  *http.Client
	stopped chan struct{} // closed when the server has stopped accepting
}

// Confluence starts a mock of the audit log of Confluence Cloud from the documents embedded in
// auditgen.
func Confluence(opts ...Option) (*Server, error) { return embedded("confluence", opts) }

// Jira starts a mock of the audit log of Jira Cloud from the documents embedded in auditgen.
func Jira(opts ...Option) (*Server, error) { return embedded("jira", opts) }

func embedded(name string, opts []Option) (*Server, error) {
	doc, err := settledOnce(name)
	if err != nil {
		return nil, err
	}
	return New(doc, opts...)
}

// settledOnce returns the settled document of an embedded API. All servers share it; nothing
// changes it.
func settledOnce(name string) (*settled.Document, error) {
	once, _ := embeddedOnce.LoadOrStore(name, sync.OnceValues(func() (*settled.Document, error) { return settleEmbedded(name) }))
	return once.(func() (*settled.Document, error))()
}

var embeddedOnce sync.Map // func() (*settled.Document, error) by name of API

func settleEmbedded(name string) (*settled.Document, error) {
	for _, api := range spec.APIs() {
		if api.Name != name {
			continue
		}
		in := generator.Input{Package: api.Package}
		for _, s := range api.Sources {
			file, err := spec.Read(s)
			if err != nil {
				return nil, fmt.Errorf("mock: %w", err)
			}
			in.Sources = append(in.Sources, generator.SourceInput{Kind: s.Kind, BasePath: s.BasePath, File: file})
		}
		return settledOf(in)
	}
	return nil, fmt.Errorf("mock: auditgen has no documents about %q", name)
}

// Document is what a mock can be made from: the text of a Swagger 2.0 or OpenAPI 3 document, which
// may be incomplete; a loaded document; or documents settled by the generator, which it serves side
// by side.
type Document interface {
	[]byte | *openapi3.T | *settled.Document | []*settled.Document
}

// New starts a mock of any document. Operations of the audit logs of Confluence and Jira,
// identified by method and path, behave as the real ones do. All others are answered from their
// schemas. An error about a document is a source.Errors. Do not change a loaded or settled document
// afterwards.
func New[D Document](document D, opts ...Option) (*Server, error) {
	set, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	docs, err := settle(document)
	if err != nil {
		return nil, err
	}
	h, err := newHandler(docs, set)
	if err != nil {
		return nil, err
	}
	return start(h, set)
}

// settle converts the argument of New to settled documents.
func settle(document any) ([]*settled.Document, error) {
	var data []byte
	switch d := document.(type) {
	case []*settled.Document:
		if len(d) == 0 {
			return nil, errors.New("mock: there is no document to serve")
		}
		return d, nil
	case *settled.Document:
		return []*settled.Document{d}, nil
	case *openapi3.T:
		var err error
		if data, err = json.Marshal(d); err != nil {
			return nil, fmt.Errorf("mock: the document cannot be written: %w", err)
		}
	case []byte:
		data = d
	}
	file := source.File{Name: "document", Data: data}
	doc, err := settledOf(generator.Input{Package: "mock", Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: file}}})
	if err != nil {
		return nil, err
	}
	return []*settled.Document{doc}, nil
}

// settledOf returns the settled document of sources.
func settledOf(in generator.Input) (*settled.Document, error) {
	in.Until = generator.Settled
	out, err := generator.Generate(in)
	if err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	return out.Document, nil
}

// Limits of the server. An export has no time limit, but each part of it has writeTimeout.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	maxBody       = 8 << 20
)

// start serves a handler on a socket, or in memory.
func start(h *handler, set *settings) (*Server, error) {
	s := &Server{handler: h, stopped: make(chan struct{}), http: &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0)}}
	var l net.Listener
	if set.inMemory {
		pipe := newPipeListener()
		s.URL = "http://127.0.0.1" // never connected to
		s.client = &http.Client{Transport: &http.Transport{DialContext: pipe.dial}}
		l = pipe
	} else {
		var err error
		if l, err = net.Listen("tcp", set.address); err != nil {
			return nil, &listenError{set.address, err}
		}
		s.URL = "http://" + reachable(l.Addr())
		s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	}
	go func() {
		defer close(s.stopped)
		_ = s.http.Serve(l) // returns when the server is closed
	}()
	return s, nil
}

// listenError reports an address at which the mock cannot listen. The cause has the text of the
// system.
type listenError struct {
	address string
	cause   error
}

func (e *listenError) Error() string {
	return "mock: cannot listen at " + e.address + ": it is in use or not an address of this machine: use another address, or port 0 for any free port"
}

func (e *listenError) Unwrap() error { return e.cause }

// reachable returns an address at which this computer reaches the listener.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
}

// IsLocal reports whether only this computer can reach an address such as 127.0.0.1:8080. It
// returns an error if the address is malformed.
func IsLocal(address string) (bool, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false, fmt.Errorf("mock: %w", err)
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback(), nil
}

// Handler returns the mock as a handler, for your own server or for tests without one.
func (s *Server) Handler() http.Handler { return s.handler }

// Client returns a client that reaches the server. It adds no credentials.
func (s *Server) Client() *http.Client { return s.client }

// SetFaults changes the faults, starting with the next request.
func (s *Server) SetFaults(f Faults) { s.handler.faults.Store(&f) }

// SetScript replaces the script, starting with the next request, which counts as 0. nil removes it.
// [Faults] stay active for requests that the script leaves honest.
func (s *Server) SetScript(script Script) { s.handler.play(script) }

// Close stops the server and aborts running requests.
func (s *Server) Close() {
	_ = s.http.Close() // the listener and connections are discarded
	s.client.CloseIdleConnections()
	<-s.stopped
}

// Shutdown stops the server after running requests are answered. If the context ends first, they
// are aborted and the error is the context's.
func (s *Server) Shutdown(ctx context.Context) error {
	s.client.CloseIdleConnections()
	err := s.http.Shutdown(ctx)
	s.Close()
	return err
}
