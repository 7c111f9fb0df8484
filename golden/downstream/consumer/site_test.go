package consumer

import (
	"io"
	"os"
	"testing"
	"time"
)

// TestAgainstASite talks to a site, or to a server of auditgen mock, if AUDIT_SITE has its address.
func TestAgainstASite(t *testing.T) {
	address := os.Getenv("AUDIT_SITE")
	if address == "" {
		t.Skip("AUDIT_SITE is not set")
	}
	w, err := New(address, "me@example.com", "token")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Note(t.Context(), "192.0.2.1", "Hello"); err != nil {
		t.Errorf("note: %v", err)
	}
	if _, _, err := w.Events(t.Context(), time.Now().AddDate(0, 0, -1), ""); err != nil {
		t.Errorf("events: %v", err)
	}
	if err := w.Export(t.Context(), io.Discard); err != nil {
		t.Errorf("export: %v", err)
	}
	if _, err := w.Retention(t.Context()); err != nil {
		t.Errorf("retention: %v", err)
	}
}
