package runtime

import (
	"bytes"
	"encoding/json"
	"time"
)

type AuditRecord struct {
	Author            AuditRecordAuthor `json:"author"`
	RemoteAddress     string            `json:"remoteAddress"`
	CreationDate      time.Time         `json:"creationDate"`
	Summary           string            `json:"summary"`
	Description       string            `json:"description"`
	Category          string            `json:"category"`
	SysAdmin          bool              `json:"sysAdmin"`
	SuperAdmin        bool              `json:"superAdmin"`
	AffectedObject    AffectedObject    `json:"affectedObject"`
	ChangedValues     []ChangedValue    `json:"changedValues"`
	AssociatedObjects []AffectedObject  `json:"associatedObjects"`
	JSON              Members           `json:"-"`
}

var shapeOfAuditRecord = newShape("AuditRecord", "author", "remoteAddress", "creationDate", "summary", "description", "category", "sysAdmin", "superAdmin", "affectedObject", "changedValues", "associatedObjects")

func (m *AuditRecord) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m AuditRecord) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *AuditRecord) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *AuditRecord) Clone() *AuditRecord {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *AuditRecord) members() *Members { return &m.JSON }

func (m *AuditRecord) isZero() bool {
	return m.Author.isZero() && !(m.RemoteAddress != "") && m.CreationDate.IsZero() && !(m.Summary != "") && !(m.Description != "") && !(m.Category != "") && !m.SysAdmin && !m.SuperAdmin && m.AffectedObject.isZero() && !(len(m.ChangedValues) > 0) && !(len(m.AssociatedObjects) > 0) && m.JSON.isZero()
}

func (m *AuditRecord) detach() {
	detachStrings(&m.RemoteAddress, &m.Summary, &m.Description, &m.Category)
	m.Author.detach()
	m.AffectedObject.detach()
	m.ChangedValues = detachModels(m.ChangedValues)
	m.AssociatedObjects = detachModels(m.AssociatedObjects)
	m.JSON.detach()
}

func (m *AuditRecord) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = AuditRecord{}
	}
	o := d.object(shapeOfAuditRecord)
	for o.more() {
		switch o.key {
		case "author":
			if o.known(0) {
				m.Author.decodeJSON(d)
			}
		case "remoteAddress":
			o.string(1, &m.RemoteAddress)
		case "creationDate":
			o.time(2, &m.CreationDate, unixMilli)
		case "summary":
			o.string(3, &m.Summary)
		case "description":
			o.string(4, &m.Description)
		case "category":
			o.string(5, &m.Category)
		case "sysAdmin":
			o.bool(6, &m.SysAdmin)
		case "superAdmin":
			o.bool(7, &m.SuperAdmin)
		case "affectedObject":
			if o.known(8) {
				m.AffectedObject.decodeJSON(d)
			}
		case "changedValues":
			if o.known(9) {
				m.ChangedValues = decodeModels[ChangedValue](d)
			}
		case "associatedObjects":
			if o.known(10) {
				m.AssociatedObjects = decodeModels[AffectedObject](d)
			}
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *AuditRecord) encodeJSON(e *encoder) {
	o := e.object(shapeOfAuditRecord, &m.JSON)
	if o.member(0, optional, !m.Author.isZero()) {
		m.Author.encodeJSON(e)
	}
	o.string(1, required, m.RemoteAddress)
	o.time(2, optional, m.CreationDate, unixMilli)
	o.string(3, optional, m.Summary)
	o.string(4, optional, m.Description)
	o.string(5, optional, m.Category)
	o.bool(6, optional, m.SysAdmin)
	o.bool(7, optional, m.SuperAdmin)
	if o.member(8, optional, !m.AffectedObject.isZero()) {
		m.AffectedObject.encodeJSON(e)
	}
	if o.member(9, optional, len(m.ChangedValues) > 0) {
		encodeModels(e, m.ChangedValues)
	}
	if o.member(10, optional, len(m.AssociatedObjects) > 0) {
		encodeModels(e, m.AssociatedObjects)
	}
	o.end()
}

type AuditRecordAuthor struct {
	Type        string          `json:"type"`
	DisplayName string          `json:"displayName"`
	Operations  json.RawMessage `json:"operations"`
	Username    string          `json:"username"`
	UserKey     string          `json:"userKey"`
	AccountID   string          `json:"accountId"`
	JSON        Members         `json:"-"`
}

var shapeOfAuditRecordAuthor = newShape("AuditRecordAuthor", "type", "displayName", "operations", "username", "userKey", "accountId")

func (m *AuditRecordAuthor) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m AuditRecordAuthor) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *AuditRecordAuthor) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *AuditRecordAuthor) Clone() *AuditRecordAuthor {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *AuditRecordAuthor) members() *Members { return &m.JSON }

func (m *AuditRecordAuthor) isZero() bool {
	return !(m.Type != "") && !(m.DisplayName != "") && !(len(m.Operations) > 0) && !(m.Username != "") && !(m.UserKey != "") && !(m.AccountID != "") && m.JSON.isZero()
}

func (m *AuditRecordAuthor) detach() {
	detachStrings(&m.Type, &m.DisplayName, &m.Username, &m.UserKey, &m.AccountID)
	m.Operations = bytes.Clone(m.Operations)
	m.JSON.detach()
}

