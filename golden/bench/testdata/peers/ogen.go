package main

import (
	"context"
	"fmt"
	"net/http"

	confluence "github.com/seed-1954497d/auditgen/golden/bench/peers/ogen/confluence"
	jira "github.com/seed-1954497d/auditgen/golden/bench/peers/ogen/jira"
)

func init() {
	peers["Confluence"] = append(peers["Confluence"], ogenConfluence)
	peers["Jira"] = append(peers["Jira"], ogenJira)
}

func ogenConfluence(transport http.RoundTripper) (*client, error) {
	c, err := confluence.NewClient(site, confluenceSecurity{}, confluence.WithClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	get := func() (*confluence.AuditRecordArray, error) {
		answer, err := c.GetAuditRecords(context.Background(), confluence.GetAuditRecordsParams{})
		return ogenPage[*confluence.AuditRecordArray](answer, err)
	}
	return ogenClient(get, func(page *confluence.AuditRecordArray) int { return len(page.Results) }, plainConfluence), nil
}

func ogenJira(transport http.RoundTripper) (*client, error) {
	c, err := jira.NewClient(site, jiraSecurity{}, jira.WithClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	get := func() (*jira.AuditRecords, error) {
		answer, err := c.GetAuditRecords(context.Background(), jira.GetAuditRecordsParams{})
		return ogenPage[*jira.AuditRecords](answer, err)
	}
	return ogenClient(get, func(page *jira.AuditRecords) int { return len(page.Records) }, plainJira), nil
}

// ogenPage gives the page of an answer; the other answers that are documented are other types.
func ogenPage[P any](answer any, err error) (page P, _ error) {
	if err != nil {
		return page, err
	}
	page, ok := answer.(P)
	if !ok {
		return page, fmt.Errorf("%T is no page", answer)
	}
	return page, nil
}

// ogenClient compares what a client of ogen read by way of the JSON that it writes again: its optional members are types of
// its own.
func ogenClient[P any](get func() (P, error), length func(P) int, plain func([]byte) ([]record, error)) *client {
	write := func() ([]byte, error) { return again(get) }
	return &client{
		name: "ogen", target: 1.25,
		decode: func() (int, error) {
			page, err := get()
			if err != nil {
				return 0, err
			}
			return length(page), nil
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

func (confluenceSecurity) OAuthDefinitions(context.Context, confluence.OperationName) (confluence.OAuthDefinitions, error) {
	return confluence.OAuthDefinitions{Token: "token"}, nil
}

type jiraSecurity struct{}

func (jiraSecurity) BasicAuth(context.Context, jira.OperationName) (jira.BasicAuth, error) {
	return jira.BasicAuth{Username: "ann", Password: "token"}, nil
}

func (jiraSecurity) OAuth2(context.Context, jira.OperationName) (jira.OAuth2, error) {
	return jira.OAuth2{Token: "token"}, nil
}
