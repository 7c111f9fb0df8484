package generator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// shapes is a document with a type of every sort: named and inline models, enums and unions, in
// bodies, parameters and answers.
const shapes = `openapi: 3.0.3
info: {title: Shapes, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: sort, in: query, schema: {type: string, enum: [up, down]}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/ThingPageBean'}}}}
    post:
      operationId: createThing
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {name: {type: string}, owner: {type: object, properties: {id: {type: string}}}}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/ThingBean'}}}}
components:
  schemas:
    ThingPageBean:
      type: object
      properties:
        values: {type: array, items: {$ref: '#/components/schemas/ThingBean'}}
    ThingBean:
      type: object
      properties:
        state: {type: string, enum: [new, old]}
        parts: {type: array, items: {type: object, properties: {weight: {type: integer}}}}
        shape: {$ref: '#/components/schemas/ShapeBean'}
        next: {$ref: '#/components/schemas/ThingBean'}
        note: {type: string}
    ShapeBean:
      oneOf:
        - {title: Circle, type: object, required: [radius], properties: {radius: {type: number}}}
        - {title: Square, type: object, required: [side], properties: {side: {type: number}}}
`

// typesOf generates a package from shapes and lists its types, then its notes.
func typesOf(t *testing.T, spec, overlay string, names ...lock.Operation) (string, error) {
	t.Helper()
	in := generator.Input{Package: "things", ImportPath: importedAs, Names: names}
	if overlay != "" {
		in.Sources = append(in.Sources, generator.SourceInput{Kind: claim.Overlay, File: source.File{Name: "overlay.yaml", Data: []byte("overlay: 1.0.0\nactions:\n" + overlay)}})
	}
	in.Sources = append(in.Sources, generator.SourceInput{Kind: claim.OpenAPI, File: source.File{Name: "spec.yaml", Data: []byte(spec)}})
	out, err := generator.Generate(in)
	if err != nil {
		return "", err
	}
	c, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.check(out.Files); err != nil {
		t.Errorf("the package does not compile: %v", err)
	}
	var all []string
	for _, m := range out.API.Models {
		all = append(all, m.Name)
	}
	for _, e := range out.API.Enums {
		all = append(all, e.Name)
	}
	for _, u := range out.API.Unions {
		all = append(all, u.Name)
	}
	slices.Sort(all)
	lines := strings.Join(all, " ")
	for _, n := range out.Document.Notes {
		lines += "\n" + n.Error()
	}
	return lines, nil
}

const derivedTypes = "CreateThingRequest CreateThingRequestOwner ListThingsSort ShapeBean ShapeBeanCircle ShapeBeanSquare ThingBean ThingBeanPart ThingBeanState ThingPageBean"

