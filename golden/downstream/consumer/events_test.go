package consumer

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestEventsOfAllPagesAreRead(t *testing.T) {
	record := `{"author": {"displayName": "Anna", "accountId": "557058:1"}, "remoteAddress": "192.0.2.10", "creationDate": 1763694900000, "summary": "Space exported", "category": "Export"}`
	since := time.UnixMilli(1763690000000)
	w := site(t, map[string]http.HandlerFunc{"GET /audit": func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if query.Get("startDate") != "1763690000000" {
			t.Errorf("startDate is %q", query.Get("startDate"))
		}
		if query.Get("start") == "2" {
			says(`{"results": [%s], "start": 2, "limit": 2, "size": 1}`, record)(w, r)
			return
		}
		says(`{"results": [%s, {"author": "System", "creationDate": 1763694900001, "summary": "odd"}], "start": 0, "limit": 2, "size": 2, "_links": {"next": "/audit?start=2"}}`, record)(w, r)
	}})
	events, odd, err := w.Events(t.Context(), since, "export")
	if err != nil || len(events) != 2 || odd != 1 {
		t.Fatalf("got %d events, %d odd, %v", len(events), odd, err)
	}
	if e := events[1]; e.Who != "557058:1" || e.What != "Space exported" || e.When.UnixMilli() != 1763694900000 {
		t.Errorf("got %+v", e)
	}
}

func TestARefusalIsAnErrorOfOurs(t *testing.T) {
	w := site(t, map[string]http.HandlerFunc{"GET /audit": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }})
	if _, _, err := w.Events(t.Context(), time.Time{}, ""); !errors.Is(err, ErrNoAccess) {
		t.Errorf("got %v, want ErrNoAccess", err)
	}
}
