package lossless_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// texts are JSON and near misses of it, for both the table test and the fuzz test.
var texts = []string{
	``, ` `, `null`, `true`, `tru`, `truex`, `falsee`, `nul`, `nan`, `"a"`, `"a`, `"a\`, `"a\"`, `"\u12"`, `"\u12G4"`, `"\x"`, `"\/\b\f\n\r\t\"\\"`,
	"\"\x00\"", "\"\x1f\"", "\"\x7f\"", "\"\t\"", "\"\xff\"", "\"a\xc3\"", `"é☃😀"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ude00x"`, `"\ud83d\u0041"`,
	`0`, `-0`, `-`, `00`, `01`, `1.`, `.1`, `1.0`, `1e3`, `1E+3`, `1e-3`, `1e`, `1e+`, `+1`, `0x1`, `1_0`, `9223372036854775807`, `9223372036854775808`,
	`1e400`, `1e-400`, `12345678901234567890123`, `{}`, `{ }`, `{"a"}`, `{"a":}`, `{"a":1`, `{"a":1,}`, `{"a":1,,"b":2}`, `{,}`, `{a:1}`, `{"a":1 "b":2}`,
	`{"a" :1 , "a": 2}`, `[]`, `[ ]`, `[,]`, `[1,]`, `[1 2]`, `[1`, `]`, `}`, `[}`, `{]`, `1 2`, `{} x`, "\ufeff{}", "{}\x00", "\x00", "\v1", "\u00a01", `//`, `{}/**/`,
	`{"text":"\/\b\f\n\r\t\"\\\u00e9\u00E9\ud83d\ude00"}`, `{"text":"a","count":1,"ratio":1.5,"flag":true,"at":"2022-01-24T08:48:05Z","milli":1643014085645,"any":{"x":[1, 2]},"unit":"DAYS"}`,
	`{"text":null,"count":null,"ratio":null,"flag":null,"at":null,"any":null,"inner":null,"parent":null,"items":null,"names":null,"labels":null}`,
	`{"text":1,"count":"1","ratio":"x","flag":"true","at":false,"milli":"x","unit":[],"inner":"x","parent":[],"items":{},"names":"x","labels":[]}`,
	`{"count":1.0,"ratio":1.50,"at":"2022-01-24T08:48:05.645+0000","milli":"1643014085645"}`, `{"count":1e3}`, `{"count":1.5}`, `{"count":1e400}`,
	`{"count":1e-400}`, `{"count":-0}`, `{"count":0e99999999999}`, `{"count":1e99999999999}`, `{"count":100e-2}`, `{"count":-9223372036854775808}`, `{"ratio":1e400}`,
	`{"inner":{"name":"a"},"inner":{"objectType":"b"}}`, `{"text":"a","text":null}`, `{"text":null,"text":"a"}`, `{"text":1,"text":"a"}`, `{"inner":{"name":1},"inner":null}`,
	`{"parent":{"parent":{"parent":{"text":"deep"}}}}`, `{"items":[{"name":"a"},null,"x",{"name":1}]}`, `{"names":["a",null,1,"b"]}`, `{"counts":[1,1.0,"x",null,1e2]}`,
	`{"labels":{"b":"x","a":null,"c":1}}`, `{"objects":{"x":{"name":"n"},"y":null,"z":3}}`, `{"nested":[["a"],null,[],3,[null]]}`, `{"groups":[[{"name":"a"},3],null]}`,
	`{"te\u0078t":"escaped name","\ud800":1,"undocumented":[ {} ]}`, "{\"\xff\":1,\"\xfe\":2}", `{"units":["A",3,null],"flags":[true,null,"x"],"times":[null,"2022-01-24T08:48:05+00:00"],"anys":[1,null,{ }]}`,
	strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001),
	strings.Repeat(`{"parent":`, 9_999) + `{}` + strings.Repeat("}", 9_999), strings.Repeat(`{"parent":`, 10_000) + `{}` + strings.Repeat("}", 10_000),
}

func TestTheDecoderAcceptsAndRefusesWhatEncodingJSONDoes(t *testing.T) {
	for _, text := range texts {
		t.Run(short(text), func(t *testing.T) { sameAsEncodingJSON(t, []byte(text)) })
	}
}

func FuzzDecode(f *testing.F) {
	for _, text := range texts {
		if len(text) < 2000 {
			f.Add([]byte(text))
		}
	}
	f.Fuzz(sameAsEncodingJSON)
}

