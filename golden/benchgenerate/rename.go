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

// doubled returns the schema name because of which oapi-codegen refuses a document: it makes two
// types of that name, one for the schema and one for an unnamed part. It is empty for all other
// refusals.
func doubled(refusal string) string {
	if found := doubledType.FindStringSubmatch(refusal); found != nil {
		return found[1]
	}
	return ""
}

// newName is the new name of a renamed schema.
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
		return fmt.Errorf("%s: schemas can be renamed in JSON only: %w", file, err)
	}
	components, _ := doc["components"].(object)
	schemas, _ := components["schemas"].(object)
	schema, ok := schemas[name]
	if _, taken := schemas[newName(name)]; !ok || taken {
		return fmt.Errorf("%s: cannot rename schema %s to %s: it is missing or the new name is taken", file, name, newName(name))
	}
	delete(schemas, name)
	schemas[newName(name)] = schema
	return json.NewEncoder(w).Encode(refer(doc, schemasAt+name, schemasAt+newName(name)))
}

// refer returns v with every string from replaced by to.
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
