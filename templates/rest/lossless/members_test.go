package lossless_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// records are audit records in the shapes that were captured from live sites.
var records = map[string]string{
	"a user": `{"author":{"type":"user","displayName":"Ann Example","operations":null,"username":"ann","userKey":"8a7f","accountId":"5b10"},
		"remoteAddress":"192.0.2.7","creationDate":1643014085645,"summary":"Page viewed","description":"","category":"Pages","sysAdmin":false,"superAdmin":true,
		"affectedObject":{"name":"","objectType":""},"changedValues":[{"name":"a","oldValue":"1","newValue":"2"}],"associatedObjects":[]}`,
	"the system":           `{"author":{"type":"user","displayName":"System","operations":null},"remoteAddress":"","creationDate":1643014085645,"sysAdmin":false}`,
	"undocumented members": `{"author":{"type":"user","isGuest":true,"accountType":"atlassian"},"creationDate":1,"eventId":12345678901234567890,"extra":{"a":[1, 2.50, null]},"note":null}`,
	"nothing":              `{}`,
	"all null":             `{"author":null,"remoteAddress":null,"creationDate":null,"summary":null,"sysAdmin":null,"affectedObject":null,"changedValues":null}`,
	"other spellings":      `{"creationDate":"1643014085645","summary":"\u0041\/<&>","sysAdmin":true}`,
	"a time of Jira":       `{"creationDate":"2022-01-24T08:48:05.645+0000"}`,
	"wrong types":          `{"author":"ann","creationDate":{},"summary":7,"sysAdmin":"yes","changedValues":{"name":"a"},"affectedObject":[]}`,
}