// sameAsEncodingJSON checks one text: accepted or refused alike, the same values, and the same
// value again after encoding.
func sameAsEncodingJSON(t *testing.T, data []byte) {
	t.Helper()
	var anything json.RawMessage
	wantErr := json.Unmarshal(data, &anything)
	if err := lossless.Check(string(data)); (err == nil) != (wantErr == nil) {
		t.Fatalf("Check: error %v, encoding/json says %v", err, wantErr)
	}
	var members map[string]json.RawMessage
	isObject := json.Unmarshal(data, &members) == nil && members != nil
	s, err := clientOf(t, string(data)).GetSample(t.Context())
	if isSyntax := err != nil && !strings.Contains(err.Error(), "where object is documented"); isSyntax != (wantErr != nil) || (err == nil) != isObject {
		t.Fatalf("GetSample: error %v, encoding/json says %v", err, wantErr)
	}
	if !isObject {
		return
	}
	checkFields(t, s, members)
	again, err := s.MarshalJSON()
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	if want, got := normal(data), normal(again); want != got {
		t.Errorf("decode then encode (-want +got):\n%s", cmp.Diff(want, got))
	}
}

// checkFields compares the fields of a Sample with what encoding/json makes of each member by
// itself.
func checkFields(t *testing.T, s *fixture.Sample, members map[string]json.RawMessage) {
	t.Helper()
	var want fixture.Sample
	read := func(name string, into any) {
		if json.Unmarshal(members[name], into) != nil {
			want.Text = "" // a string that failed has not been set
		}
	}
	read("text", &want.Text)
	if err := json.Unmarshal(members["flag"], &want.Flag); err != nil {
		want.Flag = false
	}
	if err := json.Unmarshal(members["ratio"], &want.Ratio); err != nil {
		want.Ratio = 0
	}
	var number json.Number
	if raw := members["count"]; len(raw) > 0 && raw[0] != '"' && json.Unmarshal(raw, &number) == nil && !hasHugeExponent(number) {
		if r, ok := new(big.Rat).SetString(number.String()); ok && r.IsInt() && r.Num().IsInt64() {
			want.Count = r.Num().Int64()
		}
		if s.Count != want.Count {
			t.Errorf("count: got %d, want %d", s.Count, want.Count)
		}
	}
	if s.Text != want.Text || s.Flag != want.Flag || s.Ratio != want.Ratio {
		t.Errorf("got %q %v %v, want %q %v %v", s.Text, s.Flag, s.Ratio, want.Text, want.Flag, want.Ratio)
	}
	for field := range reflect.TypeFor[fixture.Sample]().Fields() {
		name := field.Tag.Get("json")
		if name == "-" {
			continue
		}
		raw, has := members[name]
		if s.JSON.Has(name) != has || s.JSON.IsNull(name) != (string(raw) == "null") {
			t.Errorf("%s: Has %v IsNull %v, want %v and %s", name, s.JSON.Has(name), s.JSON.IsNull(name), has, raw)
		}
		delete(members, name)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(members)), slices.Sorted(maps.Keys(s.JSON.Extra()))); diff != "" && len(members) > 0 {
		t.Errorf("undocumented members (-want +got):\n%s", diff)
	}
}

func hasHugeExponent(n json.Number) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(n.String()), "e")
	e, err := strconv.Atoi(exponent)
	return exponent != "" && (err != nil || e > 1000 || e < -1000)
}

// normal writes a JSON text in one way: names sorted, the last of repeated ones, numbers as they
// are.
func normal(data []byte) string {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return "invalid: " + err.Error()
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "invalid: " + err.Error()
	}
	return string(text)
}

func short(s string) string {
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	return fmt.Sprintf("%q", s)
}

