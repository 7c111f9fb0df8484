// Command auditlog-connect is Redpanda's stream processor Benthos with an input for the audit logs
// of Confluence and Jira. A configuration says where the records go:
//
//	auditlog-connect run pipeline.yaml
//	auditlog-connect lint pipeline.yaml
//	auditlog-connect create atlassian_audit
//
// The input is package atlassian, for builds that need other components too.
package main

import (
	"context"

	"github.com/redpanda-data/benthos/v4/public/service"

	_ "github.com/redpanda-data/benthos/v4/public/components/io"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure"

	_ "github.com/seed-1954497d/auditgen/cmd/auditlog/connect/atlassian"
)

func main() {
	service.RunCLI(context.Background(),
		service.CLIOptSetBinaryName("auditlog-connect"),
		service.CLIOptSetProductName("auditlog-connect"))
}
