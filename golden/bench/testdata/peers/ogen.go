package main

import (
	"context"
	"encoding/json"
	"net/http"

	confluence "github.com/seed-1954497d/auditgen/golden/bench/peers/ogen/confluence"
	jira "github.com/seed-1954497d/auditgen/golden/bench/peers/ogen/jira"
)

func init() {
	peers["Confluence"] = append(peers["Confluence"], ogenConfluence)
	peers["Jira"] = append(peers["Jira"], ogenJira)
}

// What a client of ogen read is compared by way of the JSON it writes again: its optional members are types of its own.

func ogenConfluence(transport http.RoundTripper) (*client, error) {
	c, err := confluence.NewClient(site, confluenceSecurity{}, confluence.WithClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	return ogenClient(func() (any, error) {
		return c.GetAuditRecords(context.Background(), confluence.GetAuditRecordsParams{})
	}, plainConfluence), nil
}

func ogenJira(transport http.RoundTripper) (*client, error) {
	c, err := jira.NewClient(site, jiraSecurity{}, jira.WithClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	return ogenClient(func() (any, error) {
		return c.GetAuditRecords(context.Background(), jira.GetAuditRecordsParams{})
	}, plainJira), nil
}

func ogenClient(get func() (any, error), plain func([]byte) ([]record, error)) *client {
	write := func() ([]byte, error) {
		page, err := get()
		if err != nil {
			return nil, err
		}
		return json.Marshal(page)
	}
	return &client{
		name: "ogen", target: 1.25,
		decode: func() (int, error) {
			_, err := get()
			return perPage, err
		},
		read: func() ([]record, error) {
			data, err := write()
			if err != nil {
				return nil, err
			}
			return plain(data)
		},
		again: write,
	}
}

type confluenceSecurity struct{}

func (confluenceSecurity) BasicAuth(context.Context, confluence.OperationName) (confluence.BasicAuth, error) {
	return confluence.BasicAuth{Username: "ann", Password: "token"}, nil
}

func (confluenceSecurity) Oauth2(context.Context, confluence.OperationName) (confluence.Oauth2, error) {
	return confluence.Oauth2{Token: "token"}, nil
}

type jiraSecurity struct{}

func (jiraSecurity) BasicAuth(context.Context, jira.OperationName) (jira.BasicAuth, error) {
	return jira.BasicAuth{Username: "ann", Password: "token"}, nil
}

func (jiraSecurity) Oauth2(context.Context, jira.OperationName) (jira.Oauth2, error) {
	return jira.Oauth2{Token: "token"}, nil
}