func TestAnOverlayGivesSchemasTheirGoNames(t *testing.T) {
	tests := []struct {
		name    string
		overlay string
		want    string
	}{
		{"none", "", derivedTypes},
		{"a model, whose inner types follow", `- {target: $.components.schemas.ThingBean, update: {x-go-type-name: Thing}}`,
			"CreateThingRequest CreateThingRequestOwner ListThingsSort ShapeBean ShapeBeanCircle ShapeBeanSquare Thing ThingPageBean ThingPart ThingState"},
		{"the schema behind a reference", `- {target: $.components.schemas.ThingPageBean.properties.values.items, update: {x-go-type-name: Thing}}`,
			"CreateThingRequest CreateThingRequestOwner ListThingsSort ShapeBean ShapeBeanCircle ShapeBeanSquare Thing ThingPageBean ThingPart ThingState"},
		{"a union, whose variants follow", `- {target: $.components.schemas.ShapeBean, update: {x-go-type-name: Shape}}`,
			"CreateThingRequest CreateThingRequestOwner ListThingsSort Shape ShapeCircle ShapeSquare ThingBean ThingBeanPart ThingBeanState ThingPageBean"},
		{"an inline request body", `- {target: "$.paths['/things'].post.requestBody.content['application/json'].schema", update: {x-go-type-name: NewThing}}`,
			"ListThingsSort NewThing NewThingOwner ShapeBean ShapeBeanCircle ShapeBeanSquare ThingBean ThingBeanPart ThingBeanState ThingPageBean"},
		{"shapes inside of others", `
- {target: $.components.schemas.ThingBean.properties.state, update: {x-go-type-name: State}}
- {target: $.components.schemas.ThingBean.properties.parts.items, update: {x-go-type-name: Part}}
- {target: "$.components.schemas.ShapeBean.oneOf[0]", update: {x-go-type-name: Disc}}
- {target: "$.paths['/things'].get.parameters[0].schema", update: {x-go-type-name: Order}}`,
			"CreateThingRequest CreateThingRequestOwner Disc Order Part ShapeBean ShapeBeanSquare State ThingBean ThingPageBean"},
		{"the name that it has anyway", `- {target: $.components.schemas.ThingBean, update: {x-go-type-name: ThingBean}}`, derivedTypes},
		{"the name of a schema that has another one", `
- {target: $.components.schemas.ThingBean, update: {x-go-type-name: ThingPageBean}}
- {target: $.components.schemas.ThingPageBean, update: {x-go-type-name: ThingBean}}`,
			"CreateThingRequest CreateThingRequestOwner ListThingsSort ShapeBean ShapeBeanCircle ShapeBeanSquare ThingBean ThingPageBean ThingPageBeanPart ThingPageBeanState"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := typesOf(t, shapes, strings.TrimPrefix(test.overlay, "\n"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestAGoNameInAnOverlayThatCannotBeHadIsAnError(t *testing.T) {
	model := func(name string) string {
		return fmt.Sprintf("- target: $.components.schemas.ThingBean\n  update: {x-go-type-name: %s}\n", name)
	}
	tests := []struct{ name, overlay, want string }{
		{"code", model(`"A struct{}; func init(){}"`),
			`overlay.yaml:4: schema ThingBean: x-go-type-name "A struct{}; func init(){}" is not an exported Go identifier: write one such as AuditRecord`},
		{"unexported", model("thing"), `overlay.yaml:4: schema ThingBean: x-go-type-name "thing" is not an exported Go identifier: write one such as AuditRecord`},
		{"empty", model(`""`), `overlay.yaml:4: schema ThingBean: x-go-type-name "" is not an exported Go identifier: write one such as AuditRecord`},
		{"too long", model("T" + strings.Repeat("o", 200)),
			`overlay.yaml:4: schema ThingBean: x-go-type-name "T` + strings.Repeat("o", 99) + `" is not an exported Go identifier: write one such as AuditRecord`},
		{"not a string", model("[Thing]"), `overlay.yaml:3: schema ThingBean: x-go-type-name is an array, not a string: write the name of a Go type`},
		{"of another schema", model("ShapeBean"), `overlay.yaml:4: schema ThingBean: x-go-type-name "ShapeBean": that is the name of schema ShapeBean: choose another name`},
		{"of the runtime", model("Client"), `overlay.yaml:4: schema ThingBean: x-go-type-name "Client": every generated package has that name, or an operation of the lock does: choose another name`},
		{"of a shape", model("ListThingsSort"), `overlay.yaml:4: schema ThingBean: x-go-type-name "ListThingsSort": another identifier of the package has that name: choose another name, or name that one too`},
		{"of a constant", model("ListThingsSortUp"), `overlay.yaml:4: schema ThingBean: x-go-type-name "ListThingsSortUp": another identifier of the package has that name: choose another name, or name that one too`},
		{"of parameters", model("ListThingsParams"), `overlay.yaml:4: schema ThingBean: x-go-type-name "ListThingsParams": another identifier of the package has that name: choose another name, or name that one too`},
		{"given twice", model("Thing") + "- target: $.components.schemas.ShapeBean\n  update: {x-go-type-name: Thing}\n",
			`overlay.yaml:4: schema ThingBean: x-go-type-name "Thing": that is the name of schema ShapeBean: choose another name`},
		{"two for one schema", model("Thing") + "- target: $.components.schemas.ThingPageBean.properties.values.items\n  update: {x-go-type-name: Item}\n",
			`overlay.yaml:4: schema ThingBean: x-go-type-name "Thing": line 6 names the same schema "Item": remove one of them`},
		{"of a value without a type", "- target: $.components.schemas.ThingBean.properties.note\n  update: {x-go-type-name: Note}\n",
			`overlay.yaml:4: schema ThingBean note: x-go-type-name "Note": the value has no Go type of its own: put it on an object with members, an enum or a union, or remove it`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := typesOf(t, shapes, test.overlay)
			if err == nil {
				t.Fatal("there is no error")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// named is shapes with a line behind a line of it.
func named(t *testing.T, behind, line string) string {
	t.Helper()
	if strings.Count(shapes, behind) != 1 {
		t.Fatalf("%q is not one place", behind)
	}
	return strings.Replace(shapes, behind, behind+line, 1)
}

func TestAGoNameInADocumentIsTakenOrPassedOverWithANote(t *testing.T) {
	const thing, inShape = "    ThingBean:\n", "    ShapeBean:\n"
	const renamed = "CreateThingRequest CreateThingRequestOwner ListThingsSort ShapeBean ShapeBeanCircle ShapeBeanSquare Thing ThingPageBean ThingPart ThingState"
	tests := []struct{ name, spec, want string }{
		{"taken", named(t, thing, "      x-go-type-name: Thing\n"), renamed},
		{"code", named(t, thing, "      x-go-type-name: \"A struct{}; func init(){}\"\n"),
			derivedTypes + "\nschema ThingBean: x-go-type-name \"A struct{}; func init(){}\": it is not an exported Go identifier: the type is ThingBean"},
		{"not a string", named(t, thing, "      x-go-type-name: {a: b}\n"),
			derivedTypes + "\nspec.yaml:26: schema ThingBean: x-go-type-name is an object, not a string: left out"},
		{"nothing", named(t, thing, "      x-go-type-name: null\n"), derivedTypes},
		{"of another schema", named(t, thing, "      x-go-type-name: ShapeBean\n"),
			derivedTypes + "\nschema ThingBean: x-go-type-name \"ShapeBean\": that is the name of schema ShapeBean: the type is ThingBean"},
		{"of the runtime", named(t, inShape, "      x-go-type-name: Client\n"),
			derivedTypes + "\nschema ShapeBean: x-go-type-name \"Client\": every generated package has that name, or an operation of the lock does: the type is ShapeBean"},
		{"of a shape", named(t, thing, "      x-go-type-name: CreateThingRequestOwner\n"),
			"CreateThingRequest CreateThingRequestOwner CreateThingRequestOwner2 CreateThingRequestOwnerPart CreateThingRequestOwnerState ListThingsSort ShapeBean ShapeBeanCircle ShapeBeanSquare ThingPageBean" +
				"\nschema ThingBean: x-go-type-name \"CreateThingRequestOwner\": another identifier would have that name: the other one is CreateThingRequestOwner2"},
		{"beside a reference", strings.Replace(shapes, "items: {$ref: '#/components/schemas/ThingBean'}", "items: {$ref: '#/components/schemas/ThingBean', x-go-type-name: Thing}", 1),
			derivedTypes + "\nspec.yaml:24: schema ThingPageBean values[]: x-go-type-name is beside $ref, where it has no effect: left out"},
		{"of a value without a type", strings.Replace(shapes, "note: {type: string}", "note: {type: string, x-go-type-name: Note}", 1),
			derivedTypes + "\nschema ThingBean note: x-go-type-name \"Note\": the value has no Go type of its own: the name is not used"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := typesOf(t, test.spec, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Other tools print what the settled document has, so that it keeps a name that is one, and no
// other.
func TestTheSettledDocumentKeepsGoNames(t *testing.T) {
	for name, kept := range map[string]bool{"Thing": true, "A struct{}; func init(){}": false} {
		spec := named(t, "    ThingBean:\n", "      x-go-type-name: \""+name+"\"\n")
		out, err := generator.Generate(generator.Input{Package: "things", Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: source.File{Name: "spec.yaml", Data: []byte(spec)}}}})
		if err != nil {
			t.Fatal(err)
		}
		if text := fileOf(t, out.Files, "openapi.yaml"); strings.Contains(text, "x-go-type-name: "+name) != kept {
			t.Errorf("%q: the document is\n%s", name, text)
		}
	}
}

// An overlay that stands before another one has the last word about a name.
func TestAStrongerOverlayGivesAnotherGoName(t *testing.T) {
	overlay := func(file, name string) generator.SourceInput {
		return generator.SourceInput{Kind: claim.Overlay, File: source.File{Name: file, Data: []byte("overlay: 1.0.0\nactions: [{target: $.components.schemas.ThingBean, update: {x-go-type-name: " + name + "}}]\n")}}
	}
	out, err := generator.Generate(generator.Input{Package: "things", Sources: []generator.SourceInput{overlay("mine.yaml", "Gadget"), overlay("theirs.yaml", "Thing"),
		{Kind: claim.OpenAPI, File: source.File{Name: "spec.yaml", Data: []byte(shapes)}}}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(out.API.Models, func(m *ir.Model) bool { return m.Name == "Gadget" }) {
		t.Error("there is no Gadget")
	}
}

// A request body with a name of its own keeps it whatever the lock calls the operation, and the
// lock goes on as it is.
func TestALockedOperationLeavesItsBodyTheGivenName(t *testing.T) {
	const overlay = `- {target: "$.paths['/things'].post.requestBody.content['application/json'].schema", update: {x-go-type-name: CreateThingRequest}}`
	pin := lock.Operation{Method: "POST", Path: "/things", Name: "CreateThing"}
	got, err := typesOf(t, shapes, overlay, pin)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(derivedTypes, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
