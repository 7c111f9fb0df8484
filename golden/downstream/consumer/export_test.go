package consumer

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestTheExportIsCopied(t *testing.T) {
	w := site(t, map[string]http.HandlerFunc{"GET /audit/export": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		io.WriteString(w, "when,what\n")
	}})
	var out strings.Builder
	if err := w.Export(t.Context(), &out); err != nil || out.String() != "when,what\n" {
		t.Errorf("got %q, %v", &out, err)
	}
}
