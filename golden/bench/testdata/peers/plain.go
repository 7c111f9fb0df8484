package main

import (
	"bytes"
	"encoding/json"
)

// plainPage is a Confluence page as somebody would write it by hand for encoding/json. It writes the members that were
// read, apart from those that no document mentions: only pointers tell what is absent from what is false.
type plainPage struct {
	Results []plainRecord `json:"results"`
}

type plainRecord struct {
	Author            plainAuthor   `json:"author"`
	RemoteAddress     string        `json:"remoteAddress"`
	CreationDate      int64         `json:"creationDate"`
	Summary           string        `json:"summary"`
	Description       string        `json:"description"`
	Category          string        `json:"category"`
	SysAdmin          bool          `json:"sysAdmin"`
	SuperAdmin        *bool         `json:"superAdmin,omitempty"`
	AffectedObject    plainObject   `json:"affectedObject"`
	ChangedValues     []plainChange `json:"changedValues"`
	AssociatedObjects []plainObject `json:"associatedObjects"`
}

type plainAuthor struct {
	Type                   string          `json:"type"`
	DisplayName            string          `json:"displayName"`
	Operations             json.RawMessage `json:"operations"`
	Username               *string         `json:"username"`
	UserKey                string          `json:"userKey,omitempty"`
	AccountID              string          `json:"accountId,omitempty"`
	AccountType            string          `json:"accountType,omitempty"`
	ExternalCollaborator   *bool           `json:"externalCollaborator,omitempty"`
	IsExternalCollaborator *bool           `json:"isExternalCollaborator,omitempty"`
	IsGuest                *bool           `json:"isGuest,omitempty"`
	PublicName             string          `json:"publicName,omitempty"`
}

type plainObject struct {
	Name       string `json:"name"`
	ObjectType string `json:"objectType"`
}

type plainChange struct {
	Name           string `json:"name"`
	OldValue       string `json:"oldValue"`
	HiddenOldValue string `json:"hiddenOldValue"`
	NewValue       string `json:"newValue"`
	HiddenNewValue string `json:"hiddenNewValue"`
}

// plainConfluence reads the values of a page with encoding/json.
func plainConfluence(data []byte) ([]record, error) {
	var page plainPage
	if err := json.Unmarshal(data, &page); err != nil {
		return nil, err
	}
	var list []record
	for _, r := range page.Results {
		v := record{
			millis: r.CreationDate, address: r.RemoteAddress, summary: r.Summary, description: r.Description, category: r.Category,
			flags:  [5]bool{r.SysAdmin, value(r.SuperAdmin), value(r.Author.IsGuest), value(r.Author.ExternalCollaborator), value(r.Author.IsExternalCollaborator)},
			author: [8]string{r.Author.Type, r.Author.DisplayName, value(r.Author.Username), r.Author.UserKey, r.Author.AccountID, r.Author.AccountType, r.Author.PublicName},
			object: item{r.AffectedObject.Name, r.AffectedObject.ObjectType},
		}
		for _, c := range r.ChangedValues {
			v.changes = append(v.changes, item{c.Name, c.OldValue, c.HiddenOldValue, c.NewValue, c.HiddenNewValue})
		}
		for _, o := range r.AssociatedObjects {
			v.associated = append(v.associated, item{o.Name, o.ObjectType})
		}
		list = append(list, v)
	}
	return list, nil
}

// plainJira reads the values of a page with encoding/json, which finds members whatever their case.
func plainJira(data []byte) ([]record, error) {
	type named struct{ ID, Name, ParentID, ParentName, TypeName string }
	var page struct {
		Records []struct {
			ID                                                     int64
			Created, RemoteAddress, Summary, Description, Category string
			AuthorKey, AuthorAccountID, EventSource                string
			ObjectItem                                             named
			ChangedValues                                          []struct{ FieldName, ChangedFrom, ChangedTo string }
			AssociatedItems                                        []named
		}
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return nil, err
	}
	itemOf := func(n named) item { return item{n.ID, n.Name, n.ParentID, n.ParentName, n.TypeName} }
	var list []record
	for _, r := range page.Records {
		v := record{
			id: r.ID, millis: millis(r.Created), address: r.RemoteAddress, summary: r.Summary, description: r.Description,
			category: r.Category, author: [8]string{r.AuthorKey, r.AuthorAccountID, r.EventSource}, object: itemOf(r.ObjectItem),
		}
		for _, c := range r.ChangedValues {
			v.changes = append(v.changes, item{c.FieldName, c.ChangedFrom, c.ChangedTo})
		}
		for _, o := range r.AssociatedItems {
			v.associated = append(v.associated, itemOf(o))
		}
		list = append(list, v)
	}
	return list, nil
}

// plainLines writes the records of a page as lines of JSON, in the way of encoding/json that costs least.
func plainLines(data []byte) (func(*bytes.Buffer) error, error) {
	var page plainPage
	if err := json.Unmarshal(data, &page); err != nil {
		return nil, err
	}
	return func(b *bytes.Buffer) error {
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		for i := range page.Results {
			if err := enc.Encode(&page.Results[i]); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