func TestTheDecoderDiffersFromEncodingJSONInTheseWaysOnly(t *testing.T) {
	type reference struct {
		Text  string
		Count int64
		Inner struct{ Name, ObjectType string }
	}
	tests := []struct{ name, text, ours, theirs string }{
		{"names are case sensitive", `{"TEXT":"a"}`, `"" 0 {"" ""}`, `"a" 0 {"a" ""}`},
		{"a repeated object replaces the first one", `{"inner":{"name":"a"},"inner":{"objectType":"b"}}`, `"" 0 {"" "b"}`, `"" 0 {"a" "b"}`},
		{"a repeated null empties the field", `{"text":"a","text":null}`, `"" 0 {"" ""}`, `"a" 0 {"" ""}`},
		{"an exponent is an integer where its value is one", `{"count":1e3}`, `"" 1000 {"" ""}`, `"" 0 {"" ""} error`},
		{"a wrong type costs its own field only", `{"text":1,"count":2}`, `"" 2 {"" ""}`, `"" 2 {"" ""} error`},
		{"a bad byte becomes U+FFFD, as there", "{\"text\":\"a\xff\xfe\"}", "\"a\ufffd\ufffd\" 0 {\"\" \"\"}", "\"a\ufffd\ufffd\" 0 {\"\" \"\"}"},
		{"a lone surrogate becomes U+FFFD, as there", `{"text":"\ud800x"}`, "\"\ufffdx\" 0 {\"\" \"\"}", "\"\ufffdx\" 0 {\"\" \"\"}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s fixture.Sample
			if err := json.Unmarshal([]byte(test.text), &s); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%q %d {%q %q}", s.Text, s.Count, s.Inner.Name, s.Inner.ObjectType); got != test.ours {
				t.Errorf("ours: got %s, want %s", got, test.ours)
			}
			var r reference
			err := json.Unmarshal([]byte(test.text), &r)
			got := fmt.Sprintf("%q %d {%q %q}", r.Text, r.Count, r.Inner.Name, r.Inner.ObjectType)
			if err != nil {
				got += " error"
			}
			if test.name != "names are case sensitive" && got != test.theirs {
				t.Errorf("encoding/json: got %s, want %s", got, test.theirs)
			}
		})
	}
}

func TestIntegersAreExactInAnySpelling(t *testing.T) {
	tests := []struct {
		text    string
		want    int64
		problem string
	}{
		{"9007199254740993", 9007199254740993, ""},
		{"-9223372036854775808", -9223372036854775808, ""},
		{"9223372036854775808", 0, "count: number out of range where integer is documented"},
		{"1.0", 1, ""},
		{"1e3", 1000, ""},
		{"1.643014085645E+12", 1643014085645, ""},
		{"-1200e-2", -12, ""},
		{"0.0e999999999999", 0, ""},
		{"1.5", 0, "count: fractional number where integer is documented"},
		{"1e-1", 0, "count: fractional number where integer is documented"},
		{"1e19", 0, "count: number out of range where integer is documented"},
		{"1e999999999999", 0, "count: number out of range where integer is documented"},
		{"1e-999999999999", 0, "count: fractional number where integer is documented"},
		{`"1"`, 0, "count: string where integer is documented"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			s := decoded[fixture.Sample](t, `{"count":`+test.text+`}`)
			if s.Count != test.want || problemsOf(s.JSON) != test.problem {
				t.Errorf("got %d, problems %q; want %d, %q", s.Count, problemsOf(s.JSON), test.want, test.problem)
			}
			if again, err := s.MarshalJSON(); err != nil || string(again) != `{"count":`+test.text+`}` {
				t.Errorf("encoded again: %s %v", again, err)
			}
		})
	}
}

func TestABadMemberBecomesAProblemWithItsPath(t *testing.T) {
	page := decoded[fixture.AuditRecordArray](t, `{"results":[
		{"author":{"type":"user"},"creationDate":1},
		{"author":{"type":7,"displayName":[]},"changedValues":[{"name":"a"},"x",{"name":{}}],"remoteAddress":"ok"},
		"no record",
		{"author":3,"summary":"s\u0000","category":false}],"size":"4"}`)
	want := []string{
		"results[1].author.type: number where string is documented",
		"results[1].author.displayName: array where string is documented",
		"results[1].changedValues[1]: string where object is documented",
		"results[1].changedValues[2].name: object where string is documented",
		"results[2]: string where object is documented",
		"results[3].author: number where object is documented",
		"results[3].category: boolean where string is documented",
		"size: string where integer is documented",
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), problemsOf(page.JSON)); diff != "" {
		t.Errorf("problems of the page (-want +got):\n%s", diff)
	}
	want = []string{
		"author.type: number where string is documented",
		"author.displayName: array where string is documented",
		"changedValues[1]: string where object is documented",
		"changedValues[2].name: object where string is documented",
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), problemsOf(page.Results[1].JSON)); diff != "" {
		t.Errorf("problems of the record (-want +got):\n%s", diff)
	}
	if got := page.Results[1].Author.JSON.Problems()[1]; string(got.Raw) != "[]" || got.Path != "displayName" {
		t.Errorf("problem of the author: %+v", got)
	}
	if page.Results[1].RemoteAddress != "ok" || len(page.Results) != 4 {
		t.Errorf("the rest of the page is not there: %+v", page.Results[1])
	}
}

