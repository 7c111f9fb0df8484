package runtime

var shapeOfGenericLinks = newShape("GenericLinks", "next", "base", "context", "self")

func (m *GenericLinks) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m GenericLinks) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *GenericLinks) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *GenericLinks) Clone() *GenericLinks {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *GenericLinks) members() *Members { return &m.JSON }

func (m *GenericLinks) isZero() bool {
	return !(m.Next != "") && !(m.Base != "") && !(m.Context != "") && !(m.Self != "") && m.JSON.isZero()
}

func (m *GenericLinks) detach() {
	detachStrings(&m.Next, &m.Base, &m.Context, &m.Self)
	m.JSON.detach()
}

func (m *GenericLinks) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = GenericLinks{}
	}
	o := d.object(shapeOfGenericLinks)
	for o.more() {
		switch o.key {
		case "next":
			o.string(0, &m.Next)
		case "base":
			o.string(1, &m.Base)
		case "context":
			o.string(2, &m.Context)
		case "self":
			o.string(3, &m.Self)
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *GenericLinks) encodeJSON(e *encoder) {
	o := e.object(shapeOfGenericLinks, &m.JSON)
	o.string(0, optional, m.Next)
	o.string(1, optional, m.Base)
	o.string(2, optional, m.Context)
	o.string(3, optional, m.Self)
	o.end()
}
