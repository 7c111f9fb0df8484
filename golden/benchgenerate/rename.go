package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

var doubledType = regexp.MustCompile(`duplicate typename '(\w+)'`)

// doubled gives the name that oapi-codegen refuses a document for: it makes two types of that name, one of the schema and one of
// something without a name. It is empty for all other refusals.
func doubled(refusal string) string {
	if found := doubledType.FindStringSubmatch(refusal); found != nil {
		return found[1]
	}
	return ""
}

// newName is what a schema is called instead.
func newName(name string) string { return name + "Renamed" }

const schemasAt = "#/components/schemas/"

// renameOnly prints an OpenAPI 3 document in JSON with one schema renamed.
func renameOnly(w io.Writer, file, name string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var doc object
	if err := decoder.Decode(&doc); err != nil {
		return fmt.Errorf("%s: schemas are renamed in JSON only: %w", file, err)
	}
	components, _ := doc["components"].(object)
	schemas, _ := components["schemas"].(object)
	schema, ok := schemas[name]
	if _, taken := schemas[newName(name)]; !ok || taken {
		return fmt.Errorf("%s: schema %s cannot become %s: it is not there, or the other one is", file, name, newName(name))
	}
	delete(schemas, name)
	schemas[newName(name)] = schema
	return json.NewEncoder(w).Encode(refer(doc, schemasAt+name, schemasAt+newName(name)))
}

// refer gives a value in which every string that is one reference is another.
func refer(v any, from, to string) any {
	switch v := v.(type) {
	case string:
		if v == from {
			return to
		}
	case object:
		for key, inner := range v {
			v[key] = refer(inner, from, to)
		}
	case []any:
		for i, inner := range v {
			v[i] = refer(inner, from, to)
		}
	}
	return v
}
