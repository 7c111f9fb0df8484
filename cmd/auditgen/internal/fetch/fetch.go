// Package fetch gets one document from one URL, if it has changed. It is the only package of
// auditgen that uses the network.
//
// A URL comes from a configuration, which may have been written by anybody, and an answer from a
// server that may be anybody's. So: https only, redirects within the same origin only, no address
// that is not public (looked at when the connection is made, so that a name that changes its mind
// does not help), no cookies, no credentials, and limits on bytes and times. Client.Private lifts
// the rules on addresses and allows plain http for loopback, for servers of one's own.
//
// The proxy of the environment (HTTPS_PROXY, NO_PROXY) is used, since many companies have no other
// way out. It may have any address: whoever sets the environment may choose. What lies behind a
// proxy is looked up by the proxy; then only hosts that are written as an address or as localhost
// are checked here.
//
// An answer is whole or an error: its length, the end of its compression and the digests that the
// server sends (Content-MD5, Digest, Content-Digest, Repr-Digest) must agree, and a web page is no
// document. Nothing is asked a second time to see whether the document has changed meanwhile: one
// answer is one state of it.
package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Client gets documents. The zero value has the limits of Limits and refuses private addresses. It
// is safe for concurrent use once its fields are set.
type Client struct {
	Private   bool           // private addresses, and plain http for loopback
	UserAgent string         // who asks
	Limits    Limits         // what is zero has the usual limit
	Roots     *x509.CertPool // whom to trust; nil for those of the system

	proxy func(*http.Request) (*url.URL, error) // instead of that of the environment, which is read once a process
}

// Limits bound one Get.
type Limits struct {
	Bytes   int64         // of the document, decompressed or not; 64 MiB
	Connect time.Duration // until there is a connection, and again for TLS; 10 s
	Header  time.Duration // until the answer begins; 30 s
	Idle    time.Duration // without a byte of the body; 30 s
	Whole   time.Duration // everything; 5 min
}

func (l Limits) orUsual() Limits {
	return Limits{
		Bytes:   cmp.Or(l.Bytes, source.MaxBytes),
		Connect: cmp.Or(l.Connect, 10*time.Second),
		Header:  cmp.Or(l.Header, 30*time.Second),
		Idle:    cmp.Or(l.Idle, 30*time.Second),
		Whole:   cmp.Or(l.Whole, 5*time.Minute),
	}
}

// Request is a document to get. With a validator of what is here already, the server may answer
// that nothing has changed.
type Request struct {
	URL          string
	ETag         string // as the server gave it; may be empty
	LastModified string // as the server gave it; may be empty
	Page         bool   // the document may be a web page
}

// Result is what came of a request. Data holds the very bytes of the document, decompressed.
type Result struct {
	Unchanged    bool // then the rest is empty
	Data         []byte
	ETag         string
	LastModified string
}

// maxRedirects is more than a document on its own server needs.
const maxRedirects = 5

// Get gets a document. The error is a *source.Error that names the URL without its query and says
// what to do.
func (c *Client) Get(ctx context.Context, r Request) (*Result, error) {
	limits := c.Limits.orUsual()
	target, err := CheckURL(r.URL, c.Private)
	if err != nil {
		return nil, &source.Error{Where: Shown(r.URL), What: err.Error(), Do: "correct the url in the configuration; give --allow-private if it is a server of your own"}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limits.Whole, fmt.Errorf("it took longer than %v", limits.Whole))
	defer cancel()
	result, err := c.get(ctx, target, r, limits)
	if err == nil {
		return result, nil
	}
	found, ok := errors.AsType[*failure](err)
	if !ok {
		found = unreachable(ctx, err)
	}
	return nil, &source.Error{Where: Shown(r.URL), What: found.what, Do: found.do, Err: err}
}

// failure is an answer that is not a document.
type failure struct{ what, do string }

func (f *failure) Error() string { return f.what }

func failf(do, format string, args ...any) error { return &failure{fmt.Sprintf(format, args...), do} }