func TestManyProblemsDoNotFillMemory(t *testing.T) {
	page := decoded[fixture.AuditRecordArray](t, `{"results":[`+strings.Repeat(`{"summary":1,"category":2},`, 999)+`{"summary":3}]}`)
	if got := len(page.JSON.Problems()); got != 100 {
		t.Errorf("the page lists %d problems, want 100", got)
	}
	for i, r := range page.Results {
		if want := 2 - i/999; len(r.JSON.Problems()) != want {
			t.Fatalf("record %d lists %d problems, want %d", i, len(r.JSON.Problems()), want)
		}
	}
	labels := decoded[fixture.Sample](t, `{"labels":{"a b":1,"":2,"x.y":3}}`)
	want := "labels[\"a b\"]: number where string is documented\nlabels[\"\"]: number where string is documented\nlabels[\"x.y\"]: number where string is documented"
	if diff := cmp.Diff(want, problemsOf(labels.JSON)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestInvalidUTF8IsReplacedAndReported(t *testing.T) {
	s := decoded[fixture.Sample](t, "{\"text\":\"a\xffb\",\"names\":[\"\xc3(\"],\"labels\":{\"\xff\":\"x\"},\"\xfe\":1}")
	if s.Text != "a\ufffdb" || s.Names[0] != "\ufffd(" {
		t.Errorf("text %q, names %q", s.Text, s.Names)
	}
	want := "text: invalid UTF-8 where UTF-8 is documented\nnames[0]: invalid UTF-8 where UTF-8 is documented\n" +
		"labels[\"\ufffd\"]: invalid UTF-8 in a name where UTF-8 is documented\n[\"\ufffd\"]: invalid UTF-8 in a name where UTF-8 is documented"
	if diff := cmp.Diff(want, problemsOf(s.JSON)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again, err := s.MarshalJSON(); err != nil || !json.Valid(again) || strings.Contains(string(again), "\xff") {
		t.Errorf("encoded again: %q %v", again, err)
	}
}

func TestUnmarshalOfSomethingElse(t *testing.T) {
	kept := fixture.AffectedObject{Name: "kept"}
	if err := json.Unmarshal([]byte(`null`), &kept); err != nil || kept.Name != "kept" {
		t.Errorf("null is to leave the model alone: %v %+v", err, kept)
	}
	if err := kept.UnmarshalJSON([]byte(`[1]`)); err == nil || err.Error() != "array where object is documented" || kept.Name != "kept" {
		t.Errorf("an array: %v %+v", err, kept)
	}
	if err := kept.UnmarshalJSON([]byte(`{"name":"x"`)); err == nil || err.Error() != "invalid JSON at byte 11: unexpected end" || kept.Name != "kept" {
		t.Errorf("broken: %v %+v", err, kept)
	}
	data := []byte(`{"name":"first"}`)
	if err := kept.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	copy(data, "XXXXXXXXXXXXXXXX")
	if kept.Name != "first" || string(kept.JSON.Raw()) != `{"name":"first"}` {
		t.Errorf("UnmarshalJSON keeps the caller's bytes: %+v", kept)
	}
	kept.JSON.Send("objectType")
	kept.ObjectType = "of before"
	if err := kept.UnmarshalJSON([]byte(`{}`)); err != nil || kept.Name+kept.ObjectType != "" {
		t.Errorf("what the model had before is still there: %v %+v", err, kept)
	}
	if got, err := kept.MarshalJSON(); err != nil || string(got) != "{}" {
		t.Errorf("it is written as %s, %v, want {}", got, err)
	}
}

func TestTimesInAllForms(t *testing.T) {
	want := time.Date(2022, 1, 24, 8, 48, 5, 645_000_000, time.UTC)
	for _, text := range []string{
		`1643014085645`, `"1643014085645"`, `1.643014085645e12`, `"2022-01-24T08:48:05.645Z"`, `"2022-01-24T08:48:05.645+00:00"`, `"2022-01-24T08:48:05.645+0000"`,
		`"2022-01-24T09:48:05.645+01:00"`, `"2022-01-24T03:18:05.645-0530"`, `"2022-01-24T09:48:05.645+01"`, `"2022-01-24T08:48:05.6450\u002b0000"`, `"2022-01-24T08:48:05,645Z"`,
	} {
		for _, member := range []string{"at", "milli"} {
			s := decoded[fixture.Sample](t, `{"`+member+`":`+text+`}`)
			if got := map[string]time.Time{"at": s.At, "milli": s.Milli}[member]; !got.Equal(want) || len(s.JSON.Problems()) > 0 {
				t.Errorf("%s %s: got %v %v", member, text, got, s.JSON.Problems())
			}
			if again, err := s.MarshalJSON(); err != nil || string(again) != `{"`+member+`":`+text+`}` {
				t.Errorf("encoded again: %s %v", again, err)
			}
		}
	}
	for _, text := range []string{
		`""`, `"x"`, `"2022-01-24"`, `"2022-01-24T08:48:05"`, `"2022-02-30T08:48:05Z"`, `"2022-01-24T24:00:00Z"`, `"2022-01-24T08:48:05."`, `"2022-01-24T08:48:05.Z"`,
		`"2022-01-24T08:48:05+99:00"`, `"2022-01-24T08:48:05+00-00"`, `"2022-01-24 08:48:05Z"`, `"2022-13-24T08:48:05Z"`, `1.5`, `1e30`, `true`, `{}`, `"2022-01-24T08:48:05Zx"`, `"+1"`,
	} {
		s := decoded[fixture.Sample](t, `{"at":`+text+`}`)
		if !s.At.IsZero() || len(s.JSON.Problems()) != 1 {
			t.Errorf("%s: got %v, problems %v", text, s.At, s.JSON.Problems())
		}
		if again, err := s.MarshalJSON(); err != nil || string(again) != `{"at":`+text+`}` {
			t.Errorf("encoded again: %s %v", again, err)
		}
	}
}

func TestTimesInParametersAreInUTCAndInTheirForm(t *testing.T) {
	at := time.Date(2022, 1, 24, 9, 48, 5, 645_000_000, time.FixedZone("", 3600))
	for format, want := range map[lossless.TimeFormat]string{
		lossless.RFC3339: "2022-01-24T08:48:05.645Z", lossless.UnixMilli: "1643014085645", lossless.Jira: "2022-01-24T08:48:05.645+0000",
	} {
		if got := lossless.FormatTimes([]time.Time{at}, format); len(got) != 1 || got[0] != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestATimeBeyondWhatItsFormCanSayIsAProblemAndSurvives(t *testing.T) {
	for _, text := range []string{`253402300800000`, `9007199254740993`, `-99999999999999`, `"253402300800000"`, `"9999-12-31T23:59:59-01:00"`, `"0000-01-01T00:00:00+01:00"`} {
		s := decoded[fixture.Sample](t, `{"at":`+text+`,"times":[`+text+`]}`)
		if want := "at: time out of range where time is documented\ntimes[0]: time out of range where time is documented"; problemsOf(s.JSON) != want || !s.At.IsZero() {
			t.Errorf("%s: got %v, problems %s", text, s.At, problemsOf(s.JSON))
		}
		if again, err := s.MarshalJSON(); err != nil || string(again) != `{"at":`+text+`,"times":[`+text+`]}` {
			t.Errorf("encoded again: %s %v", again, err)
		}
		// Milliseconds can say it.
		s = decoded[fixture.Sample](t, `{"milli":`+text+`}`)
		if again, err := s.MarshalJSON(); err != nil || string(again) != `{"milli":`+text+`}` || s.Milli.IsZero() || problemsOf(s.JSON) != "" {
			t.Errorf("encoded again: %s %v", again, err)
		}
	}
}

// decoded reads a model from a text that is a JSON object.
func decoded[M any, P interface {
	*M
	json.Unmarshaler
}](t testing.TB, text string) P {
	t.Helper()
	m := P(new(M))
	if err := m.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return m
}

// answering is a transport that answers every request with a JSON text.
type answering string

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(a)), Body: io.NopCloser(strings.NewReader(string(a))), Request: r,
	}, nil
}

// clientOf returns a client whose answers are the text. Unlike UnmarshalJSON, its methods do not
// look at the text before they decode it.
func clientOf(t testing.TB, text string) *fixture.Client {
	t.Helper()
	c, err := fixture.NewClient("https://x.example", rest.WithHTTPClient(&http.Client{Transport: answering(text)}), rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func problemsOf(m lossless.Members) string {
	var lines []string
	for _, p := range m.Problems() {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

func TestMembersInAnyOrderFillTheSameFields(t *testing.T) {
	for i, text := range []string{
		`{"newValue":"n","name":"a","oldValue":"o"}`, // the order that is remembered
		`{"name":"a","oldValue":"o","newValue":"n"}`,
		`{"newValue":"n","other":1,"name":"a","oldValue":"o"}`,
		`{"oldValue":"x","newValue":"n","name":"a","oldValue":"o"}`,
		` { "newValue" : "n" , "oldValue" : "o" , "name" : "a" } `,
		`{"newValue":"n","name":"a","oldValue":"o"}`,
	} {
		var m fixture.ChangedValue
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		if m.Name != "a" || m.OldValue != "o" || m.NewValue != "n" || len(m.JSON.Extra()) != strings.Count(text, "other") {
			t.Errorf("%d: %s: %+v", i, text, m)
		}
	}
}
