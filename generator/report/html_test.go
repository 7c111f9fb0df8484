package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/report"
)

func page(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	err := report.HTML(&out, []report.Page{{
		Package:  "things",
		Document: document(t),
		Texts:    map[string][]byte{"strong.yaml": []byte(strong), "weak.yaml": []byte(weak)},
		Go: []report.Declaration{
			{Address: "GET /log", Name: "GetLog", Text: "// GetLog </script> &\nfunc (c *Client) GetLog()"},
			{Address: "schema Log", Name: "Log", Text: "type Log struct{}"},
			{Address: "schema Log more", Name: "LogMore", Text: "type LogMore string"},
		},
		Changes: []report.Change{{What: "added", Address: "GET /log", Text: "as GetLog"}, {What: "removed", Address: "GET /old"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var inline = regexp.MustCompile(`(?s)<(style|script)>(.*?)</(?:style|script)>`)

func TestThePageHoldsEverythingThatIsKnown(t *testing.T) {
	got := inline.ReplaceAllString(page(t), "<$1></$1>")
	got = regexp.MustCompile(`sha256-[^=]*=`).ReplaceAllString(got, "sha256")
	file := filepath.Join("testdata", "page.html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got\n%s\nIf this is meant: go test ./generator/report -update", diff)
	}
}

func TestThePolicyOfThePageAllowsItsOwnStyleAndScriptOnly(t *testing.T) {
	got := page(t)
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(got)
	if policy == nil {
		t.Fatal("there is no policy")
	}
	allowed := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy[1])
	if !strings.HasPrefix(allowed, "default-src 'none';") {
		t.Errorf("the policy is %s", allowed)
	}
	all := inline.FindAllStringSubmatch(got, -1)
	if len(all) != 2 {
		t.Fatalf("%d styles and scripts, want one of each", len(all))
	}
	for _, found := range all {
		sum := sha256.Sum256([]byte(found[2]))
		if want := found[1] + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(allowed, want) {
			t.Errorf("the policy %s does not allow the %s, whose digest is %s", allowed, found[1], want)
		}
	}
}

func TestTextOfDocumentsIsNoMarkupOfThePage(t *testing.T) {
	got := inline.ReplaceAllString(page(t), "")
	for _, never := range []string{"of <b>things</b>", "GetLog </script>", "\x1b"} {
		if strings.Contains(got, never) {
			t.Errorf("%q of a document stands in the page as it is", never)
		}
	}
	if n := strings.Count(got, "</script>"); n != 1 {
		t.Errorf("%d elements end with </script>, want that of the details", n)
	}
}
