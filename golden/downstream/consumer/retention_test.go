package consumer

import (
	"net/http"
	"testing"
)

func TestRetentionIsSaidInWords(t *testing.T) {
	for answer, want := range map[string]string{
		`{"number": 3, "units": "MONTHS"}`: "3 months",
		`{"number": 1, "units": "ERAS"}`:   "1 of an unknown unit, ERAS",
	} {
		w := site(t, map[string]http.HandlerFunc{"GET /audit/retention": says("%s", answer)})
		if got, err := w.Retention(t.Context()); err != nil || got != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
}
