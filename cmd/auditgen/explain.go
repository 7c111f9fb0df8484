package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/report"
	"github.com/seed-1954497d/auditgen/generator/settled"
)

// defaultWidth is the width of a report where the environment has no COLUMNS: the same in a
// terminal and in a pipe.
const defaultWidth = 120

func (p *program) explainCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain [ADDRESS]",
		Short: "Show every fact, where it comes from and who disagrees; gaps and conflicts",
		Long: `Show every fact about an API, the file and line it comes from, and the sources that say
something else; then the gaps and the conflicts. ADDRESS narrows it to an operation, a
parameter or a schema. Operations and schemas can be named as in Go, operations also by
their operationId.` + inputHelp,
		Example: `  auditgen explain
  auditgen explain getAuditRecords
  auditgen explain "GET /wiki/rest/api/audit"
  auditgen explain "GET /wiki/rest/api/audit query:limit"
  auditgen explain --json --api jira`,
	}
	flags := addInputFlags(cmd, false)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		// An address has spaces in it; without quotes it comes as several arguments.
		return p.runExplain(flags, strings.Join(args, " "), asJSON)
	}
	return cmd
}

func (p *program) runExplain(flags *inputFlags, address string, asJSON bool) error {
	works, err := flags.load(p.stdin)
	if err != nil {
		return err
	}
	outputs, err := p.settleAll(works, generator.Resolved)
	if err != nil {
		return err
	}
	docs, asked := documentsOf(outputs), askedFor(outputs, address)
	if len(asked) > 0 && !report.Knows(docs, asked) {
		for _, out := range outputs {
			if near := out.NearestName(address); near != "" && !strings.Contains(address, " ") {
				return fmt.Errorf("nothing has the name %q: did you mean %s?", address, near)
			}
		}
	}
	if asJSON {
		return report.JSON(p.stdout, docs, asked)
	}
	return report.Text(p.stdout, docs, asked, reportWidth())
}

// askedFor returns the addresses that an argument can be, itself among them; none if it is empty.
func askedFor(outputs []*generator.Output, argument string) []string {
	if argument == "" {
		return nil
	}
	all := []string{argument}
	for _, out := range outputs {
		all = append(all, out.Addresses(argument)...)
	}
	return all
}

func documentsOf(outputs []*generator.Output) []*settled.Document {
	docs := make([]*settled.Document, len(outputs))
	for i, out := range outputs {
		docs[i] = out.Document
	}
	return docs
}

func reportWidth() int {
	if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && width > 0 {
		return width
	}
	return defaultWidth
}
