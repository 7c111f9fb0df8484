package rest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

// secret has the characters that servers write in other ways.
const secret = `ATATT3x=Ff/G"<é>&'+%_😀z=A1`

// spellings are ways in which servers repeat what they were sent.
var spellings = map[string]func(string) string{
	"as it is":             func(s string) string { return s },
	"JSON":                 func(s string) string { q, _ := json.Marshal(s); return string(q[1 : len(q)-1]) }, // there is no error
	"JSON of old Java":     func(s string) string { return escaped(s, `\u%04x`) },
	"JSON in upper case":   func(s string) string { return escaped(s, `\u%04X`) },
	"JSON within JSON":     func(s string) string { return escaped(s, `\\u%04x`) },
	"a query":              url.QueryEscape,
	"a path":               url.PathEscape,
	"all in percent":       func(s string) string { return percent(s, "%") },
	"percent in percent":   func(s string) string { return percent(s, "%25") },
	"HTML":                 html.EscapeString,
	"HTML in decimal":      func(s string) string { return entities(s, "&#%d;") },
	"HTML in hexadecimal":  func(s string) string { return entities(s, "&#x%X;") },
	"HTML within HTML":     func(s string) string { return entities(s, "&amp;#%d;") },
	"the equals sign only": func(s string) string { return strings.ReplaceAll(s, "=", `\u003d`) },
	"named entities":       func(s string) string { return strings.ReplaceAll(s, "=", "&equals;") },
}

func escaped(s, format string) string {
	var b strings.Builder
	for _, c := range s {
		if c < 0x10000 {
			fmt.Fprintf(&b, format, c)
		} else {
			fmt.Fprintf(&b, format+format, 0xd800+(c-0x10000)>>10, 0xdc00+(c-0x10000)&0x3ff)
		}
	}
	return b.String()
}

func percent(s, sign string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%s%02X", sign, c)
	}
	return b.String()
}

func entities(s, format string) string {
	var b strings.Builder
	for _, c := range s {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func TestASecretIsRedactedInAnySpelling(t *testing.T) {
	for name, spell := range spellings {
		t.Run(name, func(t *testing.T) {
			said := `before ` + spell(secret) + ` between ` + spell(secret) + ` after`
			w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(rw, said)
			}, rest.WithBearerToken(secret))
			_, err := w.GetAuditRecords(t.Context(), nil)
			var e *rest.APIError
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			if got := string(e.Body); got != "before [redacted] between [redacted] after" {
				t.Errorf("of %q there is %q", said, got)
			}
		})
	}
}

func TestASecretThatIsCutOffIsRedacted(t *testing.T) {
	for name, spell := range spellings {
		for _, end := range []int{10, 20, 40} {
			t.Run(name+" "+strconv.Itoa(end), func(t *testing.T) {
				told := spell(secret)
				said := strings.Repeat("x", rest.MaxErrorBody-min(end, len(told)-1)) + told
				w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
					rw.WriteHeader(http.StatusBadRequest)
					_, _ = io.WriteString(rw, said)
				}, rest.WithBearerToken(secret))
				_, err := w.GetAuditRecords(t.Context(), nil)
				var e *rest.APIError
				if !errors.As(err, &e) {
					t.Fatal(err)
				}
				if got := strings.TrimLeft(string(e.Body), "x"); len(got) > 6*12 || strings.Contains(got, "ATATT3x") {
					t.Errorf("there is %q", got)
				}
			})
		}
	}
}

func TestTextThatIsNoSecretStaysReadable(t *testing.T) {
	for _, said := range []string{"ATATT", `100% of \u003d & &#61; %3D`, "ATATT3x-Ff", strings.Repeat("ATATT3", 100), "%", `\`, "&", "&#", `\u00`} {
		w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(rw, said+".")
		}, rest.WithBearerToken(secret))
		_, err := w.GetAuditRecords(t.Context(), nil)
		var e *rest.APIError
		if !errors.As(err, &e) || string(e.Body) != said+"." {
			t.Errorf("of %q there is %v", said, err)
		}
	}
}

// The transport quotes headers that it cannot read.
func TestSecretsInMalformedHeadersAreRedacted(t *testing.T) {
	const token = "canary-token="
	for name, answer := range map[string]string{
		"a status line":   token + " 400 Bad\r\n\r\n",
		"a header":        "HTTP/1.1 200 OK\r\n" + token + "\r\n\r\n",
		"a length":        "HTTP/1.1 200 OK\r\nContent-Length: " + token + "\r\n\r\n",
		"an encoding":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + token + "\r\n\r\n",
		"the name":        "HTTP/1.1 400 Bad\r\n" + strings.TrimSuffix(token, "=") + ": x\r\nContent-Length: 0\r\n\r\n",
		"a chunk":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + token + "\r\n",
		"a trailer":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n0\r\n" + token + "\r\n\r\n",
		"two lengths":     "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + token + "\r\n\r\n",
		"another version": "HTTP/" + token + " 200 OK\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = conn.Read(make([]byte, 4096))
					_, _ = io.WriteString(conn, answer)
					conn.Close()
				}
			}()
			c, err := rest.NewClient("http://"+l.Addr().String(), "", nil, []rest.Option{rest.WithBearerToken(strings.TrimSuffix(token, "=")), rest.WithMaxRetries(0)})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Do(t.Context(), "GET", "/x", nil, nil)
			if err == nil {
				t.Skip("the transport takes it")
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				if text := strings.ToLower(fmt.Sprintf("%v %+v %#v", e, e, e)); strings.Contains(text, "canary-token") {
					t.Errorf("%s", text)
				}
			}
		})
	}
}

func TestErrorsHaveNoCharactersThatATerminalOrALogObeys(t *testing.T) {
	const odd = "a\x1b[2J\u009b31m\u202egnp.exe\u2028b\u200b"
	quoted := strings.NewReplacer("\x1b", `\u001b`).Replace(odd)
	w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("X-Request-Id", "id\u202e"+strings.Repeat("x", 2000))
		rw.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(rw, `{"message":"`+quoted+strings.Repeat("long ", 1000)+`"}`)
	})
	_, err := w.GetAuditRecords(t.Context(), nil)
	if err == nil {
		t.Fatal("no error")
	}
	for _, c := range err.Error() {
		if c < ' ' || c == 0x7f || c >= 0x80 && c < 0xa0 || strings.ContainsRune("\u202e\u2028\u200b", c) {
			t.Errorf("%U is in %q", c, err)
		}
	}
	if len(err.Error()) > 1000 || !strings.Contains(err.Error(), `\u202egnp.exe`) {
		t.Errorf("got %s", err)
	}
}

func TestLongRowsOfEscapesAreReadInLittleTime(t *testing.T) {
	for _, row := range []string{`\`, `\u`, `&amp;`, `&` + strings.Repeat("amp;", 16<<10), `%`, `%25`, `%` + strings.Repeat("25", 32<<10)} {
		said := strings.Repeat(row, 1+(64<<10)/len(row))[:64<<10]
		w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("X-Said", said)
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(rw, said)
		})
		started := time.Now()
		_, err := w.GetAuditRecords(t.Context(), nil)
		var e *rest.APIError
		if !errors.As(err, &e) || string(e.Body) != said {
			t.Errorf("%.8s: %.50v", row, err)
		}
		if took := time.Since(started); took > 2*time.Second {
			t.Errorf("%.8s: it took %v", row, took)
		}
	}
}
