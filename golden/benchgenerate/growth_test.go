package main

import (
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestTheDocumentsThatAreMadeAreInOrder(t *testing.T) {
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
