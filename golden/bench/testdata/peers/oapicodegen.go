package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/seed-1954497d/auditgen/golden/bench/peers/oapicodegen/confluence"
	"github.com/seed-1954497d/auditgen/golden/bench/peers/oapicodegen/jira"
)

func init() {
	peers["Confluence"] = append(peers["Confluence"], oapiConfluence)
	peers["Jira"] = append(peers["Jira"], oapiJira)
}

// errNoPage is what its clients do not say themselves: they give no error where the answer is not as documented.
var errNoPage = errors.New("no page and no error")

func oapiConfluence(transport http.RoundTripper) (*client, error) {
	c, err := confluence.NewClientWithResponses(site, confluence.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	get := func() (*confluence.AuditRecordArray, error) {
		resp, err := c.GetAuditRecordsWithResponse(context.Background(), nil)
		if err != nil {
			return nil, err
		}
		if resp.JSON200 == nil {
			return nil, errNoPage
		}
		return resp.JSON200, nil
	}
	return &client{
		name: "oapi-codegen", target: 3,
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
			for _, r := range page.Results {
				list = append(list, fromOapiConfluence(&r))
			}
			return list, nil
		},
		again: func() ([]byte, error) { return again(get) },
	}, nil
}

func fromOapiConfluence(r *confluence.AuditRecord) record {
	author, object := r.Author, r.AffectedObject
	v := record{
		millis: millis(r.CreationDate), address: r.RemoteAddress, summary: r.Summary, description: r.Description,
		category: r.Category, flags: [5]bool{r.SysAdmin, value(r.SuperAdmin), value(author.IsGuest), value(author.ExternalCollaborator), value(author.IsExternalCollaborator)},
		author: [8]string{string(author.Type), author.DisplayName, value(author.Username), value(author.UserKey), value(author.AccountId), value(author.AccountType), value(author.PublicName)},
		object: item{object.Name, object.ObjectType},
	}
	for _, c := range r.ChangedValues {
		v.changes = append(v.changes, item{c.Name, c.OldValue, value(c.HiddenOldValue), c.NewValue, value(c.HiddenNewValue)})
	}
	for _, o := range r.AssociatedObjects {
		v.associated = append(v.associated, item{o.Name, o.ObjectType})
	}
	return v
}

func oapiJira(transport http.RoundTripper) (*client, error) {
	c, err := jira.NewClientWithResponses(site, jira.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	get := func() (*jira.AuditRecords, error) {
		resp, err := c.GetAuditRecordsWithResponse(context.Background(), nil)
		if err != nil {
			return nil, err
		}
		if resp.JSON200 == nil {
			return nil, errNoPage
		}
		return resp.JSON200, nil
	}
	return &client{
		name: "oapi-codegen", target: 3,
		decode: func() (int, error) {
			page, err := get()
			if err != nil {
				return 0, err
			}
			return len(value(page.Records)), nil
		},
		read: func() ([]record, error) {
			page, err := get()
			if err != nil {
				return nil, err
			}
			return fromOapiJira(page), nil
		},
		again: func() ([]byte, error) { return again(get) },
	}, nil
}

func fromOapiJira(page *jira.AuditRecords) []record {
	var list []record
	for _, r := range value(page.Records) {
		object := value(r.ObjectItem)
		v := record{
			id: int64(value(r.Id)), millis: millis(value(r.Created)), address: value(r.RemoteAddress), summary: value(r.Summary), description: value(r.Description),
			category: value(r.Category), author: [8]string{value(r.AuthorKey), value(r.AuthorAccountId), value(r.EventSource)},
			object: item{value(object.Id), value(object.Name), value(object.ParentId), value(object.ParentName), value(object.TypeName)},
		}
		for _, c := range value(r.ChangedValues) {
			v.changes = append(v.changes, item{value(c.FieldName), value(c.ChangedFrom), value(c.ChangedTo)})
		}
		for _, o := range value(r.AssociatedItems) {
			v.associated = append(v.associated, item{value(o.Id), value(o.Name), value(o.ParentId), value(o.ParentName), value(o.TypeName)})
		}
		list = append(list, v)
	}
	return list
}
