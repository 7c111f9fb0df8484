package source

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestPositionPrintsFileAndLine(t *testing.T) {
	for want, p := range map[string]Position{
		"a.yaml:3": {File: "a.yaml", Line: 3, Pointer: "/paths"},
		"a.yaml":   {File: "a.yaml"},
	} {
		if got := p.String(); got != want {
			t.Errorf("%#v says %q, want %q", p, got, want)
		}
	}
}

func TestErrorOmitsUnknownParts(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		err        Error
	}{
		{"everything", "a.yaml:3: GET /audit: no type: give one", Error{Pos: Position{File: "a.yaml", Line: 3}, Where: "GET /audit", What: "no type", Do: "give one"}},
		{"no line and no place", "a.yaml: no type: give one", Error{Pos: Position{File: "a.yaml"}, What: "no type", Do: "give one"}},
		{"no file", "GET /audit: no type", Error{Where: "GET /audit", What: "no type"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestErrorsReachTheirCauses(t *testing.T) {
	all := Errors{{What: "one"}, {What: "two", Err: io.ErrUnexpectedEOF}}
	if !errors.Is(all, io.ErrUnexpectedEOF) {
		t.Error("errors.Is does not find the cause of the second error")
	}
	if one, ok := errors.AsType[*Error](all); !ok || one.What != "one" {
		t.Errorf("errors.As returns %v", one)
	}
	if got, want := all.Error(), "one\ntwo"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCollectorSortsByFileLineAndTextWithoutDuplicates(t *testing.T) {
	var c Collector
	if c.Err() != nil || c.Len() != 0 {
		t.Fatal("an empty collector has an error")
	}
	c.Add(Position{File: "b.yaml", Line: 1}, "", "first of b", "")
	c.Add(Position{File: "a.yaml", Line: 10}, "", "y", "")
	c.Add(Position{File: "a.yaml", Line: 10}, "", "x", "")
	c.Add(Position{File: "a.yaml", Line: 9}, "", "z", "")
	c.Add(Position{File: "a.yaml", Line: 10}, "", "x", "")
	c.AddErr("c.yaml", io.ErrUnexpectedEOF)
	c.AddErr("unused", &Error{Pos: Position{File: "a.yaml", Line: 2}, What: "one"})
	c.AddErr("unused", Errors{{Pos: Position{File: "a.yaml", Line: 3}, What: "many"}})
	c.AddErr("unused", nil)
	want := "a.yaml:2: one\na.yaml:3: many\na.yaml:9: z\na.yaml:10: x\na.yaml:10: y\nb.yaml:1: first of b\nc.yaml: unexpected EOF"
	if got := c.Err().Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !errors.Is(c.Err(), io.ErrUnexpectedEOF) {
		t.Error("the cause of a foreign error is lost")
	}
	if got := c.Len(); got != 8 {
		t.Errorf("Len is %d, want 8: all that was added", got)
	}
	if again := c.Err().Error(); again != want {
		t.Errorf("asked again, it says\n%s", again)
	}
}

func TestCollectorKeepsOneErrorPerPlace(t *testing.T) {
	var c Collector
	c.Add(Position{File: "a.yaml", Line: 1}, "GET /a", "no type", "")
	c.Add(Position{File: "a.yaml", Line: 1}, "GET /b", "no type", "")
	if n := strings.Count(c.Err().Error(), "\n") + 1; n != 2 {
		t.Errorf("%d errors, want 2: they are about different places", n)
	}
}
