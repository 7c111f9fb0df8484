//go:build go1.27

package lossless_test

import (
	"bytes"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// The second oracle beside encoding/json: it is part of the library from Go 1.27 on.

// lenient switches off the two rules that jsontext adds to JSON as encoding/json reads it.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

func TestDifferentialAgainstJSONText(t *testing.T) {
	for _, text := range texts {
		t.Run(short(text), func(t *testing.T) { sameAsJSONText(t, []byte(text)) })
	}
}

func FuzzDecodeAgainstJSONText(f *testing.F) {
	for _, text := range texts {
		if len(text) < 2000 {
			f.Add([]byte(text))
		}
	}
	f.Fuzz(sameAsJSONText)
}

// sameAsJSONText checks one text: accepted or refused alike, and the same tokens with the same
// values.
func sameAsJSONText(t *testing.T, data []byte) {
	t.Helper()
	theirs, theirErr := tokensOfJSONText(data, lenient...)
	ours, err := lossless.TokensOf(string(data))
	if (err == nil) != (theirErr == nil) {
		t.Fatalf("error %v, jsontext says %v", err, theirErr)
	}
	if theirErr != nil {
		return
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("tokens (-jsontext +ours):\n%s", diff)
	}
	if got := lossless.Compact(string(data)); !sameAsCompacted(got, data) {
		t.Errorf("without white space: %q", got)
	}
}

// sameAsCompacted compares a text with what jsontext makes of data without its white space.
func sameAsCompacted(got, data []byte) bool {
	v := jsontext.Value(bytes.Clone(data))
	if err := v.Compact(append(lenient, jsontext.PreserveRawStrings(true))...); err != nil {
		return false
	}
	return bytes.Equal(got, v)
}

// tokensOfJSONText lists what jsontext reads: strings by their value, numbers by their spelling.
func tokensOfJSONText(data []byte, opts ...jsontext.Options) ([]string, error) {
	d := jsontext.NewDecoder(bytes.NewReader(data), opts...)
	var list []string
	for depth := 0; ; {
		token, err := d.ReadToken()
		if err == io.EOF && depth == 0 && len(list) > 0 {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if depth == 0 && len(list) > 0 {
			return nil, fmt.Errorf("data after the value")
		}
		switch token.Kind() {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		text := token.String()
		if token.Kind() == '"' {
			text = fmt.Sprintf("%q", text)
		}
		list = append(list, text)
		if depth == 0 && token.Kind() != '{' && token.Kind() != '[' {
			continue
		}
	}
}

func TestDifferentialDifferencesFromStrictJSONTextAreTheseOnly(t *testing.T) {
	for _, test := range []struct{ name, text, theirs, ours string }{
		{"a repeated name is data; of a documented member the last one counts", `{"text":"a","text":"b"}`, "duplicate object member name", `"b" {"text":"b"}`},
		{"a repeated undocumented name is data", `{"x":1,"x":2}`, "duplicate object member name", `"" {"x":2}`},
		{"names that are the same when unescaped are repeated", `{"text":"a","t\u0065xt":"b"}`, "duplicate object member name", `"b" {"text":"b"}`},
		{"a byte that is no UTF-8 becomes U+FFFD and a problem", "{\"text\":\"a\xff\"}", "invalid UTF-8", "\"a\ufffd\" {\"text\":\"a\ufffd\"} text: invalid UTF-8 where UTF-8 is documented"},
		{"so it does in a name", "{\"\xff\":1}", "invalid UTF-8", "\"\" {\"\ufffd\":1} [\"\ufffd\"]: invalid UTF-8 in a name where UTF-8 is documented"},
		{"an encoded surrogate is no UTF-8", "{\"text\":\"\xed\xa0\x80\"}", "invalid UTF-8", "\"\ufffd\ufffd\ufffd\" {\"text\":\"\ufffd\ufffd\ufffd\"} text: invalid UTF-8 where UTF-8 is documented"},
		{"half a pair of surrogates becomes U+FFFD and keeps its spelling", `{"text":"\ud800"}`, "surrogate pair", "\"\ufffd\" {\"text\":\"\\ud800\"}"},
		{"so does the other half", `{"text":"\udc00x"}`, "surrogate pair", "\"\ufffdx\" {\"text\":\"\\udc00x\"}"},
		{"two halves in the wrong order", `{"text":"\udc00\ud800"}`, "surrogate pair", "\"\ufffd\ufffd\" {\"text\":\"\\udc00\\ud800\"}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := tokensOfJSONText([]byte(test.text))
			if err == nil || !strings.Contains(err.Error(), test.theirs) {
				t.Errorf("jsontext: got %v, want an error about a %s", err, test.theirs)
			}
			s := decoded[fixture.Sample](t, test.text)
			again, err := s.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimSpace(fmt.Sprintf(`"%s" %s %s`, s.Text, again, problemsOf(s.JSON)))
			if diff := cmp.Diff(test.ours, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if string(s.JSON.Raw()) != test.text {
				t.Errorf("Raw: %s", s.JSON.Raw())
			}
			// With its two own rules switched off, jsontext agrees.
			sameAsJSONText(t, []byte(test.text))
		})
	}
}

// What strict jsontext takes, it takes to be the same after we decoded and encoded it.
func TestDifferentialOfWhatIsEncodedAgain(t *testing.T) {
	for name, text := range records {
		t.Run(name, func(t *testing.T) {
			again, err := decoded[fixture.AuditRecord](t, text).MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			want, got := jsontext.Value(text), jsontext.Value(again)
			for _, v := range []*jsontext.Value{&want, &got} {
				// Canonicalize rounds numbers to float64, but Format with reordering does not.
				if err := v.Format(jsontext.ReorderRawObjects(true), jsontext.PreserveRawStrings(false)); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
