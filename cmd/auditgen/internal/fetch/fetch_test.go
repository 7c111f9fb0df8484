package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/source"
)

const document = `{"openapi": "3.0.1"}`

// serve starts a server with TLS and gives a client for it.
func serve(t *testing.T, handler http.HandlerFunc) (*Client, string) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &Client{Private: true, Roots: roots}, server.URL + "/spec.json?token=secret"
}

// failed gets a document that cannot be had and gives the text of the error, the server's address
// left out.
func failed(t *testing.T, c *Client, address string) string {
	t.Helper()
	got, err := c.Get(t.Context(), Request{URL: address})
	if err == nil {
		t.Fatalf("got %q, want an error", got.Data)
	}
	found, ok := errors.AsType[*source.Error](err)
	if !ok {
		t.Fatalf("%T is no *source.Error", err)
	}
	if found.Do == "" {
		t.Errorf("%v says nothing about what to do", err)
	}
	for inner := error(err); inner != nil; inner = errors.Unwrap(inner) {
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the query is in the error: %v", err)
		}
	}
	return strings.ReplaceAll(err.Error(), strings.TrimSuffix(address, "/spec.json?token=secret"), "https://host")
}

func compressed(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	fmt.Fprint(w, text)
	w.Close()
	return b.Bytes()
}

func TestADocumentComesWithItsValidators(t *testing.T) {
	for name, encoding := range map[string]string{"plain": "", "compressed": "gzip"} {
		c, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `W/"1"`)
			w.Header().Set("Last-Modified", "Sat, 21 Nov 2026 06:00:00 GMT")
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
				w.Write(compressed(document))
				return
			}
			fmt.Fprint(w, document)
		})
		got, err := c.Get(t.Context(), Request{URL: address})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := &Result{Data: []byte(document), ETag: `W/"1"`, LastModified: "Sat, 21 Nov 2026 06:00:00 GMT"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestWhatHasNotChangedIsNotSentAgain(t *testing.T) {
	var seen http.Header
	c, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		w.WriteHeader(http.StatusNotModified)
	})
	got, err := c.Get(t.Context(), Request{URL: address, ETag: `"1"`, LastModified: "then"})
	if err != nil || !got.Unchanged || got.Data != nil {
		t.Fatalf("got %+v, %v", got, err)
	}
	want := map[string]string{"If-None-Match": `"1"`, "If-Modified-Since": "then", "Cookie": "", "Authorization": ""}
	for name, value := range want {
		if seen.Get(name) != value {
			t.Errorf("%s: got %q, want %q", name, seen.Get(name), value)
		}
	}
	if text := failed(t, c, address); text != "https://host/spec.json: the server answers 304 Not Modified, which is no document: check the url" {
		t.Errorf("a 304 that nobody asked for: %s", text)
	}
	// What cannot stand in a header, from a lock that was tampered with, is not sent.
	if _, err := c.Get(t.Context(), Request{URL: address, ETag: "\"1\"\r\nX-Evil: 1"}); err == nil || seen.Get("If-None-Match") != "" {
		t.Errorf("sent If-None-Match %q, error %v", seen.Get("If-None-Match"), err)
	}
}

