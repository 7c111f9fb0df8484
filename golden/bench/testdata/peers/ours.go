package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

func oursConfluence(transport http.RoundTripper) (*client, error) {
	c, err := confluence.NewClient(site, rest.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	get := func() (*confluence.AuditRecordArray, error) { return c.GetAuditRecords(context.Background(), nil) }
	return &client{
		name: "auditgen",
		decode: func() (int, error) {
			page, err := get()
			if err != nil {
				return 0, err
			}
			return len(page.Results), nil
		},
		read: func() ([]record, error) {
			page, err := get()
			if err != nil {
				return nil, err
			}
			var list []record
			for i := range page.Results {
				list = append(list, fromConfluence(&page.Results[i]))
			}
			return list, nil
		},
		again: func() ([]byte, error) {
			page, err := get()
			if err != nil {
				return nil, err
			}
			return page.MarshalJSON()
		},
	}, nil
}

func fromConfluence(r *confluence.AuditRecord) record {
	v := record{
		millis: r.CreationDate.UnixMilli(), address: r.RemoteAddress, summary: r.Summary, description: r.Description,
		category: r.Category, flags: [5]bool{r.SysAdmin, r.SuperAdmin, r.Author.IsGuest, r.Author.ExternalCollaborator, r.Author.IsExternalCollaborator},
		author: [8]string{r.Author.Type, r.Author.DisplayName, r.Author.Username, r.Author.UserKey, r.Author.AccountID, r.Author.AccountType, r.Author.PublicName},
		object: item{r.AffectedObject.Name, r.AffectedObject.ObjectType},
	}
	for _, c := range r.ChangedValues {
		v.changes = append(v.changes, item{c.Name, c.OldValue, c.HiddenOldValue, c.NewValue, c.HiddenNewValue})
	}
	for _, o := range r.AssociatedObjects {
		v.associated = append(v.associated, item{o.Name, o.ObjectType})
	}
	return v
}

func oursJira(transport http.RoundTripper) (*client, error) {
	c, err := jira.NewClient(site, rest.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	get := func() (*jira.AuditRecords, error) { return c.GetAuditRecords(context.Background(), nil) }
	return &client{
		name: "auditgen",
		decode: func() (int, error) {
			page, err := get()
			if err != nil {
				return 0, err
			}
			return len(page.Records), nil
		},
		read: func() ([]record, error) {
			page, err := get()
			if err != nil {
				return nil, err
			}
			var list []record
			for i := range page.Records {
				list = append(list, fromJira(&page.Records[i]))
			}
			return list, nil
		},
		again: func() ([]byte, error) {
			page, err := get()
			if err != nil {
				return nil, err
			}
			return page.MarshalJSON()
		},
	}, nil
}

func fromJira(r *jira.AuditRecord) record {
	v := record{
		id: r.ID, millis: r.Created.UnixMilli(), address: r.RemoteAddress, summary: r.Summary, description: r.Description,
		category: r.Category, author: [8]string{r.AuthorKey, r.AuthorAccountID, r.EventSource},
		object: item{r.ObjectItem.ID, r.ObjectItem.Name, r.ObjectItem.ParentID, r.ObjectItem.ParentName, r.ObjectItem.TypeName},
	}
	for _, c := range r.ChangedValues {
		v.changes = append(v.changes, item{c.FieldName, c.ChangedFrom, c.ChangedTo})
	}
	for _, o := range r.AssociatedItems {
		v.associated = append(v.associated, item{o.ID, o.Name, o.ParentID, o.ParentName, o.TypeName})
	}
	return v
}

// oursLines writes the records of a page as lines of JSON.
func oursLines(data []byte) (func(*bytes.Buffer) error, error) {
	page := new(confluence.AuditRecordArray)
	if err := page.UnmarshalJSON(data); err != nil {
		return nil, err
	}
	var line []byte
	return func(b *bytes.Buffer) (err error) {
		for i := range page.Results {
			if line, err = page.Results[i].AppendJSON(line[:0]); err != nil {
				return err
			}
			b.Write(append(line, '\n'))
		}
		return nil
	}, nil
}

// oursEncoder does the same by way of a json.Encoder, which checks and copies what a MarshalJSON gives.
func oursEncoder(data []byte) (func(*bytes.Buffer) error, error) {
	page := new(confluence.AuditRecordArray)
	if err := page.UnmarshalJSON(data); err != nil {
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
