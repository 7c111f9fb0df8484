package generator

import (
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/templates"
)

// partsOf gives the parts of the runtime that what is printed of an API stands on.
func partsOf(api *ir.API) templates.Parts {
	parts := templates.Parts{}
	for _, m := range api.Models {
		for _, f := range m.Fields {
			addBody(parts, f.Type)
		}
	}
	for _, u := range api.Unions {
		parts.Add(templates.Unions)
		for _, v := range u.Variants {
			addBody(parts, v.Type)
		}
	}
	for _, g := range api.Groups {
		for _, op := range g.Operations {
			addOperation(parts, op)
		}
	}
	return parts
}

// addBody adds what a value in a body needs. Models and unions in it are looked at by themselves.
func addBody(parts templates.Parts, t *ir.Type) {
	switch t.Kind {
	case ir.Float:
		parts.Add(templates.Floats)
	case ir.Time:
		parts.Add(templates.BodyTimes)
	case ir.Slice:
		parts.Add(templates.Lists)
		addBody(parts, t.Elem)
	case ir.Map:
		parts.Add(templates.Maps)
		addBody(parts, t.Elem)
	}
}

func addOperation(parts templates.Parts, op *ir.Operation) {
	for _, p := range op.PathParams {
		addParam(parts, p)
	}
	if op.Params != nil {
		for _, p := range op.Params.Fields {
			addParam(parts, p)
		}
	}
	if op.Body != nil {
		addRequestBody(parts, op.Body)
	}
	switch {
	case op.Result.Kind == ir.ResultStream:
		parts.Add(templates.Downloads)
	case op.Result.Kind == ir.ResultJSON:
		addBody(parts, op.Result.Type)
	}
	if op.Paging != nil {
		addPaging(parts, op.Paging)
	}
}

func addParam(parts templates.Parts, p *ir.Param) {
	parts.Add(templates.Parameters)
	if p.In == "header" || p.In == "cookie" {
		parts.Add(templates.FieldParameters)
	}
	value := p.Type
	if value.Kind == ir.Slice && !value.Elem.Pointer {
		value = value.Elem
	}
	switch value.Kind {
	case ir.Time:
		parts.Add(templates.Times)
	case ir.Raw, ir.Slice, ir.Map, ir.ModelKind, ir.UnionKind:
		parts.Add(templates.JSONParameters)
		addBody(parts, p.Type)
	}
	if p.JSON {
		parts.Add(templates.JSONParameters)
		addBody(parts, p.Type)
	}
}

func addRequestBody(parts templates.Parts, b *ir.Body) {
	switch b.Kind {
	case ir.BodyJSON:
		addBody(parts, b.Type)
	case ir.BodyForm:
		parts.Add(templates.Forms)
	case ir.BodyUpload:
		parts.Add(templates.Uploads)
	}
}

func addPaging(parts templates.Parts, p *ir.Paging) {
	switch p.Style {
	case ir.OffsetNext, ir.Offset:
		parts.Add(templates.Offsets)
	case ir.CursorNext, ir.Token:
		parts.Add(templates.Cursors)
	case ir.LinkHeader:
		parts.Add(templates.LinkHeaders)
	}
}
