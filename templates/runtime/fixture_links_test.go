package runtime

var shapeOfGenericLinks = newShape("GenericLinks", "next", "base", "context", "self")

func (m *GenericLinks) UnmarshalJSON(data []byte) error {
	fresh := *m
	err := unmarshal(data, &fresh)
	if err == nil {
		*m = fresh
	}
	return err
}

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
	*m = GenericLinks{}
	o := d.object(shapeOfGenericLinks)
	for o.more() {
		switch o.key {
		case "next":
			if o.known(0) {
				m.Next = d.string()
			}
		case "base":
			if o.known(1) {
				m.Base = d.string()
			}
		case "context":
			if o.known(2) {
				m.Context = d.string()
			}
		case "self":
			if o.known(3) {
				m.Self = d.string()
			}
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *GenericLinks) encodeJSON(e *encoder) {
	o := e.object(shapeOfGenericLinks, &m.JSON)
	if o.member(0, optional, m.Next != "") {
		e.string(m.Next)
	}
	if o.member(1, optional, m.Base != "") {
		e.string(m.Base)
	}
	if o.member(2, optional, m.Context != "") {
		e.string(m.Context)
	}
	if o.member(3, optional, m.Self != "") {
		e.string(m.Self)
	}
	o.end()
}
