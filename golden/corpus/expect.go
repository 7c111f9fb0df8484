package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/golden/corpus/internal/call"
	"github.com/seed-1954497d/auditgen/internal/sample"
)

// expectations returns what a settled document says about calls.
func expectations(file string) (*call.Document, error) {
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	all := new(call.Document)
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			one, err := expectOperation(method, path, item, op)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			all.Operations = append(all.Operations, one)
			all.Variables = append(all.Variables, variables(item.Parameters, op.Parameters)...)
		}
	}
	slices.SortFunc(all.Operations, func(a, b *call.Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	slices.Sort(all.Variables)
	all.Variables = slices.Compact(all.Variables)
	return all, nil
}

// variables returns the server URL variables in the path that have no default.
func variables(shared, own openapi3.Parameters) (names []string) {
	for _, p := range slices.Concat(shared, own) {
		if p.Value != nil && p.Value.Extensions["x-auditgen-server-variable"] == true && (p.Value.Schema == nil || p.Value.Schema.Value.Default == nil) {
			names = append(names, p.Value.Name)
		}
	}
	return names
}

func expectOperation(method, path string, item *openapi3.PathItem, op *openapi3.Operation) (*call.Operation, error) {
	one := &call.Operation{ID: op.OperationID, Method: method, Path: path, Params: expectParams(item.Parameters, op.Parameters)}
	if op.RequestBody != nil && op.RequestBody.Value != nil {
		body := op.RequestBody.Value
		one.Body = &call.Body{Required: body.Required}
		for media := range body.Content {
			one.Body.Media = append(one.Body.Media, media)
		}
		slices.Sort(one.Body.Media)
	}
	answers, err := expectAnswers(method, op)
	one.Answers = answers
	return one, err
}

// notSent are header parameters that OpenAPI ignores, because other parts of the document set them.
var notSent = []string{"accept", "content-type", "authorization"}

func expectParams(shared, own openapi3.Parameters) []call.Param {
	byPlace := map[[2]string]*openapi3.Parameter{}
	for _, p := range append(slices.Clone(shared), own...) {
		if p.Value != nil {
			byPlace[[2]string{p.Value.In, p.Value.Name}] = p.Value
		}
	}
	var all []call.Param
	for _, p := range byPlace {
		if p.In != openapi3.ParameterInPath && !(p.In == openapi3.ParameterInHeader && slices.Contains(notSent, strings.ToLower(p.Name))) {
			all = append(all, call.Param{In: p.In, Name: p.Name, Spread: isSpread(p)})
		}
	}
	slices.SortFunc(all, func(a, b call.Param) int { return cmp.Or(cmp.Compare(a.In, b.In), cmp.Compare(a.Name, b.Name)) })
	return all
}

// isSpread reports whether the members of an object parameter are sent as separate parameters. A
// parameter without a schema is sent as an object.
func isSpread(p *openapi3.Parameter) bool {
	if len(p.Content) > 0 || p.Style != "" && p.Style != openapi3.SerializationForm || p.Explode != nil && !*p.Explode {
		return false
	}
	return p.Schema == nil || p.Schema.Value == nil || mayBeObject(p.Schema.Value)
}

func mayBeObject(s *openapi3.Schema) bool {
	return s.Type == nil || s.Type.Includes("object")
}

// expectAnswers returns the successful responses of the client: those of the first successful
// status.
func expectAnswers(method string, op *openapi3.Operation) ([]call.Answer, error) {
	var answers []call.Answer
	for _, a := range sample.Answers(method, op) {
		body, err := a.Body(0)
		if err != nil {
			return nil, err
		}
		answers = append(answers, call.Answer{Status: a.Status, Media: a.Media, Body: string(body)})
	}
	return answers, nil
}