func (m *AuditRecordAuthor) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = AuditRecordAuthor{}
	}
	o := d.object(shapeOfAuditRecordAuthor)
	for o.more() {
		switch o.key {
		case "type":
			o.string(0, &m.Type)
		case "displayName":
			o.string(1, &m.DisplayName)
		case "operations":
			o.raw(2, &m.Operations)
		case "username":
			o.string(3, &m.Username)
		case "userKey":
			o.string(4, &m.UserKey)
		case "accountId":
			o.string(5, &m.AccountID)
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *AuditRecordAuthor) encodeJSON(e *encoder) {
	o := e.object(shapeOfAuditRecordAuthor, &m.JSON)
	o.string(0, required, m.Type)
	o.string(1, optional, m.DisplayName)
	o.raw(2, optional, m.Operations)
	o.string(3, optional, m.Username)
	o.string(4, optional, m.UserKey)
	o.string(5, optional, m.AccountID)
	o.end()
}

type AffectedObject struct {
	Name       string  `json:"name"`
	ObjectType string  `json:"objectType"`
	JSON       Members `json:"-"`
}

var shapeOfAffectedObject = newShape("AffectedObject", "name", "objectType")

func (m *AffectedObject) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m AffectedObject) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *AffectedObject) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *AffectedObject) Clone() *AffectedObject {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *AffectedObject) members() *Members { return &m.JSON }

func (m *AffectedObject) isZero() bool {
	return !(m.Name != "") && !(m.ObjectType != "") && m.JSON.isZero()
}

func (m *AffectedObject) detach() {
	detachStrings(&m.Name, &m.ObjectType)
	m.JSON.detach()
}

func (m *AffectedObject) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = AffectedObject{}
	}
	o := d.object(shapeOfAffectedObject)
	for o.more() {
		switch o.key {
		case "name":
			o.string(0, &m.Name)
		case "objectType":
			o.string(1, &m.ObjectType)
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *AffectedObject) encodeJSON(e *encoder) {
	o := e.object(shapeOfAffectedObject, &m.JSON)
	o.string(0, required, m.Name)
	o.string(1, required, m.ObjectType)
	o.end()
}

type ChangedValue struct {
	Name     string  `json:"name"`
	OldValue string  `json:"oldValue"`
	NewValue string  `json:"newValue"`
	JSON     Members `json:"-"`
}

var shapeOfChangedValue = newShape("ChangedValue", "name", "oldValue", "newValue")

func (m *ChangedValue) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m ChangedValue) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *ChangedValue) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *ChangedValue) Clone() *ChangedValue {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *ChangedValue) members() *Members { return &m.JSON }

func (m *ChangedValue) isZero() bool {
	return !(m.Name != "") && !(m.OldValue != "") && !(m.NewValue != "") && m.JSON.isZero()
}

func (m *ChangedValue) detach() {
	detachStrings(&m.Name, &m.OldValue, &m.NewValue)
	m.JSON.detach()
}

func (m *ChangedValue) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = ChangedValue{}
	}
	o := d.object(shapeOfChangedValue)
	for o.more() {
		switch o.key {
		case "name":
			o.string(0, &m.Name)
		case "oldValue":
			o.string(1, &m.OldValue)
		case "newValue":
			o.string(2, &m.NewValue)
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *ChangedValue) encodeJSON(e *encoder) {
	o := e.object(shapeOfChangedValue, &m.JSON)
	o.string(0, required, m.Name)
	o.string(1, required, m.OldValue)
	o.string(2, required, m.NewValue)
	o.end()
}

type AuditRecordArray struct {
	Results []AuditRecord `json:"results"`
	Start   int64         `json:"start"`
	Limit   int64         `json:"limit"`
	Size    int64         `json:"size"`
	Links   GenericLinks  `json:"_links"`
	JSON    Members       `json:"-"`
}

var shapeOfAuditRecordArray = newShape("AuditRecordArray", "results", "start", "limit", "size", "_links")

func (m *AuditRecordArray) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m AuditRecordArray) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *AuditRecordArray) AppendJSON(b []byte) ([]byte, error) { return appendJSON(b, m) }

func (m *AuditRecordArray) Clone() *AuditRecordArray {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *AuditRecordArray) members() *Members { return &m.JSON }

func (m *AuditRecordArray) isZero() bool {
	return !(len(m.Results) > 0) && !(m.Start != 0) && !(m.Limit != 0) && !(m.Size != 0) && m.Links.isZero() && m.JSON.isZero()
}

func (m *AuditRecordArray) detach() {
	m.Results = detachModels(m.Results)
	m.Links.detach()
	m.JSON.detach()
}

func (m *AuditRecordArray) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = AuditRecordArray{}
	}
	o := d.object(shapeOfAuditRecordArray)
	for o.more() {
		switch o.key {
		case "results":
			if o.known(0) {
				m.Results = decodeModels[AuditRecord](d)
			}
		case "start":
			o.int(1, &m.Start)
		case "limit":
			o.int(2, &m.Limit)
		case "size":
			o.int(3, &m.Size)
		case "_links":
			if o.known(4) {
				m.Links.decodeJSON(d)
			}
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *AuditRecordArray) encodeJSON(e *encoder) {
	o := e.object(shapeOfAuditRecordArray, &m.JSON)
	if o.member(0, optional, len(m.Results) > 0) {
		encodeModels(e, m.Results)
	}
	o.int(1, optional, m.Start)
	o.int(2, optional, m.Limit)
	o.int(3, optional, m.Size)
	if o.member(4, optional, !m.Links.isZero()) {
		m.Links.encodeJSON(e)
	}
	o.end()
}

type GenericLinks struct {
	Next    string  `json:"next"`
	Base    string  `json:"base"`
	Context string  `json:"context"`
	Self    string  `json:"self"`
	JSON    Members `json:"-"`
}
