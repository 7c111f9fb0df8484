package lossless_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
)

// plainPage is a page as somebody would write it by hand for encoding/json.
type plainPage struct {
	Results []struct {
		Author struct {
			Type        string `json:"type"`
			DisplayName string `json:"displayName"`
			Operations  any    `json:"operations"`
			Username    string `json:"username"`
			UserKey     string `json:"userKey"`
			AccountID   string `json:"accountId"`
		} `json:"author"`
		RemoteAddress  string `json:"remoteAddress"`
		CreationDate   int64  `json:"creationDate"`
		Summary        string `json:"summary"`
		Description    string `json:"description"`
		Category       string `json:"category"`
		SysAdmin       bool   `json:"sysAdmin"`
		SuperAdmin     bool   `json:"superAdmin"`
		AffectedObject struct {
			Name       string `json:"name"`
			ObjectType string `json:"objectType"`
		} `json:"affectedObject"`
		ChangedValues []struct {
			Name     string `json:"name"`
			OldValue string `json:"oldValue"`
			NewValue string `json:"newValue"`
		} `json:"changedValues"`
		AssociatedObjects []struct {
			Name       string `json:"name"`
			ObjectType string `json:"objectType"`
		} `json:"associatedObjects"`
	} `json:"results"`
	Start, Limit, Size int64
}

// widePage is a page of n records in the shape of captured ones.
func widePage(n int) string {
	var records []string
	for i := range n {
		records = append(records, fmt.Sprintf(`{"author":{"type":"user","displayName":"Ann Example %d","operations":null,"username":null,"userKey":"8a7f808a7e1b%04d","accountId":"5b10ac8d82e05b22cc7d%04d"},`+
			`"remoteAddress":"192.0.2.%d","creationDate":%d,"summary":"Page \"Plans for 2022\" was viewed","description":"","category":"Pages","sysAdmin":false,"superAdmin":%v,`+
			`"affectedObject":{"name":"Plans für 2022","objectType":"Page"},"changedValues":[{"name":"status","oldValue":"draft","newValue":"current"},{"name":"version","oldValue":"%d","newValue":"%d"}],`+
			`"associatedObjects":[{"name":"Engineering","objectType":"Space"}]}`, i%50, i%50, i%50, i%250, 1643014085645-int64(i)*1000, i%2 == 0, i, i+1))
	}
	return fmt.Sprintf(`{"results":[%s],"start":0,"limit":%d,"size":%d,"_links":{"base":"https://example.atlassian.net/wiki","context":"/wiki","self":"https://example.atlassian.net/wiki/rest/api/audit","next":"/rest/api/audit?start=%d"}}`,
		strings.Join(records, ","), n, n, n)
}

func BenchmarkDecodePage(b *testing.B) {
	const n = 1000
	data := []byte(widePage(n))
	b.Run("ours", func(b *testing.B) { // a whole call, since it reads the answer only once, and UnmarshalJSON twice
		c := clientOf(b, string(data))
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if page, err := c.GetAuditRecords(b.Context(), nil); err != nil || len(page.Results) != n {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var page plainPage
			if err := json.Unmarshal(data, &page); err != nil || len(page.Results) != n {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncodeRecord(b *testing.B) {
	data := []byte(widePage(1000))
	page := decoded[fixture.AuditRecordArray](b, string(data))
	var plain plainPage
	if err := json.Unmarshal(data, &plain); err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := page.Results[i%1000].MarshalJSON(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ours-through-encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := json.Marshal(&page.Results[i%1000]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := json.Marshal(&plain.Results[i%1000]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestDecodingNeedsFewAllocations(t *testing.T) {
	const n, most = 200, 14
	data := []byte(widePage(n))
	got := testing.AllocsPerRun(5, func() {
		var page fixture.AuditRecordArray
		if err := page.UnmarshalJSON(data); err != nil {
			t.Error(err)
		}
	})
	if got/n > most {
		t.Errorf("%.1f allocations a record, want at most %d", got/n, most)
	}
}

func BenchmarkDecodeTime(b *testing.B) {
	for name, text := range map[string]string{"milliseconds": `{"created":1643014085645}`, "Jira": `{"created":"2022-01-24T08:48:05.645+0000"}`} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if decoded[fixture.JiraRecord](b, text).Created.IsZero() {
					b.Fatal("no time")
				}
			}
		})
	}
}
