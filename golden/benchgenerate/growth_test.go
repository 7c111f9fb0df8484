package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestGrownDocumentsAreValid(t *testing.T) {
	for _, n := range []int{1, 50} {
		data, err := json.Marshal(grown(n))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := openapi3.NewLoader().LoadFromData(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Validate(t.Context()); err != nil {
			t.Error(err)
		}
		if got := doc.Paths.Len(); got != n {
			t.Errorf("%d paths, want %d", got, n)
		}
	}
}

func TestFiguresAreMedians(t *testing.T) {
	m := &measured{runs: []figures{{seconds: 9}, {seconds: 1}, {seconds: 2}}}
	if got := m.of(seconds); got != 2 {
		t.Errorf("got %v, want 2", got)
	}
	if got := new(measured).of(seconds); got != 0 {
		t.Errorf("without a run: %v", got)
	}
}

func TestRenamingASchemaRenamesItsReferences(t *testing.T) {
	data, err := json.Marshal(grown(10))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "document.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := renameOnly(&out, file, "Thing3"); err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(string(data), `"Thing3":`, `"Thing3Renamed":`)
	want = strings.ReplaceAll(want, `/Thing3"`, `/Thing3Renamed"`)
	if got := strings.TrimSpace(out.String()); got != want {
		t.Errorf("-want +got\n-%s\n+%s", want, got)
	}
	if err := renameOnly(&out, file, "Thing10"); err == nil {
		t.Error("a missing schema was renamed")
	}
}

func TestTheRefusedSchemaNameIsFound(t *testing.T) {
	refusal := "error generating code: duplicate typename 'ProjectFeatureState' detected, can't auto-rename"
	if got := doubled(refusal); got != "ProjectFeatureState" {
		t.Errorf("got %q, want ProjectFeatureState", got)
	}
	if got := doubled("the document cannot be read"); got != "" {
		t.Errorf("got %q of another refusal", got)
	}
}

func TestSizesAreNumbers(t *testing.T) {
	if got, err := numbers("100,1000"); err != nil || !slices.Equal(got, []int{100, 1000}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, list := range []string{"many", "100,0", "-1"} {
		if _, err := numbers(list); err == nil {
			t.Errorf("%q was accepted", list)
		}
	}
}
