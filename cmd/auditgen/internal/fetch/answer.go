package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// refused tells why an answer holds no document, by its status and type.
func refused(resp *http.Response, page bool) error {
	status := fmt.Sprintf("the server answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	switch code := resp.StatusCode; {
	case code == http.StatusOK:
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusProxyAuthRequired:
		return failf("auditgen sends no credentials: name a public url, or save the document by hand and leave the url out", "%s", status)
	case code == http.StatusNotFound, code == http.StatusGone:
		return failf("look up where the document lies now, and correct the url", "%s", status)
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "":
		return failf("try again "+later(resp.Header.Get("Retry-After")), "%s", status)
	case code >= 500:
		return failf("try again later", "%s", status)
	default:
		return failf("check the url", "%s, which is no document", status)
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil && !page && (kind == "text/html" || kind == "application/xhtml+xml") {
		return webPage()
	}
	return nil
}

func webPage() error {
	return failf("open the url in a browser: if it asks for a login, name a public url", "the answer is a web page, not the document")
}

// later says when to try again, in the words of Retry-After if they make sense.
func later(after string) string {
	seconds, err := time.ParseDuration(after + "s")
	if err == nil && seconds > 0 && seconds < 24*time.Hour {
		return "in " + seconds.String()
	}
	return "later"
}

// readBody reads the document of an answer. It is an error if it is cut off, larger than the limit,
// or not what the digests in the header say. While no byte comes for too long, stop is called.
func readBody(resp *http.Response, limits Limits, page bool, stop context.CancelCauseFunc) ([]byte, error) {
	watched := &watchedReader{r: resp.Body, idle: limits.Idle}
	watched.timer = time.AfterFunc(limits.Idle, func() {
		stop(fmt.Errorf("no byte came for %v", limits.Idle))
	})
	defer watched.timer.Stop()
	raw, err := readAtMost(watched, limits.Bytes)
	if err != nil {
		return nil, err
	}
	if resp.ContentLength >= 0 && resp.ContentLength != int64(len(raw)) {
		return nil, cutOff()
	}
	if err := checkDigests(resp.Header, raw); err != nil {
		return nil, err
	}
	data, err := decode(resp.Header.Get("Content-Encoding"), raw, limits.Bytes)
	if err != nil {
		return nil, err
	}
	head := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(head) == 0:
		return nil, failf("try again later, or check the url", "the document is empty")
	case head[0] == '<' && !page:
		return nil, webPage()
	}
	return data, nil
}

// watchedReader winds the timer with each byte that comes.
type watchedReader struct {
	r     io.Reader
	timer *time.Timer
	idle  time.Duration
}

func (w *watchedReader) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if n > 0 {
		w.timer.Reset(w.idle)
	}
	return n, err
}

func readAtMost(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return nil, cutOff()
	case err != nil:
		return nil, err
	case int64(len(data)) > most:
		return nil, failf("name a smaller document", "larger than the limit of %d bytes", most)
	}
	return data, nil
}

func cutOff() error {
	return failf("try again", "the answer was cut off or damaged on its way")
}

// decode undoes the compression that was asked for.
func decode(encoding string, raw []byte, most int64) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
	default:
		return nil, failf("name the url of another server", "the answer is encoded as %q, which was not asked for", encoding)
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, cutOff()
	}
	return readAtMost(r, most)
}

// checkDigests compares an answer with the digests of it that stand in its header. Algorithms that
// are not known here, and values that make no sense, are passed over: they promise nothing.
func checkDigests(h http.Header, raw []byte) error {
	md5Sum, sha256Sum := md5.Sum(raw), sha256.Sum256(raw) // MD5 is sent against accidents, and taken for no more
	hashes := map[string][]byte{"md5": md5Sum[:], "sha-256": sha256Sum[:]}
	if !agrees(h.Get("Content-MD5"), md5Sum[:]) {
		return changed("Content-MD5")
	}
	for _, name := range []string{"Digest", "Content-Digest", "Repr-Digest"} {
		for one := range strings.SplitSeq(strings.Join(h.Values(name), ","), ",") {
			algorithm, value, _ := strings.Cut(strings.TrimSpace(one), "=")
			sum, known := hashes[strings.ToLower(algorithm)]
			if known && !agrees(strings.Trim(value, ":"), sum) {
				return changed(name)
			}
		}
	}
	return nil
}

func changed(header string) error {
	return failf("it may have changed while it was sent: try again", "the document is not the one that the header %s announces", header)
}

// agrees reports whether a digest, in base64, is the given one. What is not a digest disagrees with
// nothing.
func agrees(digest string, sum []byte) bool {
	want, err := base64.StdEncoding.DecodeString(digest)
	if err != nil || len(want) != len(sum) {
		return true
	}
	return subtle.ConstantTimeCompare(want, sum) == 1
}
