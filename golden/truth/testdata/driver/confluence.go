package main

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/seed-1954497d/auditgen/golden/truth/testdata/driver/confluence"
	"github.com/seed-1954497d/auditgen/golden/truth/testdata/driver/rest"
)

var confluenceCalls = map[string]func(context.Context, *confluence.Client) error{
	"GET /wiki/rest/api/audit": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.GetAuditRecords(ctx, &confluence.GetAuditRecordsParams{
			StartDate:    "1640995200000",
			EndDate:      "1643673599999",
			SearchString: "space export & import",
			Start:        new(int64(25)),
			Limit:        new(int64(100)),
		}))
	},
	"POST /wiki/rest/api/audit": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.CreateAuditRecord(ctx, confluence.AuditRecordCreate{
			Author:         confluence.AuditRecordCreateAuthor{Type: "user", DisplayName: "Maria Müller"},
			RemoteAddress:  "198.51.100.7",
			CreationDate:   1643017685645,
			Summary:        "Group renamed",
			Description:    `The group "writers" is now <editors>`,
			Category:       "Users and groups",
			AffectedObject: confluence.AffectedObject{Name: "editors", ObjectType: "Group"},
			ChangedValues: []confluence.ChangedValue{
				{Name: "Name", OldValue: "writers", NewValue: "editors"},
			},
			AssociatedObjects: []confluence.AffectedObject{
				{Name: "Maria Müller", ObjectType: "User"},
				{Name: "DEV", ObjectType: "Space"},
			},
		}))
	},
	"GET /wiki/rest/api/audit/export": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.ExportAuditRecords(ctx, &confluence.ExportAuditRecordsParams{
			StartDate: "1640995200000", EndDate: "1643673599999", SearchString: "50%+", Format: "zip",
		}))
	},
	"GET /wiki/rest/api/audit/retention": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.GetRetentionPeriod(ctx))
	},
	"PUT /wiki/rest/api/audit/retention": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.SetRetentionPeriod(ctx, confluence.RetentionPeriod{
			Number: 6, Units: confluence.RetentionPeriodUnitsMonths,
		}))
	},
	"GET /wiki/rest/api/audit/since": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.GetAuditRecordsForTimePeriod(ctx,
			&confluence.GetAuditRecordsForTimePeriodParams{
				Number:       new(int64(2)),
				Units:        confluence.GetAuditRecordsForTimePeriodUnitsWeeks,
				SearchString: "login",
				Start:        new(int64(0)),
				Limit:        new(int64(500)),
			}))
	},
	"GET /wiki/rest/api/content": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.GetContent(ctx, &confluence.GetContentParams{
			Type:       "blogpost",
			SpaceKey:   "DEV",
			Title:      "Questions & Answers?",
			Status:     []string{"current", "draft"},
			PostingDay: "2022-01-24",
			Expand:     []string{"body.storage", "version"},
			Trigger:    "viewed",
			Orderby:    "history.createdDate desc",
			Start:      new(int64(5)),
			Limit:      new(int64(10)),
		}))
	},
	"POST /wiki/rest/api/content": func(ctx context.Context, c *confluence.Client) error {
		body := confluence.ContentCreate{
			Title:     "Minutes",
			Type:      "page",
			Status:    "draft",
			Ancestors: []confluence.ContentCreateAncestor{{ID: "65537"}},
		}
		body.Space = &confluence.ContentCreateSpace{Key: "DEV"}
		body.Body = &confluence.ContentCreateBody{Storage: confluence.ContentBodyCreate{
			Value: "<p>Tea &amp; talk</p>", Representation: "storage",
		}}
		return failure(c.CreateContent(ctx, body, &confluence.CreateContentParams{
			Status: "draft", Expand: []string{"version"},
		}))
	},
	"PUT /wiki/rest/api/content/{id}": func(ctx context.Context, c *confluence.Client) error {
		body := confluence.ContentUpdate{
			Version: confluence.ContentUpdateVersion{Number: 2},
			Title:   "Minutes, corrected",
			Type:    "page",
			Status:  "current",
		}
		body.Body = &confluence.ContentUpdateBody{
			Wiki: confluence.ContentBodyCreate{Value: "h1. Tea", Representation: "wiki"},
		}
		return failure(c.UpdateContent(ctx, "98304", body, &confluence.UpdateContentParams{
			Status: "current", ConflictPolicy: "abort",
		}))
	},
	"DELETE /wiki/rest/api/content/{id}": func(ctx context.Context, c *confluence.Client) error {
		return c.DeleteContent(ctx, "98304", &confluence.DeleteContentParams{Status: "trashed"})
	},
	"GET /wiki/rest/api/content/search": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.SearchContentByCql(ctx, &confluence.SearchContentByCqlParams{
			Cql:        `type=page and text~"café"`,
			Cqlcontext: `{"spaceKey":"DEV"}`,
			Expand:     []string{"history", "space"},
			Limit:      new(int64(25)),
		}))
	},
	"POST /wiki/rest/api/content/{id}/child/attachment": func(
		ctx context.Context, c *confluence.Client,
	) error {
		form := confluence.CreateAttachmentForm{
			File:      rest.File{Name: "plan.txt", Content: strings.NewReader("first draft")},
			MinorEdit: rest.File{Content: strings.NewReader("true")},
			Comment:   rest.File{Content: strings.NewReader("The plan")},
		}
		return failure(c.CreateAttachment(ctx, "98304", form,
			&confluence.CreateAttachmentParams{Status: "draft"},
			rest.WithHeader("X-Atlassian-Token", "nocheck")))
	},
	"POST /wiki/rest/api/contentbody/convert/{to}": func(
		ctx context.Context, c *confluence.Client,
	) error {
		return failure(c.ConvertContentBody(ctx, "view",
			confluence.ContentBodyCreate{Value: "<p>Tea</p>", Representation: "storage"},
			&confluence.ConvertContentBodyParams{
				SpaceKeyContext:       "DEV",
				ContentIDContext:      "98304",
				EmbeddedContentRender: "version-at-save",
				Expand:                []string{"webresource"},
			}))
	},
	"PUT /wiki/rest/api/content/{pageId}/move/{position}/{targetId}": func(
		ctx context.Context, c *confluence.Client,
	) error {
		return failure(c.MovePage(ctx, "98304", confluence.MovePagePositionAppend, "65537"))
	},
	"POST /wiki/rest/api/content/{id}/label": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.AddLabelsToContent(ctx, "98304",
			confluence.AddLabelsToContentRequestOfLabelCreateList([]confluence.LabelCreate{
				{Prefix: "global", Name: "minutes"}, {Prefix: "my", Name: "later"},
			})))
	},
	"PUT /wiki/rest/api/content/{id}/property/{key}": func(
		ctx context.Context, c *confluence.Client,
	) error {
		return failure(c.UpdateContentProperty(ctx, "98304", "review state/2022",
			confluence.ContentPropertyUpdate{
				Value: confluence.ContentPropertyUpdateValueOfValueMap(map[string]json.RawMessage{
					"reviewer": json.RawMessage(`"Maria"`),
					"steps":    json.RawMessage(`[1, 2]`),
				}),
				Version: confluence.ContentPropertyUpdateVersion{Number: 3, MinorEdit: true},
			}))
	},
	"PUT /wiki/rest/api/content/{id}/restriction": func(
		ctx context.Context, c *confluence.Client,
	) error {
		update := confluence.ContentRestrictionUpdate{Operation: "update"}
		update.Restrictions.User = confluence.ContentRestrictionUpdateRestrictionsUserOfUserList(
			[]confluence.User{{Type: "known", AccountID: "5b10ac8d:82e05b22"}})
		update.Restrictions.Group = []confluence.ContentRestrictionUpdateRestrictionsGroupItem{
			{Type: "group", Name: "editors"},
		}
		body := confluence.ContentRestrictionAddOrUpdateArrayOfContentRestrictionUpdateList(
			[]confluence.ContentRestrictionUpdate{update})
		return failure(c.UpdateRestrictions(ctx, "98304", body, &confluence.UpdateRestrictionsParams{
			Expand: []confluence.UpdateRestrictionsExpandItem{
				"restrictions.user", "restrictions.group",
			},
		}))
	},
	"DELETE /wiki/rest/api/content/{id}/restriction/byOperation/{operationKey}/user": func(
		ctx context.Context, c *confluence.Client,
	) error {
		return c.RemoveUserFromContentRestriction(ctx, "98304", "update",
			&confluence.RemoveUserFromContentRestrictionParams{AccountID: "5b10ac8d:82e05b22"})
	},
	"POST /wiki/rest/api/content/{id}/version": func(
		ctx context.Context, c *confluence.Client,
	) error {
		return failure(c.RestoreContentVersion(ctx, "98304",
			confluence.VersionRestore{
				OperationKey: "restore",
				Params: confluence.VersionRestoreParams{
					VersionNumber: 1, Message: "Back to the start", RestoreTitle: true,
				},
			},
			&confluence.RestoreContentVersionParams{Expand: []string{"collaborators", "content"}}))
	},
	"PUT /wiki/rest/api/inlinetasks/{inlineTaskId}": func(
		ctx context.Context, c *confluence.Client,
	) error {
		return failure(c.UpdateTaskByID(ctx, "4711", confluence.TaskStatusUpdate{Status: "complete"}))
	},
	"PUT /wiki/rest/api/relation/{relationName}/from/{sourceType}/{sourceKey}" +
		"/to/{targetType}/{targetKey}": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.CreateRelationship(ctx, "sibling of", "content", "98304", "space", "~maria",
			&confluence.CreateRelationshipParams{
				SourceStatus:  "historical",
				TargetStatus:  "current",
				SourceVersion: new(int64(2)),
				TargetVersion: new(int64(7)),
			}))
	},
	"GET /wiki/rest/api/space": func(ctx context.Context, c *confluence.Client) error {
		return failure(c.GetSpaces(ctx, &confluence.GetSpacesParams{
			SpaceKey:  []string{"DEV", "~maria"},
			SpaceID:   []int64{32769, 9007199254740993},
			Type:      "global",
			Status:    "archived",
			Label:     []string{"team"},
			Favourite: new(false),
			Expand:    []confluence.GetSpacesExpandItem{"description.plain", "homepage"},
			Start:     new(int64(0)),
			Limit:     new(int64(50)),
		}))
	},
	"POST /wiki/rest/api/space": func(ctx context.Context, c *confluence.Client) error {
		body := confluence.SpaceCreate{
			Key:  "TEA",
			Name: "Tea",
			Permissions: []confluence.SpacePermissionCreate{{
				Operation:       confluence.OperationCheckResult{Operation: "read", TargetType: "space"},
				AnonymousAccess: true,
			}},
		}
		body.Description.Plain = confluence.SpaceDescriptionCreatePlain{
			Value: "All about tea", Representation: "plain",
		}
		return failure(c.CreateSpace(ctx, body))
	},
}