var answers = map[string]struct {
	answer http.HandlerFunc
	want   string
}{
	"not found": {func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) },
		"the server answers 404 Not Found: look up where the document lies now, and correct the url"},
	"forbidden": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(403) },
		"the server answers 403 Forbidden: auditgen sends no credentials: name a public url, or save the document by hand and leave the url out"},
	"too many requests": {func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Retry-After", "90"); w.WriteHeader(429) },
		"the server answers 429 Too Many Requests: try again in 1m30s"},
	"broken server": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(502) },
		"the server answers 502 Bad Gateway: try again later"},
	"no content": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) },
		"the server answers 204 No Content, which is no document: check the url"},
	"empty": {func(w http.ResponseWriter, r *http.Request) {}, "the document is empty: try again later, or check the url"},
	"login page": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	},
		"the answer is a web page, not the document: open the url in a browser: if it asks for a login, name a public url"},
	"login page that says it is JSON": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "\n<!doctype html><title>Log in</title>")
	}, "the answer is a web page, not the document: open the url in a browser: if it asks for a login, name a public url"},
	"shorter than announced": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, document)
	}, "the answer was cut off or damaged on its way: try again"},
	"a chunk is cut off": {func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, document)
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}, "the answer was cut off or damaged on its way: try again"},
	"the compression is cut off": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(compressed(document)[:20])
	}, "the answer was cut off or damaged on its way: try again"},
	"no compression at all": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		fmt.Fprint(w, document)
	}, "the answer was cut off or damaged on its way: try again"},
	"another compression": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		fmt.Fprint(w, document)
	}, `the answer is encoded as "br", which was not asked for: name the url of another server`},
	"too large": {func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, strings.Repeat(" ", 2000)) },
		"larger than the limit of 1000 bytes: name a smaller document"},
	"too large when it is unpacked": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(compressed(strings.Repeat(" ", 200_000)))
	}, "larger than the limit of 1000 bytes: name a smaller document"},
	"changed, by Content-MD5": {func(w http.ResponseWriter, r *http.Request) {
		sum := md5.Sum([]byte("another"))
		w.Header().Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
		fmt.Fprint(w, document)
	}, "the document is not the one that the header Content-MD5 announces: it may have changed while it was sent: try again"},
	"changed, by Repr-Digest": {func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte("another"))
		w.Header().Set("Repr-Digest", "sha-512=:AAAA:, sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
		fmt.Fprint(w, document)
	}, "the document is not the one that the header Repr-Digest announces: it may have changed while it was sent: try again"},
	"redirected to another host": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://example.com/spec.json?token=secret", http.StatusFound)
	}, "redirected to https://example.com/spec.json, another origin: if the document has moved there, correct the url in the configuration"},
	"redirected to plain http": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.Host+"/spec.json", http.StatusMovedPermanently)
	}, "redirected to http://HOST/spec.json, another origin: if the document has moved there, correct the url in the configuration"},
	"redirected to a private address": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://169.254.169.254/latest", http.StatusTemporaryRedirect)
	}, "redirected to https://169.254.169.254/latest, another origin: if the document has moved there, correct the url in the configuration"},
	"redirected with a password": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://me:secret@"+r.Host+"/spec.json", http.StatusFound)
	}, "redirected to https://host/spec.json, another origin: if the document has moved there, correct the url in the configuration"},
	"redirected for ever": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) },
		"redirected more than 5 times: look up where the document lies, and correct the url"},
	"an answer that never begins": {func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"no answer: it took too long: check the network and the url, or try again later"},
	"an answer that stops": {func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, document)
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}, "no answer: no byte came for 100ms: check the network and the url, or try again later"},
	"an answer that never ends": {func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			fmt.Fprint(w, " ")
			http.NewResponseController(w).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	}, "no answer: it took longer than 500ms: check the network and the url, or try again later"},
}

func TestAnAnswerThatIsNoWholeDocumentIsAnError(t *testing.T) {
	for name, c := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, address := serve(t, c.answer)
			client.Limits = Limits{Bytes: 1000, Header: time.Minute, Idle: time.Minute, Whole: time.Minute}
			switch name {
			case "an answer that never begins":
				client.Limits.Header = 100 * time.Millisecond
			case "an answer that stops":
				client.Limits.Idle = 100 * time.Millisecond
			case "an answer that never ends":
				client.Limits.Whole = 500 * time.Millisecond
			}
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(failed(t, client, address), u.Host, "HOST")
			if want := "https://host/spec.json: " + c.want; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestADigestThatAgreesOrIsUnknownIsNoTrouble(t *testing.T) {
	sum := sha256.Sum256([]byte(document))
	whole := base64.StdEncoding.EncodeToString(sum[:])
	for _, digest := range []string{"SHA-256=" + whole, "sha-256=:" + whole + ":", "unixsum=30637", "sha-256=nonsense", ""} {
		c, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Digest", digest)
			fmt.Fprint(w, document)
		})
		if _, err := c.Get(t.Context(), Request{URL: address}); err != nil {
			t.Errorf("%q: %v", digest, err)
		}
	}
}

