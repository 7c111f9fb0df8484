package runtime

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestADownloadStreams(t *testing.T) {
	const size = 3 << 20
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/csv")
		rw.Header().Set("Content-Disposition", `attachment; filename="../audit log.csv"`)
		rw.Header().Set("Content-Length", "3145728")
		_, _ = io.WriteString(rw, strings.Repeat("x", size))
	}, WithMaxResponseBytes(10))
	var resp Response
	d, err := w.ExportAuditRecords(t.Context(), WithResponse(&resp))
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
	empty := new(Download)
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
	var api *APIError
	if d, err := w.ExportAuditRecords(t.Context()); !errors.Is(err, ErrNotJSON) || !errors.As(err, &api) || string(api.Body) != "<html>" || d != nil {
		t.Errorf("%v %v", d, err)
	}
}

func TestFileNamesAreSafe(t *testing.T) {
	for disposition, want := range map[string]string{
		``:                               ``,
		`attachment`:                     ``,
		`;;`:                             ``,
		`attachment; filename=audit.csv`: `audit.csv`,
		`attachment; filename="a b.csv"`: `a b.csv`,
		`attachment; filename*=UTF-8''%c3%bc.csv`:                 `ü.csv`,
		`attachment; filename="/etc/passwd"`:                      `passwd`,
		`attachment; filename="..\\..\\x.exe"`:                    `x.exe`,
		`attachment; filename=".."`:                               ``,
		`attachment; filename="..."`:                              ``,
		`attachment; filename=".bashrc"`:                          `bashrc`,
		`attachment; filename="a/"`:                               ``,
		`attachment; filename="con.txt"`:                          `_con.txt`,
		`attachment; filename="LPT1"`:                             `_LPT1`,
		`attachment; filename="a:b|c?.csv"`:                       `abc.csv`,
		`attachment; filename*=UTF-8''a%00%0a%E2%80%AEb`:          `ab`,
		`attachment; filename="` + strings.Repeat("ü", 500) + `"`: strings.Repeat("ü", 100),
	} {
		if got := fileName(disposition); got != want {
			t.Errorf("%s: got %q, want %q", disposition, got, want)
		}
	}
}
