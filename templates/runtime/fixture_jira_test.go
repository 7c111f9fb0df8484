package runtime

import (
	"time"
)

type JiraRecord struct {
	ID              int64        `json:"id"`
	Summary         string       `json:"summary"`
	RemoteAddress   string       `json:"remoteAddress"`
	AuthorKey       string       `json:"authorKey"`
	AuthorAccountID string       `json:"authorAccountId"`
	Created         time.Time    `json:"created"`
	Category        string       `json:"category"`
	EventSource     string       `json:"eventSource"`
	ObjectItem      JiraItem     `json:"objectItem"`
	ChangedValues   []JiraChange `json:"changedValues"`
	AssociatedItems []JiraItem   `json:"associatedItems"`
	JSON            Members      `json:"-"`
}

var shapeOfJiraRecord = newShape("JiraRecord", "id", "summary", "remoteAddress", "authorKey", "authorAccountId", "created", "category", "eventSource", "objectItem", "changedValues", "associatedItems")

func (m *JiraRecord) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m JiraRecord) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *JiraRecord) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *JiraRecord) Clone() *JiraRecord {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *JiraRecord) members() *Members { return &m.JSON }

func (m *JiraRecord) isZero() bool {
	return !(m.ID != 0) && !(m.Summary != "") && !(m.RemoteAddress != "") && !(m.AuthorKey != "") && !(m.AuthorAccountID != "") && m.Created.IsZero() && !(m.Category != "") && !(m.EventSource != "") && m.ObjectItem.isZero() && !(len(m.ChangedValues) > 0) && !(len(m.AssociatedItems) > 0) && m.JSON.isZero()
}

func (m *JiraRecord) detach() {
	detachStrings(&m.Summary, &m.RemoteAddress, &m.AuthorKey, &m.AuthorAccountID, &m.Category, &m.EventSource)
	m.ObjectItem.detach()
	m.ChangedValues = detachModels(m.ChangedValues)
	m.AssociatedItems = detachModels(m.AssociatedItems)
	m.JSON.detach()
}

func (m *JiraRecord) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = JiraRecord{}
	}
	o := d.object(shapeOfJiraRecord)
	for o.more() {
		switch o.key {
		case "id":
			o.int(0, &m.ID)
		case "summary":
			o.string(1, &m.Summary)
		case "remoteAddress":
			o.string(2, &m.RemoteAddress)
		case "authorKey":
			o.string(3, &m.AuthorKey)
		case "authorAccountId":
			o.string(4, &m.AuthorAccountID)
		case "created":
			o.time(5, &m.Created, jira)
		case "category":
			o.string(6, &m.Category)
		case "eventSource":
			o.string(7, &m.EventSource)
		case "objectItem":
			if o.known(8) {
				m.ObjectItem.decodeJSON(d)
			}
		case "changedValues":
			if o.known(9) {
				m.ChangedValues = decodeModels[JiraChange](d)
			}
		case "associatedItems":
			if o.known(10) {
				m.AssociatedItems = decodeModels[JiraItem](d)
			}
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *JiraRecord) encodeJSON(e *encoder) {
	o := e.object(shapeOfJiraRecord, &m.JSON)
	o.int(0, optional, m.ID)
	o.string(1, optional, m.Summary)
	o.string(2, optional, m.RemoteAddress)
	o.string(3, optional, m.AuthorKey)
	o.string(4, optional, m.AuthorAccountID)
	o.time(5, optional, m.Created, jira)
	o.string(6, optional, m.Category)
	o.string(7, optional, m.EventSource)
	if o.member(8, optional, !m.ObjectItem.isZero()) {
		m.ObjectItem.encodeJSON(e)
	}
	if o.member(9, optional, len(m.ChangedValues) > 0) {
		encodeModels(e, m.ChangedValues)
	}
	if o.member(10, optional, len(m.AssociatedItems) > 0) {
		encodeModels(e, m.AssociatedItems)
	}
	o.end()
}

type JiraItem struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	TypeName   string  `json:"typeName"`
	ParentID   string  `json:"parentId"`
	ParentName string  `json:"parentName"`
	JSON       Members `json:"-"`
}

var shapeOfJiraItem = newShape("JiraItem", "id", "name", "typeName", "parentId", "parentName")

func (m *JiraItem) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m JiraItem) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *JiraItem) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *JiraItem) Clone() *JiraItem {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *JiraItem) members() *Members { return &m.JSON }