func TestDecodeThenEncodeGivesTheSameValue(t *testing.T) {
	for name, text := range records {
		t.Run(name, func(t *testing.T) {
			r := decoded[fixture.AuditRecord](t, text)
			got, err := r.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(normal([]byte(text)), normal(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if string(r.JSON.Raw()) != text {
				t.Errorf("Raw is not exact: %s", r.JSON.Raw())
			}
			clone, err := r.Clone().MarshalJSON()
			if err != nil || !bytes.Equal(clone, got) {
				t.Errorf("a clone is encoded as %s, %v", clone, err)
			}
			if diff := cmp.Diff(r, r.Clone()); diff != "" {
				t.Errorf("a clone differs:\n%s", diff)
			}
		})
	}
}

func TestMutatedRecordsSurviveDecodingAndEncoding(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var pool []any
	for _, text := range records {
		var v any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		pool = append(pool, v)
	}
	for range 3000 {
		text, err := json.Marshal(mutated(random, pool[random.IntN(len(pool))], 0))
		if err != nil {
			t.Fatal(err)
		}
		if text[0] != '{' {
			continue
		}
		got, err := decoded[fixture.AuditRecord](t, string(text)).MarshalJSON()
		if err != nil || normal(text) != normal(got) {
			t.Fatalf("record %s\nbecame %s, %v", text, got, err)
		}
	}
}

// mutated returns a value with some parts dropped, replaced or doubled.
func mutated(random *rand.Rand, v any, depth int) any {
	others := []any{nil, true, "", "x", json.Number("0"), json.Number("1e2"), json.Number("-0.50"), json.Number("123456789012345678901"), []any{}, map[string]any{}, []any{nil, "a", map[string]any{}}}
	if depth > 0 && random.IntN(8) == 0 {
		return others[random.IntN(len(others))]
	}
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for name, value := range v {
			if random.IntN(10) > 0 {
				m[name] = mutated(random, value, depth+1)
			}
		}
		if random.IntN(10) == 0 {
			m[fmt.Sprint("new", random.IntN(3))] = others[random.IntN(len(others))]
		}
		return m
	case []any:
		var list []any
		for _, value := range append(v, v...) {
			list = append(list, mutated(random, value, depth+1))
		}
		return list
	}
	return v
}

func TestMembersTellAbsentNullAndUndocumentedApart(t *testing.T) {
	m := decoded[fixture.AuditRecord](t, `{"summary":null,"category":"","isGuest":null,"risk":3,"risk":4}`).JSON
	for _, test := range []struct {
		name        string
		has, isNull bool
	}{{"summary", true, true}, {"category", true, false}, {"description", false, false}, {"isGuest", true, true}, {"risk", true, false}, {"other", false, false}} {
		if m.Has(test.name) != test.has || m.IsNull(test.name) != test.isNull {
			t.Errorf("%s: Has %v, IsNull %v", test.name, m.Has(test.name), m.IsNull(test.name))
		}
	}
	want := map[string]json.RawMessage{"isGuest": json.RawMessage("null"), "risk": json.RawMessage("4")}
	if diff := cmp.Diff(want, m.Extra()); diff != "" {
		t.Errorf("Extra (-want +got):\n%s", diff)
	}
	if got := m.String(); got != "2 of 11 members, null: summary, undocumented: isGuest risk" {
		t.Errorf("String: %s", got)
	}
	var none lossless.Members
	if none.Has("x") || none.IsNull("x") || none.Extra() != nil || none.Raw() != nil || none.Problems() != nil || none.String() != "not decoded" {
		t.Error("empty Members remember something")
	}
}

func TestChangedFieldsAreWrittenAsTheyAre(t *testing.T) {
	s := decoded[fixture.Sample](t, `{"text":"a","count":1e3,"ratio":1.50,"at":"2022-01-24T08:48:05.645+0000","flag":true,"counts":[1.0,2.0,null],"labels":{"a":null},"inner":"x"}`)
	s.Text, s.Flag = "", false
	s.Ratio = 2.5
	s.At = s.At.Add(time.Hour)
	s.Counts[1] = 7
	s.Inner.Name = "n"
	got, err := s.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"text":"","count":1e3,"ratio":2.5,"flag":false,"at":"2022-01-24T09:48:05.645Z","inner":{"name":"n"},"counts":[1.0,7,null],"labels":{"a":null}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheSpellingsOfALongListAreFound(t *testing.T) {
	s := decoded[fixture.Sample](t, `{"counts":[1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0],"ratios":[1.0]}`)
	s.Counts[3] = 7
	want := `{"counts":[1.0,2.0,3.0,7,5.0,6.0,7.0,8.0,9.0,10.0],"ratios":[1.0]}`
	if got, err := s.MarshalJSON(); err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestEmptyMembersAreWrittenForAReason(t *testing.T) {
	changed := decoded[fixture.ChangedValue](t, `{"name":"n","oldValue":null}`)
	changed.Name = ""
	asked := decoded[fixture.AuditRecord](t, `{"summary":null}`)
	asked.JSON.Send("summary", "category", "creationDate", "author", "changedValues")
	made := fixture.Sample{Unit: "DAYS"}
	made.JSON.Send("parent", "labels", "any")
	for _, test := range []struct {
		name string
		m    json.Marshaler
		want string
	}{
		{"required members of a model that was not decoded", fixture.ChangedValue{NewValue: "x"}, `{"name":"","oldValue":"","newValue":"x"}`},
		{"no optional members of it", fixture.AuditRecord{}, `{"remoteAddress":""}`},
		{"what was there when it was decoded", changed, `{"name":"","oldValue":null}`},
		{"what was asked for", asked, `{"author":{"type":""},"creationDate":null,"summary":"","category":"","changedValues":[]}`},
		{"what was asked for, of any kind", made, `{"text":"","count":0,"flag":false,"at":null,"any":null,"unit":"DAYS","inner":{"name":"","objectType":""},"parent":null,"items":[],"names":[],"labels":{}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.m.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestARequestBodyMustBeComplete(t *testing.T) {
	s := fixture.Sample{Items: []fixture.ChangedValue{{Name: "n"}}, Parent: &fixture.Sample{Text: "t"}}
	s.Parent.JSON.Send("at", "count", "unit", "inner", "items")
	err := clientOf(t, "").SetSample(t.Context(), s)
	var wrong *lossless.RequestError
	if !errors.As(err, &wrong) {
		t.Fatalf("got %v", err)
	}
	want := []string{"at", "unit", "parent.names", "names"}
	if diff := cmp.Diff(want, wrong.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	if want := "PUT /sample: request body: required but empty: at, unit, "; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s...", err, want)
	}
}

func TestARequestSendsNullElementsAsTheyCame(t *testing.T) {
	const text = `{"text":"t","count":1,"flag":true,"at":"2026-11-21T03:00:00Z","unit":"X","inner":{"name":"a","objectType":"b"},"items":[null],"names":[],"objects":{"o":null},"groups":[[null,7]]}`
	s := decoded[fixture.Sample](t, text)
	err := clientOf(t, "").SetSample(t.Context(), *s)
	var wrong *lossless.RequestError
	if errors.As(err, &wrong) {
		t.Errorf("got %v", err)
	}
	s.Items[0].NewValue = "n"
	if err := clientOf(t, "").SetSample(t.Context(), *s); !errors.As(err, &wrong) || cmp.Diff([]string{"items[0].name", "items[0].oldValue"}, wrong.Missing) != "" {
		t.Errorf("an object takes the place of null: got %v", err)
	}
}

func TestNullIsSentForMembersThatAreNamed(t *testing.T) {
	s := fixture.Sample{Text: "set", Items: []fixture.ChangedValue{}}
	s.JSON.SendNull("text", "count", "ratio", "flag", "at", "unit", "inner", "parent", "names", "labels", "any")
	s.JSON.Send("ratio")
	want := `{"text":"set","count":null,"ratio":0,"flag":null,"at":null,"any":null,"unit":null,"inner":null,"parent":null,"items":[],"names":null,"labels":null}`
	if diff := cmp.Diff(want, string(encoded(t, s))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := clientOf(t, "").SetSample(t.Context(), s); err != nil && strings.Contains(err.Error(), "required but empty") {
		t.Errorf("null is a value: %v", err)
	}
}

func encoded(t *testing.T, m json.Marshaler) json.RawMessage {
	t.Helper()
	data, err := m.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestNullElementsSurviveAnEditElsewhere(t *testing.T) {
	const text = `{"names":["a",null,"b"],"counts":[1,null],"labels":{"a":null,"b":"x"},"objects":{"o":null},"items":[null,{"name":"n"}],"groups":[[null]],"nested":[null,[null]]}`
	s := decoded[fixture.Sample](t, text)
	s.Text, s.Names[0], s.Counts[0], s.Labels["b"], s.Items[1].Name = "new", "A", 2, "y", "m"
	s.Labels["c"] = "z"
	want := `{"text":"new","items":[null,{"name":"m"}],"names":["A",null,"b"],"counts":[2,null],"nested":[null,[null]],"labels":{"a":null,"b":"y","c":"z"},"objects":{"o":null},"groups":[[null]]}`
	for name, m := range map[string]*fixture.Sample{"the model": s, "its clone": s.Clone()} {
		if diff := cmp.Diff(normal([]byte(want)), normal(encoded(t, m))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestMembersMayComeInAnyOrderAndMayBeRepeated(t *testing.T) {
	for _, text := range []string{
		`{"associatedObjects":[{"objectType":"b","name":"a"}],"summary":"s","x":1,"author":{"username":"u","type":"t"},"remoteAddress":"r"}`,
		`{"summary":"no","author":{"type":"no","displayName":"no"},"summary":"s","author":{"type":"t","username":"u"},"remoteAddress":"r","associatedObjects":[{"name":"a","objectType":"b"}],"x":1}`,
		`{"x":0,"remoteAddress":null,"associatedObjects":null,"remoteAddress":"r","associatedObjects":[{"name":1,"name":"a","objectType":"b"}],"x":1,"author":null,"author":{"type":"t","username":"u"},"summary":"s"}`,
	} {
		r := decoded[fixture.AuditRecord](t, text)
		want := `{"author":{"type":"t","username":"u"},"remoteAddress":"r","summary":"s","associatedObjects":[{"name":"a","objectType":"b"}],"x":1}`
		if diff := cmp.Diff(want, string(encoded(t, r))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestSendOfAnUnknownNameIsAnError(t *testing.T) {
	r := fixture.AuditRecord{}
	r.JSON.Send("sumary")
	r.Author.JSON.Send("name")
	_, err := r.MarshalJSON()
	var wrong *lossless.RequestError
	if !errors.As(err, &wrong) || err.Error() != "request body: no such member to send: AuditRecord.sumary, AuditRecordAuthor.name" {
		t.Errorf("got %v", err)
	}
	copied := fixture.AuditRecord{}
	other := copied
	other.JSON.Send("summary")
	if got, err := copied.MarshalJSON(); err != nil || strings.Contains(string(got), "summary") {
		t.Errorf("Send on a copy changes the original: %s %v", got, err)
	}
}

func TestMoreThan64Members(t *testing.T) {
	text := `{"f0":"a","f63":null,"f64":"b","f65":null,"f66":"","f67":1,"f68":{"name":"n"},"more":true,"f64":"c"}`
	w := decoded[fixture.Wide](t, text)
	if w.F64 != "c" || !w.JSON.Has("f65") || !w.JSON.IsNull("f65") || !w.JSON.IsNull("f63") || w.JSON.Has("f1") || w.JSON.Has("f69") || w.JSON.IsNull("f66") {
		t.Errorf("got %s", w.JSON)
	}
	got, err := w.Clone().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(normal([]byte(text)), normal(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestModelsCanBeCompared(t *testing.T) {
	read := func(text string) *fixture.AuditRecord { return decoded[fixture.AuditRecord](t, text) }
	for _, test := range []struct {
		name, a, b string
		equal      bool
	}{
		{"white space and order do not count", `{"summary":"a", "x": [1, 2], "y":1}`, `{"y":1,"x":[1,2],"summary":"a"}`, true},
		{"order does not count for spellings and problems", `{"creationDate":"1","sysAdmin":1,"author":"x","changedValues":{"a": 1}}`, `{"changedValues":{"a":1},"author":"x","sysAdmin":1,"creationDate":"1"}`, true},
		{"absent and empty differ", `{"summary":""}`, `{}`, false},
		{"absent and null differ", `{"summary":null}`, `{}`, false},
		{"undocumented members count", `{"x":1}`, `{"x":2}`, false},
		{"spellings count", `{"creationDate":1000}`, `{"creationDate":"1000"}`, false},
		{"problems count", `{"summary":1}`, `{"summary":2}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := cmp.Equal(read(test.a), read(test.b)); got != test.equal {
				t.Errorf("got %v", got)
			}
		})
	}
	made := &fixture.AuditRecord{Summary: "a"}
	if diff := cmp.Diff(made, read(`{"summary":"a"}`), cmpopts.IgnoreTypes(lossless.Members{})); diff != "" {
		t.Errorf("the fields are the same:\n%s", diff)
	}
}

// held returns how much memory a value holds on to that make gives.
func held(make func() any) int64 {
	live := func() int64 {
		runtime.GC()
		runtime.GC() // what pools hold is free after the second one
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := live()
	v := make()
	after := live()
	runtime.KeepAlive(v)
	return after - before
}

func TestACloneHoldsNothingOfItsPage(t *testing.T) {
	const size = 4 << 20
	record := func() *fixture.AuditRecord {
		return decoded[fixture.AuditRecord](t, strings.Repeat(" ", size)+
			`{"author":{"type":"user","isGuest":true},"creationDate":"1643014085645","summary":"s","sysAdmin":3,"changedValues":[{"name":"a"}],"extra":"e"}`)
	}
	inner := func() *fixture.AuditRecord {
		return decoded[fixture.AuditRecord](t, strings.Repeat(" ", size)+`{"author":{"type":7,"isGuest":true}}`)
	}
	sample := func() *fixture.Sample {
		return decoded[fixture.Sample](t, strings.Repeat(" ", size)+
			`{"text":"a","any":[1],"unit":"X","parent":{"text":"p"},"names":["n"],"counts":[1],"ratios":[1.0],"anys":[1],"units":["U"],"nested":[["a"]],"labels":{"a":"b"},"objects":{"o":{"name":"n"}},"groups":[[{"name":"g"}]]}`)
	}
	if got := held(func() any { return record() }); got < size/2 {
		t.Errorf("a record holds %d bytes, and its page has %d: this test shows nothing", got, size)
	}
	for name, clone := range map[string]func() any{
		"a record":             func() any { return record().Clone() },
		"a problem within":     func() any { return inner().Clone() },
		"a model of all types": func() any { return sample().Clone() },
	} {
		if got := held(clone); got > size/2 {
			t.Errorf("%s: a clone holds %d bytes; its page has %d", name, got, size)
		}
	}
	if diff := cmp.Diff(sample(), sample().Clone()); diff != "" {
		t.Errorf("a clone differs:\n%s", diff)
	}
	var none *fixture.Sample
	if none.Clone() != nil {
		t.Error("a clone of nil is not nil")
	}
}

func TestExactBytesAreCopies(t *testing.T) {
	const text = `{"name": "a", "more": [1]}`
	m := decoded[fixture.AffectedObject](t, " "+text)
	clear(m.JSON.Raw())
	clear(m.JSON.Extra()["more"])
	if got := string(m.JSON.Raw()); got != text {
		t.Errorf("-want +got\n-%s\n+%s", text, got)
	}
	if got := string(m.JSON.Extra()["more"]); got != "[1]" {
		t.Errorf("the undocumented member is %q now", got)
	}
	if got := new(fixture.AffectedObject).JSON.Raw(); got != nil {
		t.Errorf("a model that was not decoded came as %q", got)
	}
}

func TestEncodingOfFloatsAndStrings(t *testing.T) {
	for _, v := range []float64{0, 1, -1, 0.1, 1e20, 1e21, 1.5e300, 1e-6, 1e-7, 1.234e-9, 5e-324, math.MaxFloat64, 123456789.125, math.Copysign(0, -1)} {
		want, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := lossless.Encode(&v, false, (*lossless.Codec).Float); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v: got %s, %v; want %s", v, got, err, want)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		if _, err := (fixture.Sample{Ratio: v}).MarshalJSON(); err == nil {
			t.Errorf("%v is encoded", v)
		}
	}
	for _, v := range []string{"", "a", "é☃😀", "\x00\x1f\"\\\b\f\n\r\t\x7f", "<&>", "\u2028\u2029", "a\xffb\xc3", strings.Repeat("x", 300)} {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		got, err := lossless.Encode(&v, false, (*lossless.Codec).String)
		if strings.ReplaceAll(want.String(), `\ufffd`, "\ufffd") != string(got)+"\n" || err != nil {
			t.Errorf("%q: got %s, %v; want %s", v, got, err, want.String())
		}
	}
}

func TestWhatCannotBeEncodedIsAnError(t *testing.T) {
	for _, s := range []fixture.Sample{{Any: json.RawMessage(`{"a":`)}, {Anys: []json.RawMessage{[]byte("1 2")}}, {At: time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC)}} {
		if got, err := s.MarshalJSON(); err == nil {
			t.Errorf("encoded as %s", got)
		}
	}
	s := fixture.Sample{Any: json.RawMessage("{ \"a b\" : [ 1 ,\n 2 ] }")}
	if got, err := s.MarshalJSON(); err != nil || !strings.Contains(string(got), `"any":{"a b":[1,2]}`) {
		t.Errorf("white space of a raw value: %s %v", got, err)
	}
}

func TestAppendJSONWritesBehindWhatIsThere(t *testing.T) {
	var m fixture.AuditRecord
	if err := json.Unmarshal([]byte(`{"remoteAddress":"1.2.3.4","more":[1]}`), &m); err != nil {
		t.Fatal(err)
	}
	got, err := m.AppendJSON([]byte("before "))
	if err != nil || string(got) != `before {"remoteAddress":"1.2.3.4","more":[1]}` {
		t.Errorf("%s, %v", got, err)
	}
	m.JSON.Send("nothing")
	got, err = m.AppendJSON([]byte("before "))
	if err == nil || string(got) != "before " {
		t.Errorf("an error leaves what was there: %s, %v", got, err)
	}
	buffer := make([]byte, 0, 1024)
	m = fixture.AuditRecord{RemoteAddress: "1.2.3.4"}
	if n := testing.AllocsPerRun(100, func() { buffer, _ = m.AppendJSON(buffer[:0]) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestNothingIsWrittenIntoABufferThatAppendJSONReturned(t *testing.T) {
	record := fixture.AffectedObject{Name: "first", ObjectType: "Page"}
	for range 100 {
		got, err := record.AppendJSON(make([]byte, 0, 64))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (fixture.AffectedObject{Name: "XXXXXXXXXXXX"}).MarshalJSON(); err != nil {
			t.Fatal(err)
		}
		if string(got) != `{"name":"first","objectType":"Page"}` {
			t.Fatalf("a later call wrote into it: %s", got)
		}
	}
}

// The race detector judges it.
func TestSeveralGoroutinesMayWriteOneValue(t *testing.T) {
	type enum string
	record := fixture.AuditRecord{RemoteAddress: "1.2.3.4", AffectedObject: fixture.AffectedObject{Name: "a"}}
	enums := []enum{"x", "y"}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := record.MarshalJSON()
			if err != nil || !strings.Contains(string(got), "1.2.3.4") {
				t.Errorf("%s, %v", got, err)
			}
			got, err = lossless.Encode(&enums, false, lossless.ListOf(lossless.Enum[enum]))
			if err != nil || string(got) != `["x","y"]` {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
	wg.Wait()
}
