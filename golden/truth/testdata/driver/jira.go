package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/golden/truth/testdata/driver/jira"
	"github.com/seed-1954497d/auditgen/golden/truth/testdata/driver/rest"
)

// document is an empty text in Atlassian's document format.
var document = json.RawMessage(`{"type": "doc", "version": 1, "content": []}`)

var jiraCalls = map[string]func(context.Context, *jira.Client) error{
	"GET /rest/api/3/auditing/record": func(ctx context.Context, c *jira.Client) error {
		return failure(c.GetAuditRecords(ctx, &jira.GetAuditRecordsParams{
			Offset: new(int64(1000)),
			Limit:  new(int64(500)),
			Filter: "man ed",
			From:   time.Date(2022, 1, 1, 1, 0, 0, 0, time.FixedZone("", 60*60)),
			To:     time.Date(2022, 1, 31, 23, 59, 59, 999e6, time.UTC),
		}))
	},
	"GET /rest/api/3/issue/{issueIdOrKey}": func(ctx context.Context, c *jira.Client) error {
		return failure(c.GetIssue(ctx, "TEA-1", &jira.GetIssueParams{
			Fields:        []string{"*navigable", "-comment"},
			FieldsByKeys:  new(false),
			Expand:        "renderedFields,names",
			Properties:    []string{"review", "tea:kind"},
			UpdateHistory: new(true),
		}))
	},
	"POST /rest/api/3/issue": func(ctx context.Context, c *jira.Client) error {
		return failure(c.CreateIssue(ctx, jira.IssueUpdateDetails{
			Fields: map[string]json.RawMessage{
				"project":           json.RawMessage(`{"id": "10000"}`),
				"issuetype":         json.RawMessage(`{"id": "10001"}`),
				"summary":           json.RawMessage(`"Kettle is <cold> & \"empty\""`),
				"labels":            json.RawMessage(`["kitchen", "urgent"]`),
				"customfield_10030": json.RawMessage(`9007199254740993`),
			},
			Update: map[string][]jira.FieldUpdateOperation{
				"worklog": {{Add: json.RawMessage(`{"timeSpent": "60m"}`)}},
			},
			Transition: jira.IssueTransition{ID: "11"},
			Properties: []jira.EntityProperty{
				{Key: "review", Value: json.RawMessage(`{"done": false}`)},
			},
		}, &jira.CreateIssueParams{UpdateHistory: new(true)}))
	},
	"PUT /rest/api/3/issue/{issueIdOrKey}": func(ctx context.Context, c *jira.Client) error {
		return c.EditIssue(ctx, "10002", jira.IssueUpdateDetails{
			Fields: map[string]json.RawMessage{"customfield_10010": json.RawMessage(`null`)},
			Update: map[string][]jira.FieldUpdateOperation{
				"labels": {
					{Add: json.RawMessage(`"triaged"`)}, {Remove: json.RawMessage(`"urgent"`)},
				},
				"summary": {{Set: json.RawMessage(`"Kettle is warm"`)}},
			},
			HistoryMetadata: &jira.HistoryMetadata{
				ActivityDescription: "Order processed",
				Actor: jira.HistoryMetadataParticipant{
					ID: "tony", DisplayName: "Tony", Type: "mysystem-user",
				},
				Cause: jira.HistoryMetadataParticipant{ID: "myevent", Type: "mysystem-event"},
				Generator: jira.HistoryMetadataParticipant{
					ID: "mysystem-1", Type: "mysystem-application",
				},
				ExtraData: map[string]string{"Iteration": "10a", "Step": "4"},
				Type:      "myplugin:type",
			},
		}, &jira.EditIssueParams{
			NotifyUsers:            new(false),
			OverrideScreenSecurity: new(true),
			OverrideEditableFlag:   new(true),
		})
	},
	"DELETE /rest/api/3/issue/{issueIdOrKey}": func(ctx context.Context, c *jira.Client) error {
		return c.DeleteIssue(ctx, "TEA-1", &jira.DeleteIssueParams{DeleteSubtasks: "true"})
	},
	"PUT /rest/api/3/issue/{issueIdOrKey}/assignee": func(
		ctx context.Context, c *jira.Client,
	) error {
		var nobody jira.User
		if err := json.Unmarshal([]byte(`{"accountId": null}`), &nobody); err != nil {
			return err
		}
		return c.AssignIssue(ctx, "TEA-1", nobody)
	},
	"POST /rest/api/3/issue/{issueIdOrKey}/notify": func(ctx context.Context, c *jira.Client) error {
		return c.Notify(ctx, "TEA-1", jira.Notification{
			Subject:  "Tea is ready",
			TextBody: "Come & drink.",
			HTMLBody: "<p>Come &amp; drink.</p>",
			To: jira.NotificationRecipients{
				Watchers: true,
				Voters:   true,
				Users:    []jira.UserDetails{{AccountID: "5b10ac8d:82e05b22"}},
				Groups:   []jira.GroupName{{Name: "drinkers"}},
			},
			Restrict: jira.NotificationRecipientsRestrictions{
				Groups:      []jira.GroupName{{Name: "staff"}},
				Permissions: []jira.RestrictedPermission{{Key: "BROWSE"}},
			},
		})
	},
	"POST /rest/api/3/issue/{issueIdOrKey}/transitions": func(
		ctx context.Context, c *jira.Client,
	) error {
		return c.DoTransition(ctx, "TEA-1", jira.IssueUpdateDetails{
			Transition: jira.IssueTransition{ID: "5"},
			Fields:     map[string]json.RawMessage{"resolution": json.RawMessage(`{"name": "Fixed"}`)},
			Update: map[string][]jira.FieldUpdateOperation{
				"comment": {{Add: json.RawMessage(`{"body": ` + string(document) + `}`)}},
			},
		})
	},
	"POST /rest/api/3/issue/{issueIdOrKey}/attachments": func(
		ctx context.Context, c *jira.Client,
	) error {
		form := new(rest.Upload).
			File("file", "plan.txt", strings.NewReader("first draft")).
			File("file", "plan.csv", strings.NewReader("kettle,1"))
		return failure(c.AddAttachment(ctx, "TEA-1", form, rest.WithHeader("X-Atlassian-Token", "no-check")))
	},
	"POST /rest/api/3/issue/{issueIdOrKey}/comment": func(
		ctx context.Context, c *jira.Client,
	) error {
		return failure(c.AddComment(ctx, "TEA-1", jira.Comment{
			Body: json.RawMessage(`{"type": "doc", "version": 1, "content": [
				{"type": "paragraph", "content": [{"type": "text", "text": "Sencha, bitte"}]}
			]}`),
			Visibility: jira.Visibility{Type: "role", Value: "Administrators"},
		}, &jira.AddCommentParams{Expand: "renderedBody"}))
	},
	"PUT /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}": func(
		ctx context.Context, c *jira.Client,
	) error {
		return failure(c.SetIssueProperty(ctx, "TEA-1", "tea kind/?#100%",
			json.RawMessage(`["sencha", 2, true]`)))
	},
	"GET /rest/api/3/issue/{issueIdOrKey}/remotelink": func(
		ctx context.Context, c *jira.Client,
	) error {
		return failure(c.GetRemoteIssueLinks(ctx, "TEA-1", &jira.GetRemoteIssueLinksParams{
			GlobalID: "system=http://www.mycompany.com/support&id=1",
		}))
	},
	"POST /rest/api/3/issue/{issueIdOrKey}/remotelink": func(
		ctx context.Context, c *jira.Client,
	) error {
		return failure(c.CreateOrUpdateRemoteIssueLink(ctx, "TEA-1", jira.RemoteIssueLinkRequest{
			GlobalID:     "system=http://www.mycompany.com/support&id=1",
			Application:  jira.Application{Type: "com.acme.tracker", Name: "My Acme Tracker"},
			Relationship: "causes",
			Object: jira.RemoteObject{
				URL:     "http://www.mycompany.com/support?id=1",
				Title:   "TSTSUP-111",
				Summary: "Kettle issue",
				Icon:    jira.Icon{Url16x16: "http://www.mycompany.com/ticket.png", Title: "Ticket"},
				Status: jira.Status{Resolved: true, Icon: jira.Icon{
					Url16x16: "http://www.mycompany.com/resolved.png",
					Title:    "Closed",
					Link:     "http://www.mycompany.com/support?id=1&details=closed",
				}},
			},
		}))
	},
	"POST /rest/api/3/issue/{issueIdOrKey}/watchers": func(
		ctx context.Context, c *jira.Client,
	) error {
		return c.AddWatcher(ctx, "TEA-1", "5b10ac8d:82e05b22")
	},
	"DELETE /rest/api/3/issue/{issueIdOrKey}/watchers": func(
		ctx context.Context, c *jira.Client,
	) error {
		return c.RemoveWatcher(ctx, "TEA-1", &jira.RemoveWatcherParams{
			AccountID: "5b10ac8d:82e05b22",
		})
	},
	"POST /rest/api/3/issue/{issueIdOrKey}/worklog": func(
		ctx context.Context, c *jira.Client,
	) error {
		return failure(c.AddWorklog(ctx, "TEA-1", jira.Worklog{
			Comment:          document,
			Started:          time.Date(2021, 1, 17, 12, 34, 0, 0, time.UTC),
			TimeSpentSeconds: 12000,
			Visibility:       jira.Visibility{Type: "group", Value: "jira-developers"},
		}, &jira.AddWorklogParams{
			NotifyUsers:          new(false),
			AdjustEstimate:       jira.AddWorklogAdjustEstimateNew,
			NewEstimate:          "2d",
			Expand:               "properties",
			OverrideEditableFlag: new(true),
		}))
	},
	"POST /rest/api/3/issueLink": func(ctx context.Context, c *jira.Client) error {
		var body jira.LinkIssueRequestJSONBean
		body.Type.Name = "Duplicate"
		body.InwardIssue.Key = "TEA-1"
		body.OutwardIssue.Key = "MKY-1"
		body.Comment = &jira.Comment{
			Body:       document,
			Visibility: jira.Visibility{Type: "group", Value: "jira-software-users"},
		}
		return failure(c.LinkIssues(ctx, body))
	},
	"GET /rest/api/3/search": func(ctx context.Context, c *jira.Client) error {
		return failure(c.SearchForIssuesUsingJQL(ctx, &jira.SearchForIssuesUsingJQLParams{
			JQL:           "project = TEA AND created >= -1d ORDER BY key",
			StartAt:       new(int64(50)),
			MaxResults:    new(int64(25)),
			ValidateQuery: "strict",
			Fields:        []string{"summary", "customfield_10030"},
			Expand:        "names,schema",
			Properties:    []string{"review"},
			FieldsByKeys:  new(true),
		}))
	},
	"GET /rest/api/3/field/search": func(ctx context.Context, c *jira.Client) error {
		return failure(c.GetFieldsPaginated(ctx, &jira.GetFieldsPaginatedParams{
			StartAt:    new(int64(0)),
			MaxResults: new(int64(10)),
			Type:       []jira.GetFieldsPaginatedTypeItem{"custom", "system"},
			ID:         []string{"summary", "customfield_10030"},
			Query:      "kettle",
			OrderBy:    jira.GetFieldsPaginatedOrderByMinusName,
			Expand:     "lastUsed,screensCount",
		}))
	},
	"GET /rest/api/3/project/search": func(ctx context.Context, c *jira.Client) error {
		return failure(c.SearchProjects(ctx, &jira.SearchProjectsParams{
			StartAt:       new(int64(0)),
			MaxResults:    new(int64(100)),
			OrderBy:       "+name",
			ID:            []int64{10000, 10001},
			Query:         "tea",
			TypeKey:       "business,software",
			CategoryID:    new(int64(10100)),
			Action:        "browse",
			Expand:        "description,lead",
			Status:        []jira.SearchProjectsStatusItem{"live", "archived"},
			PropertyQuery: "[tea].kind=sencha",
		}))
	},
	"PUT /rest/api/3/project/{projectIdOrKey}/role/{id}": func(
		ctx context.Context, c *jira.Client,
	) error {
		return failure(c.SetActors(ctx, "TEA", 10360, jira.ProjectRoleActorsUpdateBean{
			CategorisedActors: map[string][]string{
				"atlassian-user-role-actor":  {"5b10ac8d:82e05b22"},
				"atlassian-group-role-actor": {"jira-developers", "drinkers"},
			},
		}))
	},
	"DELETE /rest/api/3/project/{projectIdOrKey}/role/{id}": func(
		ctx context.Context, c *jira.Client,
	) error {
		return c.DeleteActor(ctx, "TEA", 10360, &jira.DeleteActorParams{Group: "jira developers"})
	},
	"GET /rest/api/3/user/bulk": func(ctx context.Context, c *jira.Client) error {
		return failure(c.BulkGetUsers(ctx, &jira.BulkGetUsersParams{
			StartAt:    new(int64(0)),
			MaxResults: new(int64(2)),
			AccountID:  []string{"5b10ac8d:82e05b22", "5b10a284:4c201657"},
		}))
	},
	"PUT /rest/api/3/user/columns": func(ctx context.Context, c *jira.Client) error {
		return failure(c.SetUserColumns(ctx,
			&jira.SetUserColumnsRequest{Columns: []string{"summary", "description"}},
			&jira.SetUserColumnsParams{AccountID: "5b10ac8d:82e05b22"}))
	},
	"POST /rest/api/3/version": func(ctx context.Context, c *jira.Client) error {
		return failure(c.CreateVersion(ctx, jira.Version{
			Name:        "Second flush",
			Description: "Leaves of early summer",
			ProjectID:   10000,
			ReleaseDate: "2022-06-24",
			Released:    true,
		}))
	},
	"PUT /rest/api/3/version/{id}/mergeto/{moveIssuesTo}": func(
		ctx context.Context, c *jira.Client,
	) error {
		return c.MergeVersions(ctx, "10100", "10101")
	},
	"POST /rest/api/3/webhook": func(ctx context.Context, c *jira.Client) error {
		return failure(c.RegisterDynamicWebhooks(ctx, jira.WebhookRegistrationDetails{
			URL: "https://your-app.example.com/webhook-received",
			Webhooks: []jira.WebhookDetails{
				{
					JQLFilter: "project = TEA",
					Events: []jira.WebhookDetailsEvent{
						"jira:issue_created", "jira:issue_updated",
					},
					FieldIDsFilter: []string{"summary", "customfield_10029"},
				},
				{
					JQLFilter:               "project IN (TEA, MKY)",
					Events:                  []jira.WebhookDetailsEvent{"issue_property_set"},
					IssuePropertyKeysFilter: []string{"review"},
				},
			},
		}))
	},
}
