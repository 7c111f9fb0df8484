package main

import (
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/report"
)

// defaultWidth is the width of a report where the environment has no COLUMNS: the same in a terminal and in a pipe.
const defaultWidth = 120

func (p *program) explainCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain [ADDRESS]",
		Short: "Show every fact, where it comes from and who disagrees; gaps and conflicts",
		Long: `Show every fact about an API, the file and line it comes from, and the sources that say
something else; then the gaps and the conflicts. ADDRESS narrows it to an operation, a
parameter or a schema.` + inputHelp,
		Example: `  auditgen explain
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
	docs, err := p.settleAll(works, generator.Resolved)
	if err != nil {
		return err
	}
	if asJSON {
		return report.JSON(p.stdout, docs, address)
	}
	return report.Text(p.stdout, docs, address, reportWidth())
}

func reportWidth() int {
	if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && width > 0 {
		return width
	}
	return defaultWidth
}
