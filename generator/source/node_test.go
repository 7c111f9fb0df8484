package source

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parse(t testing.TB, text string) *Node {
	t.Helper()
	n, err := ParseTree(File{Name: "x.yaml", Data: []byte(text)})
	if err != nil {
		t.Fatalf("%v\nin:\n%s", err, text)
	}
	return n
}

func TestGetFindsMembersAndNothingElse(t *testing.T) {
	for _, size := range []int{1, fewMembers, fewMembers + 1, 1000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			n := manyMembers(t, size)
			for i := range size {
				if got := n.Get(fmt.Sprintf("k%d", i)).Str(); got != fmt.Sprint("v", i) {
					t.Fatalf("k%d is %q", i, got)
				}
			}
			if n.Get("k") != nil || n.Get("") != nil {
				t.Error("a member that is not there was found")
			}
			n.Members = append(n.Members, Member{Key: "late", Value: StringNode("x", 0)})
			if n.Get("late").Str() != "x" || n.Get("k0") == nil {
				t.Error("after a member was added, members are not found")
			}
			n.Members = n.Members[1:]
			if n.Get("k0") != nil || n.Get("late").Str() != "x" {
				t.Error("after one was added and one removed, members are not found")
			}
		})
	}
	var none *Node
	if none.Get("a") != nil || none.Str() != "" || none.IsTrue() || parse(t, "[1]").Get("0") != nil {
		t.Error("a value that is not an object has members")
	}
}

func manyMembers(t testing.TB, size int) *Node {
	var b strings.Builder
	for i := range size {
		fmt.Fprintf(&b, "k%d: v%d\n", i, i)
	}
	return parse(t, b.String())
}

func TestAtFollowsPointers(t *testing.T) {
	n := parse(t, `{"a/b": {"m~n": [10, {"": true}]}, "": 1}`)
	for pointer, want := range map[string]string{
		"":                `{"a/b":{"m~n":[10,{"":true}]},"":1}`,
		"/a~1b/m~0n/0":    "10",
		"/a~1b/m~0n/1/":   "true",
		"/":               "1",
		"/a~1b/m~0n/2":    "none",
		"/a~1b/m~0n/-1":   "none",
		"/a~1b/m~0n/00":   "none",
		"/a~1b/m~0n/x":    "none",
		"/a/b":            "none",
		"/a~1b/m~0n/0/no": "none",
	} {
		got := "none"
		if found := n.At(pointer); found != nil {
			got = found.JSON()
		}
		if got != want {
			t.Errorf("At(%q) is %s, want %s", pointer, got, want)
		}
	}
}

func TestJSONKeepsSpellingAndOrder(t *testing.T) {
	const text = `{"z":1.50,"a":[true,false,null,"<&>\"\\\n\u2028é"],"":{}}`
	n := parse(t, text)
	got := n.JSON()
	if want := `{"z":1.50,"a":[true,false,null,"<&>\"\\\n\u2028é"],"":{}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var fromText, fromNode any
	if json.Unmarshal([]byte(text), &fromText) != nil || json.Unmarshal([]byte(got), &fromNode) != nil {
		t.Fatal("not JSON")
	}
	if diff := cmp.Diff(fromText, fromNode); diff != "" {
		t.Error(diff)
	}
}

func TestEqualComparesValues(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		want       bool
	}{
		{"numbers by value", "1", "1.0", true},
		{"other numbers", "1", "2", false},
		{"number and string", "1", `"1"`, false},
		{"order of members does not count", `{"a":1,"b":[2]}`, `{"b":[2.0],"a":1}`, true},
		{"order of items counts", `[1,2]`, `[2,1]`, false},
		{"one member less", `{"a":1}`, `{"a":1,"b":2}`, false},
		{"other member", `{"a":1}`, `{"b":1}`, false},
		{"null is null", `[null]`, `[null]`, true},
		{"null is not false", `[null]`, `[false]`, false},
		{"large integers are not rounded together", "9007199254740993", "9007199254740992", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, b := parse(t, "["+tt.a+"]"), parse(t, "["+tt.b+"]")
			if a.Equal(b) != tt.want || b.Equal(a) != tt.want {
				t.Errorf("%s and %s: equal is %v, want %v", tt.a, tt.b, !tt.want, tt.want)
			}
		})
	}
	var none *Node
	if !none.Equal(nil) || none.Equal(parse(t, "[]")) {
		t.Error("only nil equals nil")
	}
}

// The first object has no index, so sameMembers takes both of its ways.
func TestEqualOfLargeObjectsInAnotherOrderIsNotQuadratic(t *testing.T) {
	const size = 100_000
	a, b := &Node{Kind: Object}, &Node{Kind: Object}
	for i := range size {
		a.Members = append(a.Members, Member{Key: fmt.Sprint(i), Value: StringNode("x", 0)})
		b.Members = append(b.Members, Member{Key: fmt.Sprint(size - 1 - i), Value: StringNode("x", 0)})
	}
	if !a.Equal(b) {
		t.Error("they are equal")
	}
}

func TestAnyReturnsWhatEncodingJSONDecodes(t *testing.T) {
	const text = `{"a":[1,-2.5e3,"x",true,null,{}],"b":""}`
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var want any
	if err := dec.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, parse(t, text).Any()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestKindsHaveTheNamesOfJSON(t *testing.T) {
	got := fmt.Sprint(Null, Bool, Number, String, Array, Object)
	if want := "null boolean number string array object"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func BenchmarkJSONOfStrings(b *testing.B) {
	n := manyMembers(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if len(n.JSON()) > math.MaxInt32 {
			b.Fatal("no")
		}
	}
}