func (m *JiraItem) isZero() bool {
	return !(m.ID != "") && !(m.Name != "") && !(m.TypeName != "") && !(m.ParentID != "") && !(m.ParentName != "") && m.JSON.isZero()
}

func (m *JiraItem) detach() {
	detachStrings(&m.ID, &m.Name, &m.TypeName, &m.ParentID, &m.ParentName)
	m.JSON.detach()
}

func (m *JiraItem) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = JiraItem{}
	}
	o := d.object(shapeOfJiraItem)
	for o.more() {
		switch o.key {
		case "id":
			o.string(0, &m.ID)
		case "name":
			o.string(1, &m.Name)
		case "typeName":
			o.string(2, &m.TypeName)
		case "parentId":
			o.string(3, &m.ParentID)
		case "parentName":
			o.string(4, &m.ParentName)
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *JiraItem) encodeJSON(e *encoder) {
	o := e.object(shapeOfJiraItem, &m.JSON)
	o.string(0, optional, m.ID)
	o.string(1, optional, m.Name)
	o.string(2, optional, m.TypeName)
	o.string(3, optional, m.ParentID)
	o.string(4, optional, m.ParentName)
	o.end()
}

type JiraChange struct {
	FieldName   string  `json:"fieldName"`
	ChangedFrom string  `json:"changedFrom"`
	ChangedTo   string  `json:"changedTo"`
	JSON        Members `json:"-"`
}

var shapeOfJiraChange = newShape("JiraChange", "fieldName", "changedFrom", "changedTo")

func (m *JiraChange) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m JiraChange) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *JiraChange) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *JiraChange) Clone() *JiraChange {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *JiraChange) members() *Members { return &m.JSON }

func (m *JiraChange) isZero() bool {
	return !(m.FieldName != "") && !(m.ChangedFrom != "") && !(m.ChangedTo != "") && m.JSON.isZero()
}

func (m *JiraChange) detach() {
	detachStrings(&m.FieldName, &m.ChangedFrom, &m.ChangedTo)
	m.JSON.detach()
}

func (m *JiraChange) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = JiraChange{}
	}
	o := d.object(shapeOfJiraChange)
	for o.more() {
		switch o.key {
		case "fieldName":
			o.string(0, &m.FieldName)
		case "changedFrom":
			o.string(1, &m.ChangedFrom)
		case "changedTo":
			o.string(2, &m.ChangedTo)
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *JiraChange) encodeJSON(e *encoder) {
	o := e.object(shapeOfJiraChange, &m.JSON)
	o.string(0, optional, m.FieldName)
	o.string(1, optional, m.ChangedFrom)
	o.string(2, optional, m.ChangedTo)
	o.end()
}

type JiraRecords struct {
	Offset  int64        `json:"offset"`
	Limit   int64        `json:"limit"`
	Total   int64        `json:"total"`
	Records []JiraRecord `json:"records"`
	JSON    Members      `json:"-"`
}

var shapeOfJiraRecords = newShape("JiraRecords", "offset", "limit", "total", "records")

func (m *JiraRecords) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m JiraRecords) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *JiraRecords) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *JiraRecords) Clone() *JiraRecords {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *JiraRecords) members() *Members { return &m.JSON }

func (m *JiraRecords) isZero() bool {
	return !(m.Offset != 0) && !(m.Limit != 0) && !(m.Total != 0) && !(len(m.Records) > 0) && m.JSON.isZero()
}

func (m *JiraRecords) detach() {
	m.Records = detachModels(m.Records)
	m.JSON.detach()
}

func (m *JiraRecords) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = JiraRecords{}
	}
	o := d.object(shapeOfJiraRecords)
	for o.more() {
		switch o.key {
		case "offset":
			o.int(0, &m.Offset)
		case "limit":
			o.int(1, &m.Limit)
		case "total":
			o.int(2, &m.Total)
		case "records":
			if o.known(3) {
				m.Records = decodeModels[JiraRecord](d)
			}
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *JiraRecords) encodeJSON(e *encoder) {
	o := e.object(shapeOfJiraRecords, &m.JSON)
	o.int(0, optional, m.Offset)
	o.int(1, optional, m.Limit)
	o.int(2, optional, m.Total)
	if o.member(3, optional, len(m.Records) > 0) {
		encodeModels(e, m.Records)
	}
	o.end()
}
