package main

import (
	"bytes"
	"cmp"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/generator"
)

// unnamedPackage is what the Go of a report is called where documents are named on the command
// line: nothing is written of it.
const unnamedPackage = "api"

func (p *program) reportCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write a page that shows where every fact comes from",
		Long: `Write one HTML page that shows, API by API, what each document knew, which holes were filled
by which of them, who disagrees, what is missing, and the generated Go beside the lines it
was made from. The page needs nothing but itself: no network, no other file.` + inputHelp,
		Example: `  auditgen report --html report.html
  auditgen report --html jira.html --spec jira.openapi.json`,
		Args: noArguments,
	}
	flags := addInputFlags(cmd, false)
	cmd.Flags().StringVar(&file, "html", "", "`file` to write; - prints the page")
	cmd.RunE = func(*cobra.Command, []string) error { return p.runReport(flags, file) }
	return cmd
}

func (p *program) runReport(flags *inputFlags, file string) error {
	if file == "" {
		return usagef("--html FILE is missing: say where the page goes, or - to print it")
	}
	works, err := flags.load(p.stdin)
	if err != nil {
		return err
	}
	if err := flags.checkResult(file, works); err != nil {
		return err
	}
	for i := range works {
		works[i].input.Package = cmp.Or(works[i].input.Package, unnamedPackage)
	}
	outputs, err := p.generateAll(works)
	if err != nil {
		return err
	}
	inputs := make([]generator.Input, len(works))
	for i, w := range works {
		inputs[i] = w.input
	}
	var page bytes.Buffer
	if err := generator.WriteHTML(&page, inputs, outputs); err != nil {
		return err
	}
	return p.writeResult(file, page.Bytes())
}
