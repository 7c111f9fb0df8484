package main

import (
	"os"
	"testing"

	"github.com/redpanda-data/benthos/v4/public/service"
)

// TestTheDocumentationIsThatOfTheEngine compares atlassian_audit.md with what the engine makes of the
// configuration's specification.
func TestTheDocumentationIsThatOfTheEngine(t *testing.T) {
	var got []byte
	service.GlobalEnvironment().WalkInputs(func(name string, config *service.ConfigView) {
		if name != "atlassian_audit" {
			return
		}
		var err error
		if got, err = config.RenderDocs(); err != nil {
			t.Fatal(err)
		}
	})
	const path = "atlassian_audit.md"
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != string(got) {
		t.Errorf("%s is not what the engine generates (%v): run go test . -update in cmd/auditlog/connect", path, err)
	}
}
