package overlay

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const before = `# Corrections, the strongest source.
overlay: 1.0.0
info: {title: T, version: '1'} # a title
actions:
  # The document as a whole.
  - target: $
    description: Why, with 'quotes' and a # that is no comment.
    update:
      info: {title: New, version: '2'}   # two facts

  # Parameters.
  - target: $.a # here
    x-expect: {format: null, 'default': null, type: integer}
    update: {format: int32, default: "a, b}", minimum: 0}
  - x-expect: {deep: {format: null}}
    target: $.b
    update:
      deep:
        # The length.
        format: int64
        maximum: 5
      text: |
        # no comment
        a: 1
      list: [a, {b: c}]
    # Behind the last member.

  # The end.
  - target: $.c
    remove: true
`

func TestEditingLeavesTheRestAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		edits []Edit
		want  string
	}{
		"nothing": {nil, before},
		"an action": {[]Edit{{Action: 1, Whole: true}}, `# Corrections, the strongest source.
overlay: 1.0.0
info: {title: T, version: '1'} # a title
actions:
  # The document as a whole.
  - target: $
    description: Why, with 'quotes' and a # that is no comment.
    update:
      info: {title: New, version: '2'}   # two facts

  # Parameters.
  - x-expect: {deep: {format: null}}
    target: $.b
    update:
      deep:
        # The length.
        format: int64
        maximum: 5
      text: |
        # no comment
        a: 1
      list: [a, {b: c}]
    # Behind the last member.

  # The end.
  - target: $.c
    remove: true
`},
		"members in one line": {[]Edit{
			{Action: 0, Update: [][]string{{"info", "version"}}},
			{Action: 1, Update: [][]string{{"format"}, {"default"}}, Expect: [][]string{{"default"}, {"format"}}},
			{Action: 2, Update: [][]string{{"deep", "format"}, {"list"}}, Expect: [][]string{{"deep", "format"}}},
		}, `# Corrections, the strongest source.
overlay: 1.0.0
info: {title: T, version: '1'} # a title
actions:
  # The document as a whole.
  - target: $
    description: Why, with 'quotes' and a # that is no comment.
    update:
      info: {title: New}   # two facts

  # Parameters.
  - target: $.a # here
    x-expect: {type: integer}
    update: {minimum: 0}
  - target: $.b
    update:
      deep:
        # The length.
        maximum: 5
      text: |
        # no comment
        a: 1
    # Behind the last member.

  # The end.
  - target: $.c
    remove: true
`},
		"all members of an action": {[]Edit{
			{Action: 0, Update: [][]string{{"info", "version"}, {"info", "title"}}},
			{Action: 2, Update: [][]string{{"deep", "format"}, {"deep", "maximum"}, {"text"}, {"list"}}},
			{Action: 3, Whole: true},
		}, `# Corrections, the strongest source.
overlay: 1.0.0
info: {title: T, version: '1'} # a title
actions:
  # The document as a whole.

  # Parameters.
  - target: $.a # here
    x-expect: {format: null, 'default': null, type: integer}
    update: {format: int32, default: "a, b}", minimum: 0}

  # The end.
`},
		"all actions": {[]Edit{{Action: 0, Whole: true}, {Action: 1, Whole: true}, {Action: 2, Whole: true}, {Action: 3, Whole: true}}, `# Corrections, the strongest source.
overlay: 1.0.0
info: {title: T, version: '1'} # a title
actions: []
  # The document as a whole.

  # Parameters.

  # The end.
`},
	} {
		got, err := Apply([]byte(before), c.edits)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, string(got)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestAnOverlayInJSONIsEdited(t *testing.T) {
	const json = `{"overlay": "1.0.0",
 "actions": [
  {"target": "$.a", "update": {"format": "int32", "pattern": "[\"{,]"}},
  {"target": "$.b", "update": {"x": 1}}
 ]
}
`
	for want, edit := range map[string]Edit{
		"{\"overlay\": \"1.0.0\",\n \"actions\": [\n  {\"target\": \"$.b\", \"update\": {\"x\": 1}}\n ]\n}\n":                                                                    {Action: 0, Whole: true},
		"{\"overlay\": \"1.0.0\",\n \"actions\": [\n  {\"target\": \"$.a\", \"update\": {\"pattern\": \"[\\\"{,]\"}},\n  {\"target\": \"$.b\", \"update\": {\"x\": 1}}\n ]\n}\n": {Action: 0, Update: [][]string{{"format"}}},
		"{\"overlay\": \"1.0.0\",\n \"actions\": [\n  {\"target\": \"$.a\", \"update\": {\"format\": \"int32\", \"pattern\": \"[\\\"{,]\"}}\n ]\n}\n":                            {Action: 1, Update: [][]string{{"x"}}},
	} {
		got, err := Apply([]byte(json), []Edit{edit})
		if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
	}
}

// FuzzApply: whatever is edited is read again as it must be, or is an error.
func FuzzApply(f *testing.F) {
	f.Add([]byte(before), 1, "format")
	f.Add([]byte("actions: [{target: a, update: {b: 'c'}}]"), 0, "b")
	f.Fuzz(func(t *testing.T, data []byte, action int, key string) {
		_, _ = Apply(data, []Edit{{Action: action, Update: [][]string{{key}}, Expect: [][]string{{key, key}}}})
	})
}