func TestAFailedConnectionIsToldWithoutTheWordsOfTheNetworkLibrary(t *testing.T) {
	dial := func(err error) error {
		return &url.Error{Op: "Get", URL: "https://example.com/?token=secret", Err: &net.OpError{Op: "dial", Net: "tcp", Err: err}}
	}
	for want, err := range map[string]error{
		`no answer: there is no host "api.test"`:                              dial(&net.DNSError{Err: "no such host", Name: "api.test", Server: "192.0.2.53:53", IsNotFound: true}),
		`no answer: the host "api.test" cannot be looked up`:                  dial(&net.DNSError{Err: "server misbehaving", Name: "api.test", Server: "192.0.2.53:53"}),
		"no answer: the connection is refused":                                dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)),
		"no answer: the server closed the connection":                         dial(io.EOF),
		"no answer: the server's certificate is for another host":             dial(&tls.CertificateVerificationError{Err: x509.HostnameError{Host: "api.test"}}),
		"no answer: the server's certificate has expired or is not valid yet": dial(&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}),
		"no answer: it took too long":                                         dial(os.ErrDeadlineExceeded),
	} {
		if got := unreachable(t.Context(), err).what; got != want {
			t.Errorf("%v\n got %s\nwant %s", err, got, want)
		}
	}
}

func TestARedirectWithinTheOriginIsFollowed(t *testing.T) {
	c, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/spec.json" {
			http.Redirect(w, r, "/moved.json", http.StatusFound)
			return
		}
		fmt.Fprint(w, document)
	})
	if got, err := c.Get(t.Context(), Request{URL: address}); err != nil || string(got.Data) != document {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAServerThatIsDownIsAnError(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	address := server.URL + "/spec.json?token=secret"
	server.Close()
	if text := failed(t, &Client{Private: true}, address); !strings.Contains(text, "no answer: the connection is refused") {
		t.Errorf("the error is %s", text)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&Client{Private: true}).Get(ctx, Request{URL: address}); err == nil || !strings.Contains(err.Error(), "interrupted: run the command again") {
		t.Errorf("after an interrupt the error is %v", err)
	}
}

func TestACertificateThatNobodyVouchesForIsAnError(t *testing.T) {
	c, address := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, document) })
	c.Roots = nil
	if text := failed(t, c, address); !strings.Contains(text, "no answer: the server's certificate is not signed by an authority that this machine trusts") {
		t.Errorf("the error is %s", text)
	}
}

func TestOnlyCertainURLsAreFetched(t *testing.T) {
	for address, want := range map[string][2]string{ // what is wrong with it, by default and with private addresses
		"https://example.com/a.json":    {},
		"https://1.1.1.1/a.json":        {},
		"https://[2606:4700::1]/a.json": {},
		"http://example.com/a.json":     {"only https", "only https"},
		"http://localhost:8080/a.json":  {"only https", ""},
		"http://10.0.0.1/a.json":        {"only https", "only https"},
		"ftp://example.com/a.json":      {"only https", "only https"},
		"file:///etc/passwd":            {"no host", "no host"},
		"/a.json":                       {"no host", "no host"},
		"https:a.json":                  {"no host", "no host"},
		"https://a:b@example.com/":      {"user name", "user name"},
		"https://exa mple.com/":         {"no URL", "no URL"},
		"https://localhost/a":           {"this machine", ""},
		"https://LOCALHOST./a":          {"this machine", ""},
		"https://a.localhost/a":         {"this machine", ""},
		"https://127.1.2.3/a":           {"this machine", ""},
		"https://[::1]/a":               {"this machine", ""},
		"https://[::ffff:127.0.0.1]/a":  {"this machine", ""},
		"https://169.254.169.254/a":     {"no public address", ""},
		"https://[fe80::1%25eth0]/a":    {"no public address", ""},
		"https://2130706433/a":          {"another spelling", ""},
		"https://0x7f000001/a":          {"another spelling", ""},
		"https://0x7f.1/a":              {"another spelling", ""},
		"https://127.1/a":               {"another spelling", ""},
		"https://0177.0.0.1/a":          {"another spelling", ""},
		"https://a.1./a":                {"another spelling", ""},
		"https://１２７.0.0.1/a":           {"not ASCII", ""},
		"https://127。0。0。1/a":           {"not ASCII", ""},
		"https://1.example.com/a":       {"", ""},
		"https://xn--mnchen-3ya.de/a":   {"", ""},
	} {
		for i, private := range []bool{false, true} {
			_, err := CheckURL(address, private)
			if want[i] == "" && err != nil || want[i] != "" && (err == nil || !strings.Contains(err.Error(), want[i])) {
				t.Errorf("%s, private %v: got %v, want %q", address, private, err, want[i])
			}
		}
	}
}

