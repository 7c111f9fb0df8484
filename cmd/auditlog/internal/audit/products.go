package audit

import (
	"context"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

func openConfluence(site string, opts []rest.Option) (*Log, error) {
	c, err := confluence.NewClient(site, opts...)
	if err != nil {
		return nil, err
	}
	one := int64(1)
	return &Log{
		Product: "confluence", Site: site,
		Permission: "Confluence Administrator (global permission)",
		follow: func(ctx context.Context, from rest.Checkpoint, opts []rest.FollowOption) iter.Seq2[*Batch, error] {
			return batches(c.FollowAuditRecords(ctx, nil, from, opts...), confluenceRecord)
		},
		ask: func(ctx context.Context, answer *rest.Response) (int, error) {
			page, err := c.GetAuditRecords(ctx, &confluence.GetAuditRecordsParams{Limit: &one}, rest.WithResponse(answer))
			if err != nil {
				return 0, err
			}
			return len(page.Results), nil
		},
	}, nil
}

func confluenceRecord(r *confluence.AuditRecord) Record {
	out := Record{
		Time:    r.CreationDate,
		ActorID: r.Author.AccountID, ActorName: r.Author.DisplayName,
		Action: r.Summary, Category: r.Category,
		ObjectType: r.AffectedObject.ObjectType, Object: r.AffectedObject.Name,
		Description: r.Description, RemoteAddress: r.RemoteAddress,
		Raw: r.JSON.Raw(), Problems: r.JSON.Problems(),
	}
	for _, v := range r.ChangedValues {
		out.Changes = append(out.Changes, Change{v.Name, v.OldValue, v.NewValue})
	}
	for _, o := range r.AssociatedObjects {
		out.Associated = append(out.Associated, o.Name)
	}
	return out
}

func openJira(site string, opts []rest.Option) (*Log, error) {
	c, err := jira.NewClient(site, opts...)
	if err != nil {
		return nil, err
	}
	one := int64(1)
	return &Log{
		Product: "jira", Site: site,
		Permission: "Administer Jira (global permission)",
		follow: func(ctx context.Context, from rest.Checkpoint, opts []rest.FollowOption) iter.Seq2[*Batch, error] {
			return batches(c.FollowAuditRecords(ctx, nil, from, opts...), jiraRecord)
		},
		ask: func(ctx context.Context, answer *rest.Response) (int, error) {
			page, err := c.GetAuditRecords(ctx, &jira.GetAuditRecordsParams{Limit: &one}, rest.WithResponse(answer))
			if err != nil {
				return 0, err
			}
			return len(page.Records), nil
		},
	}, nil
}

func jiraRecord(r *jira.AuditRecord) Record {
	out := Record{
		Time:    r.Created,
		ActorID: r.AuthorAccountID, ActorName: r.AuthorKey,
		Action: r.Summary, Category: r.Category,
		ObjectType: r.ObjectItem.TypeName, Object: r.ObjectItem.Name,
		Description: r.Description, RemoteAddress: r.RemoteAddress,
		Raw: r.JSON.Raw(), Problems: r.JSON.Problems(),
	}
	if r.ID != 0 {
		out.ID = strconv.FormatInt(r.ID, 10)
	}
	for _, v := range r.ChangedValues {
		out.Changes = append(out.Changes, Change{v.FieldName, v.ChangedFrom, v.ChangedTo})
	}
	for _, o := range r.AssociatedItems {
		out.Associated = append(out.Associated, o.Name)
	}
	return out
}

// Date reads the time in a Date header. It returns zero if there is none.
func Date(header string) time.Time {
	t, err := http.ParseTime(header)
	if err != nil {
		return time.Time{}
	}
	return t
}
