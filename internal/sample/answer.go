package sample

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Answer is a possible response of an operation.
type Answer struct {
	Status int
	Media  string              // media type, such as "application/json"; empty without a body
	Schema *openapi3.SchemaRef // schema of the body; nil if it is not JSON or not known
	JSON   bool
}

// Answers returns the successful responses of an operation, by media type. There is at least one.
func Answers(method string, op *openapi3.Operation) []Answer {
	status, response := success(op)
	if response == nil || len(response.Content) == 0 || method == http.MethodHead || status == http.StatusNoContent {
		return []Answer{{Status: status}}
	}
	var answers []Answer
	for media, content := range response.Content {
		a := Answer{Status: status, Media: media}
		name, _, _ := strings.Cut(media, ";")
		any := strings.Contains(name, "*")
		if a.JSON = name == "*/*" || name == "application/*" || strings.Contains(name, "json"); a.JSON {
			if content != nil {
				a.Schema = content.Schema
			}
			if any {
				a.Media = "application/json"
			}
		} else if any {
			a.Media = strings.ReplaceAll(media, "*", "plain")
		}
		answers = append(answers, a)
	}
	slices.SortFunc(answers, func(a, b Answer) int { return cmp.Compare(a.Media, b.Media) })
	return answers
}

// Body returns a body for the response, or nil if it has none.
func (a Answer) Body(seed uint64) ([]byte, error) {
	switch {
	case a.Media == "":
		return nil, nil
	case !a.JSON:
		return []byte("text of the answer"), nil
	}
	data, err := json.Marshal(ValueByExample(a.Schema, "", seed))
	if err != nil {
		return nil, fmt.Errorf("cannot make JSON from the schema of a response: %w", err)
	}
	return data, nil
}

// success returns the response with the lowest 2xx status, preferably with a body, else the default
// response.
func success(op *openapi3.Operation) (int, *openapi3.Response) {
	best, status := (*openapi3.Response)(nil), 0
	if op.Responses == nil {
		return http.StatusOK, nil
	}
	for code, ref := range op.Responses.Map() {
		n, err := strconv.Atoi(strings.NewReplacer("X", "0", "x", "0").Replace(code))
		if err != nil || n < 200 || n > 299 || ref.Value == nil {
			continue
		}
		better := best == nil || n < status
		if best != nil && (len(ref.Value.Content) > 0) != (len(best.Content) > 0) {
			better = len(ref.Value.Content) > 0
		}
		if better {
			best, status = ref.Value, n
		}
	}
	if fallback := op.Responses.Default(); best == nil && fallback != nil && fallback.Value != nil {
		return http.StatusOK, fallback.Value
	}
	return cmp.Or(status, http.StatusOK), best
}
