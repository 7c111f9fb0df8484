package mock

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

func TestALargeRequestTakesASmallMultipleOfItsBytes(t *testing.T) {
	s := must[*Server](t)(Confluence(WithRecords(1)))
	defer s.Close()
	for name, element := range map[string]string{"numbers in place of objects": "1", "empty objects": "{}", "texts": `"x"`, "lists": "[]"} {
		t.Run(name, func(t *testing.T) {
			list := strings.Repeat(element+",", (maxBody-1000)/(len(element)+1)) + element
			body := `{"remoteAddress":"192.0.2.1","changedValues":[` + list + `]}`
			r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "POST", s.URL+"/wiki/rest/api/audit", strings.NewReader(body)))
			r.Header.Set("Authorization", "Bearer x")
			r.Header.Set("Content-Type", "application/json")
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			resp := must[*http.Response](t)(s.Client().Do(r))
			defer resp.Body.Close()
			answer := must[[]byte](t)(io.ReadAll(io.LimitReader(resp.Body, 64<<20)))
			runtime.ReadMemStats(&after)
			took := int(after.TotalAlloc - before.TotalAlloc)
			t.Logf("%d: %d bytes became %d MiB and an answer of %d bytes", resp.StatusCode, len(body), took>>20, len(answer))
			if took > 100*len(body) || len(answer) > 4*len(body) {
				t.Errorf("%d bytes became %d MiB and an answer of %d bytes: %.300s", len(body), took>>20, len(answer), answer)
			}
		})
	}
}
