package mock

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkPage serves pages of 1000 records without a network.
func BenchmarkPage(b *testing.B) {
	s := must[*Server](b)(New(bothDocuments(b), InMemory()))
	defer s.Close()
	for name, target := range map[string]string{
		"Confluence":          "/wiki/rest/api/audit?start=50000",
		"Confluence filtered": "/wiki/rest/api/audit?start=1000&searchString=exported",
		"Jira":                "/rest/api/3/auditing/record?offset=50000",
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, target, http.NoBody)
			r.SetBasicAuth(email, token)
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				if s.Handler().ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
				b.SetBytes(int64(w.Body.Len()))
			}
		})
	}
}