// unreachable tells what a failed connection means. Errors of net/http name the whole URL, query
// included, so only their cause is told.
func unreachable(ctx context.Context, err error) *failure {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	if cause := context.Cause(ctx); cause != nil {
		if errors.Is(cause, context.Canceled) {
			return &failure{"interrupted", "run the command again"}
		}
		err = cause
	}
	return &failure{"no answer: " + plainly(err), "check the network and the url, or try again later"}
}

// plainly says in our words why a connection failed. Rare errors keep the words of the system.
func plainly(err error) string {
	if lookup, ok := errors.AsType[*net.DNSError](err); ok && lookup.IsNotFound {
		return fmt.Sprintf("there is no host %q", lookup.Name)
	} else if ok {
		return fmt.Sprintf("the host %q cannot be looked up", lookup.Name)
	}
	if late, ok := errors.AsType[net.Error](err); ok && late.Timeout() {
		return "it took too long"
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "the server closed the connection"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection is refused"
	}
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return distrusted(bad.Err)
	}
	if call, ok := errors.AsType[*os.SyscallError](err); ok {
		return call.Err.Error()
	}
	return err.Error()
}

// distrusted says what is wrong with the certificate of a server.
func distrusted(err error) string {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the server's certificate is for another host"
	}
	if bad, ok := errors.AsType[x509.CertificateInvalidError](err); ok && bad.Reason == x509.Expired {
		return "the server's certificate has expired or is not valid yet"
	}
	return "the server's certificate is not signed by an authority that this machine trusts"
}

func (c *Client) get(ctx context.Context, target *url.URL, r Request, limits Limits) (*Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", cmp.Or(c.UserAgent, "auditgen"))
	req.Header.Set("Accept", "application/json, application/yaml, text/plain, */*;q=0.5")
	if r.Page {
		req.Header.Set("Accept", "text/html, text/markdown, text/plain, */*;q=0.5")
	}
	req.Header.Set("Accept-Encoding", "gzip")
	conditional := validators(req.Header, r)
	transport, err := c.transport(target, limits)
	if err != nil {
		return nil, err
	}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport, CheckRedirect: sameOrigin}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotModified && conditional {
		return &Result{Unchanged: true}, nil
	}
	if err := refused(resp, r.Page); err != nil {
		return nil, err
	}
	data, err := readBody(resp, limits, r.Page, cancel)
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause // a server may end its answer in good form when the connection is given up
	}
	if err != nil {
		return nil, err
	}
	return &Result{Data: data, ETag: validator(resp.Header, "ETag"), LastModified: validator(resp.Header, "Last-Modified")}, nil
}

// validators makes a request conditional, and reports whether it is.
func validators(h http.Header, r Request) bool {
	if plain(r.ETag) {
		h.Set("If-None-Match", r.ETag)
	}
	if plain(r.LastModified) {
		h.Set("If-Modified-Since", r.LastModified)
	}
	return h.Get("If-None-Match") != "" || h.Get("If-Modified-Since") != ""
}

// validator returns a validator of an answer, if it is one that can be sent back.
func validator(h http.Header, name string) string {
	if value := h.Get(name); plain(value) {
		return value
	}
	return ""
}

// maxValidator is far more than any ETag has.
const maxValidator = 1024

// plain reports whether text can stand in a header and in a lock: printable ASCII, and not much of
// it.
func plain(s string) bool {
	return s != "" && len(s) <= maxValidator && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// sameOrigin refuses redirects to another scheme, host or port.
func sameOrigin(req *http.Request, via []*http.Request) error {
	from := via[0].URL
	switch {
	case len(via) > maxRedirects:
		return failf("look up where the document lies, and correct the url", "redirected more than %d times", maxRedirects)
	case origin(req.URL) != origin(from) || req.URL.User != nil:
		return failf("if the document has moved there, correct the url in the configuration", "redirected to %s, another origin", Shown(req.URL.String()))
	}
	return nil
}

// origin is scheme, host and port, as they are compared.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