func TestOnlyPublicAddressesAreConnectedTo(t *testing.T) {
	for text, public := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "64:ff9b::808:808": true, "2002:808:808::1": true, "172.32.0.1": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"100.100.100.200": false, "168.63.129.16": false, "0.0.0.0": false, "0.1.2.3": false, "192.0.0.170": false, "198.18.0.1": false,
		"224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false, "192.0.2.1": false, "::": false, "::1": false, "::7f00:1": false,
		"::ffff:10.0.0.1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "fec0::1": false, "ff02::1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::808:808": false, "2002:a00:1::1": false, "2001::1": false, "2001:db8::1": false,
		"::ffff:0:7f00:1": false, "::ffff:0:a9fe:a9fe": false, "::ffff:0:808:808": false, "64:ff9b:2::1": false, "4000::1": false, "1::1": false,
	} {
		if err := checkAddress(netip.MustParseAddr(text)); (err == nil) != public {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAProxyThatIsNoURLIsRefusedInsteadOfGoneAround(t *testing.T) {
	for text, good := range map[string]bool{"": true, "http://proxy.example:3128": true, "proxy.example:3128": true, "socks5://u:p@proxy.example": true,
		"http://proxy example:1": false, "http://[::1": false, "htp://proxy.example:1": false, "http://": false, "http://proxy.example:port": false, "://": false, "\x7f": false} {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
			t.Run(name+"="+text, func(t *testing.T) {
				t.Setenv(name, text)
				_, err := new(Client).transport(&url.URL{Scheme: "https", Host: "example.com"}, Limits{}.orUsual())
				if (err == nil) != good || err != nil && !strings.Contains(err.Error(), "a proxy that is no URL") {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// A name is looked up once more for the connection: what counts is where that leads.
func TestANameThatLeadsToAPrivateAddressIsRefusedWhenItIsDialled(t *testing.T) {
	server := httptest.NewServer(nil)
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	for _, private := range []bool{false, true} {
		transport, err := (&Client{Private: private}).transport(&url.URL{Scheme: "https", Host: "example.com"}, Limits{}.orUsual())
		if err != nil {
			t.Fatal(err)
		}
		conn, err := transport.DialContext(t.Context(), "tcp", "localhost:"+port)
		if err == nil {
			conn.Close()
		}
		if refused := err != nil && strings.Contains(err.Error(), "no public address"); refused == private {
			t.Errorf("private addresses %v: %v", private, err)
		}
	}
}

// The proxy of this test listens at a private address, as most do, and leads every host to the test
// server.
func TestAProxyMayHaveAPrivateAddressAndLooksUpTheHostItself(t *testing.T) {
	c, address := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, document) })
	server, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var asked string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.Host
		there, err := net.Dial("tcp", server.Host)
		if err != nil {
			return
		}
		defer there.Close()
		w.WriteHeader(http.StatusOK)
		here, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer here.Close()
		go io.Copy(there, buffered)
		io.Copy(here, there)
	}))
	defer proxy.Close()
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	c.Private, c.proxy = false, http.ProxyURL(at)
	got, err := c.Get(t.Context(), Request{URL: "https://example.com/spec.json"}) // the certificate of test servers is one of example.com
	if err != nil || string(got.Data) != document || asked != "CONNECT example.com:443" {
		t.Errorf("got %v, %v; the proxy was asked for %q", got, err, asked)
	}
	if text := failed(t, c, "https://10.0.0.1/spec.json"); !strings.Contains(text, "no public address") {
		t.Errorf("a private address behind a proxy: %s", text)
	}
}

func TestSecretsOfAURLAreNotShown(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.com/a?token=secret#secret": "https://example.com/a",
		"https://me:secret@example.com/a":           "https://example.com/a",
		"https://me:secret@exa mple.com/a?secret":   "exa mple.com/a",
		"a?secret": "a",
	} {
		if got := Shown(text); got != want {
			t.Errorf("Shown(%q) = %q, want %q", text, got, want)
		}
	}
}
