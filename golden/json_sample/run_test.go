package json_sample_test

import (
	"encoding/json"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	sample "github.com/seed-1954497d/auditgen/golden/json_sample/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func get(t *testing.T, body string) *sample.Weather {
	t.Helper()
	s := try.Serve(t, try.JSON(body))
	c, err := sample.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetWeather(t.Context(), "São Paulo")
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Line(), "GET /weather/S%C3%A3o%20Paulo")
	return got
}

func TestMembersOfTheSampleAreFields(t *testing.T) {
	const body = `{"degrees": 21.5, "station": null, "measuredAt": "2026-03-01T10:00:00Z", "wind": {"knots": 12}}`
	got := get(t, body)
	try.Equal(t, "degrees", got.Degrees, 21.5)
	try.Equal(t, "measuredAt", got.MeasuredAt, "2026-03-01T10:00:00Z")
	try.Equal(t, "knots", got.Wind.Knots, 12)
	try.Equal(t, "undocumented", len(got.JSON.Extra()), 0)
}

func TestDecodingAndEncodingPreserves(t *testing.T) {
	for name, body := range map[string]string{
		"null":                        `{"degrees": 21.5, "station": null}`,
		"a string that was null":      `{"degrees": 21.5, "station": "EDDB"}`,
		"absence":                     `{"degrees": 0}`,
		"absence of required members": `{}`,
		"empty values":                `{"degrees": 0, "station": "", "measuredAt": "", "wind": {}}`,
		"spellings of numbers":        `{"degrees": 2.150e1, "wind": {"knots": 1.0}}`,
		"members nobody mentions":     `{"degrees": 1, "humidity": [0.50, null], "wind": {"knots": 3, "gusts": {"a": 1}}}`,
		"a value of another type":     `{"degrees": "warm", "wind": [], "measuredAt": 5}`,
		"undocumented null":           `{"degrees": null, "wind": null}`,
	} {
		t.Run(name, func(t *testing.T) {
			again, err := json.Marshal(get(t, body))
			if err != nil {
				t.Fatal(err)
			}
			try.SameJSON(t, "encoded again", again, body)
		})
	}
}

func TestNullAndAbsentAreDistinguished(t *testing.T) {
	null, absent := get(t, `{"station": null}`), get(t, `{}`)
	try.Equal(t, "null", []bool{null.JSON.Has("station"), null.JSON.IsNull("station")}, []bool{true, true})
	try.Equal(t, "absent", []bool{absent.JSON.Has("station"), absent.JSON.IsNull("station")}, []bool{false, false})
}

func TestDifferencesFromTheSampleAreProblemsAndNotErrors(t *testing.T) {
	got := get(t, `{"degrees": "warm", "station": "EDDB", "wind": {"knots": 2.5}}`)
	var said []string
	for _, p := range got.JSON.Problems() {
		said = append(said, p.String()+": "+string(p.Raw))
	}
	try.Equal(t, "problems", said, []string{
		`degrees: string where number is documented: "warm"`,
		`wind.knots: fractional number where integer is documented: 2.5`,
	})
	try.Equal(t, "station", got.Station, "EDDB")
}
