package rest_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

func TestADownloadStreams(t *testing.T) {
	const size = 3 << 20
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/csv")
		rw.Header().Set("Content-Disposition", `attachment; filename="../audit log.csv"`)
		rw.Header().Set("Content-Length", "3145728")
		_, _ = io.WriteString(rw, strings.Repeat("x", size))
	}, rest.WithMaxResponseBytes(10))
	var resp rest.Response
	d, err := w.ExportAuditRecords(t.Context(), rest.WithResponse(&resp))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, d)
	if err != nil || n != size || d.Length != size || d.ContentType != "text/csv" || d.FileName != "audit log.csv" || resp.StatusCode != 200 {
		t.Errorf("%d bytes, %v: %+v", n, err, d)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	empty := new(rest.Download)
	if n, err := empty.Read(nil); n != 0 || err != io.EOF || empty.Close() != nil {
		t.Error("an empty download is not empty")
	}
}

func TestADownloadThatBreaksOffIsAnError(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/csv")
		resetInBody(rw, r)
	})
	d, err := w.ExportAuditRecords(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.Length != -1 {
		t.Errorf("length %d", d.Length)
	}
	data, err := io.ReadAll(d)
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(data) == 0 || !strings.HasPrefix(err.Error(), "GET /wiki/rest/api/audit/export: ") {
		t.Errorf("%q %v", data, err)
	}
}

func TestALoginPageIsNoDownload(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(rw, "<html>")
	})
	var api *rest.APIError
	if d, err := w.ExportAuditRecords(t.Context()); !errors.Is(err, rest.ErrNotJSON) || !errors.As(err, &api) || string(api.Body) != "<html>" || d != nil {
		t.Errorf("%v %v", d, err)
	}
}

func TestASuccessWithoutTheContentIsNoDownload(t *testing.T) {
	for status, want := range map[int]string{202: "the content is not ready", 204: "there is no content", 205: "there is no content", 206: "a part of the content"} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Type", "text/csv")
				rw.WriteHeader(status)
			})
			d, err := w.ExportAuditRecords(t.Context())
			var e *rest.APIError
			if d != nil || !errors.As(err, &e) || e.StatusCode != status || !errors.Is(err, rest.ErrNotJSON) || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("%v, %v", d, err)
			}
			if status != 206 {
				return
			}
			if d, err = w.ExportAuditRecords(t.Context(), rest.WithHeader("Range", "bytes=0-")); err != nil {
				t.Fatalf("a part that was asked for: %v", err)
			}
			d.Close()
		})
	}
}
