package rest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

func TestAnUploadTravelsAsAForm(t *testing.T) {
	got := map[string]string{}
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
			return
		}
		for name, values := range r.MultipartForm.Value {
			got[name] = strings.Join(values, "|")
		}
		for name, files := range r.MultipartForm.File {
			for _, f := range files {
				content, _ := f.Open()
				data, _ := io.ReadAll(content)
				got[name] += f.Filename + "=" + string(data) + ";"
			}
		}
		rw.WriteHeader(http.StatusNoContent)
	})
	u := new(rest.Upload).Field("comment", "a\r\nb").File("file", "x\"y\r\n.txt", strings.NewReader("one")).File("file", "empty", nil).
		File("file", "b.txt", strings.NewReader("two")).Field("last", "")
	r := rest.NewRequest("POST", "/up", "")
	r.Upload(u)
	if err := rest.CallNone(t.Context(), w.rest, r, nil); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"comment": "a\r\nb", "last": "", "file": `x"y%0D%0A.txt=one;empty=;b.txt=two;`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnEmptyUploadIsNotSent(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	for name, u := range map[string]*rest.Upload{"nil": nil, "empty": {}, "a part without a name": new(rest.Upload).Field("", "x")} {
		r := rest.NewRequest("POST", "/up", "")
		r.Upload(u)
		if err := rest.CallNone(t.Context(), w.rest, r, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFilesAreSentOnceAndNotEmptyTheSecondTime(t *testing.T) {
	requests := 0
	w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
		requests++
		rw.WriteHeader(http.StatusNoContent)
	})
	send := func(u *rest.Upload) error {
		r := rest.NewRequest("POST", "/up", "")
		r.Upload(u)
		return rest.CallNone(t.Context(), w.rest, r, nil)
	}
	files := new(rest.Upload).File("file", "a.txt", strings.NewReader("one"))
	if first, second := send(files), send(files); first != nil || second == nil || requests != 1 {
		t.Errorf("files: %v, %v, %d requests", first, second, requests)
	}
	fields := new(rest.Upload).Field("a", "b")
	if first, second := send(fields), send(fields); first != nil || second != nil {
		t.Errorf("fields: %v, %v", first, second)
	}
}
