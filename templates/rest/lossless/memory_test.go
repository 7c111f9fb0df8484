package lossless_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// hungry are texts that want to take much memory or time, each of about n bytes.
var hungry = []struct {
	name string
	text func(n int) string
	fits bool // it is decoded; the others are too large
}{
	{"empty models in lists", func(n int) string { return `{"groups":[[` + list("{}", n) + `]]}` }, true},
	{"numbers in place of models", func(n int) string { return `{"items":[` + list("1", n) + `]}` }, false},
	{"nulls in place of models", func(n int) string { return `{"items":[` + list("null", n) + `]}` }, false},
	{"small integers", func(n int) string { return `{"counts":[` + list("1", n) + `]}` }, true},
	{"odd integers", func(n int) string { return `{"counts":[` + list("1.0", n) + `]}` }, true},
	{"strings in place of integers", func(n int) string { return `{"counts":[` + list(`""`, n) + `]}` }, true},
	{"any values", func(n int) string { return `{"anys":[` + list("1", n) + `]}` }, true},
	{"empty lists in lists", func(n int) string { return `{"nested":[` + list("[]", n) + `]}` }, true},
	{"models in a map", func(n int) string { return `{"objects":{` + numbered(`"%d":{}`, n) + `}}` }, true},
	{"a map of strings", func(n int) string { return `{"labels":{` + numbered(`"%d":""`, n) + `}}` }, true},
	{"undocumented members", func(n int) string { return `{` + numbered(`"%d":1`, n) + `}` }, true},
	{"models within models", func(n int) string { return deep(9000, `"text":"`+strings.Repeat("x", n/9000)+`",`, `{}`) }, true},
	{"wrong values in models within models", func(int) string { return deep(9000, `"count":"",`, `1`) }, true},
	{"many wrong values far down", func(n int) string { return deep(9000, ``, `{"counts":[`+list(`""`, n)+`]}`) }, true},
	{"odd integers and a member that comes again", func(n int) string {
		return `{"counts":[` + list("1.0", n/2) + `],` + list(`"count":1.0`, n/2) + `}`
	}, true},
	{"a map with a name that comes again", func(n int) string {
		return `{"labels":{` + numbered(`"%d":"\ud800"`, n/2) + `,` + list(`"a":"\ud800"`, n/2) + `}}`
	}, true},
}

// deep nests n models.
func deep(n int, members, innermost string) string {
	return strings.Repeat(`{`+members+`"parent":`, n) + innermost + strings.Repeat(`}`, n)
}

// list repeats an element until it has about n bytes.
func list(element string, n int) string {
	return strings.TrimSuffix(strings.Repeat(element+",", max(1, n/(len(element)+1))), ",")
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestCloneTakesASmallMultipleOfItsText(t *testing.T) {
	for _, test := range hungry {
		if !test.fits {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			text := test.text(1 << 20)
			s := decoded[fixture.Sample](t, text)
			var clone *fixture.Sample
			held := heldBy(func() { clone = s.Clone() })
			t.Logf("the clone of %d bytes takes %d MiB", len(text), held>>20)
			if held > max(64<<20, 40*len(text)) {
				t.Errorf("the clone of %d bytes takes %d", len(text), held)
			}
			before, err := s.MarshalJSON()
			after, err2 := clone.MarshalJSON()
			if err != nil || err2 != nil || !bytes.Equal(before, after) || !bytes.Equal(s.JSON.Raw(), clone.JSON.Raw()) || problemsOf(s.JSON) != problemsOf(clone.JSON) {
				t.Errorf("the clone differs: %v %v", err, err2)
			}
			level := 0
			for a, b := s, clone; a != nil; a, b = a.Parent, b.Parent {
				if level++; (level < 20 || level%1000 == 0) && lossless.TextOf(&a.JSON) != lossless.TextOf(&b.JSON) {
					t.Fatal("the text of a model within the clone differs")
				}
			}
		})
	}
}

func BenchmarkHungryTexts(b *testing.B) {
	for _, test := range hungry {
		for _, n := range []int{256 << 10, 512 << 10, 1 << 20} {
			b.Run(fmt.Sprintf("%s/%dk", strings.ReplaceAll(test.name, " ", "_"), n>>10), func(b *testing.B) {
				text := test.text(n)
				b.SetBytes(int64(len(text)))
				held := 0
				for b.Loop() {
					var s fixture.Sample
					held = max(held, heldBy(func() { _ = s.UnmarshalJSON([]byte(text)) }))
					runtime.KeepAlive(s)
				}
				b.ReportMetric(float64(held)/float64(len(text)), "held/byte")
			})
		}
	}
}

func TestATextDecodesInto64MiBOr32TimesItsBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("large texts, one goroutine: nothing for the race detector")
	}
	for _, test := range hungry {
		t.Run(test.name, func(t *testing.T) {
			text := test.text(4 << 20)
			limit := max(64<<20, 32*len(text))
			var s fixture.Sample
			var err error
			held := heldBy(func() { err = s.UnmarshalJSON([]byte(text)) })
			t.Logf("%d bytes became %d MiB, %.1f times as much: %v", len(text), held>>20, float64(held)/float64(len(text)), err)
			if held > limit+limit/8 {
				t.Errorf("%d bytes became %d, more than %d", len(text), held, limit)
			}
			if test.fits != (err == nil) || err != nil && !errors.Is(err, lossless.ErrTooLarge) {
				t.Errorf("the error is %v", err)
			}
			runtime.KeepAlive(s)
		})
	}
}

// heldBy returns how many bytes more the heap has after a call.
func heldBy(call func()) int {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	call()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return int(after.HeapAlloc) - int(before.HeapAlloc)
}

func TestListsOfSmallMapsDecodeInto64MiBOr32TimesTheirBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("large texts, one goroutine: nothing for the race detector")
	}
	t.Run("no entry", func(t *testing.T) { smallMaps(t, `{}`, (*lossless.Codec).String, nil) })
	t.Run("a string", func(t *testing.T) { smallMaps(t, `{"":""}`, (*lossless.Codec).String, lossless.ErrTooLarge) })
	shape := lossless.NewShape("Small", "name")
	model := func(c *lossless.Codec, m *fixture.AffectedObject) {
		o := c.Object(shape, &m.JSON)
		for o.Next() {
			o.String(0, &m.Name)
		}
	}
	t.Run("a model", func(t *testing.T) { smallMaps(t, `{"":{}}`, model, lossless.ErrTooLarge) })
	t.Run("a large value", func(t *testing.T) {
		smallMaps(t, `{"":{}}`, func(c *lossless.Codec, v *[9]fixture.AffectedObject) { model(c, &v[0]) }, lossless.ErrTooLarge)
	})
}

func smallMaps[T any](t *testing.T, element string, code func(*lossless.Codec, *T), want error) {
	text := "[" + list(element, 4<<20) + "]"
	var v []map[string]T
	var err error
	held := heldBy(func() { err = lossless.Decode(text, &v, lossless.ListOf(lossless.MapOf(code))) })
	t.Logf("%d bytes became %d MiB: %v", len(text), held>>20, err)
	if limit := 32 * len(text); held > limit+limit/8 || !errors.Is(err, want) {
		t.Errorf("%d bytes became %d, the limit is %d: %v", len(text), held, limit, err)
	}
	runtime.KeepAlive(v)
}
