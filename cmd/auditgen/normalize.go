package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

func (p *program) normalizeCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "normalize",
		Short: "Print the settled OpenAPI 3 document of one API",
		Long: `Print the settled OpenAPI 3 document of one API: everything that the documents say about
it, in a form that any other tool reads.` + inputHelp,
		Example: `  auditgen normalize --api jira
  auditgen normalize --api confluence --output confluence.json
  auditgen normalize --spec audit.swagger.yaml --reference page:audit-page.txt --output -`,
		Args: noArguments,
	}
	flags := addInputFlags(cmd, false)
	cmd.Flags().StringVar(&file, "output", stdinName, "`file` to write, JSON or YAML by its extension; - prints YAML")
	cmd.RunE = func(*cobra.Command, []string) error { return p.runNormalize(flags, file) }
	return cmd
}

func (p *program) runNormalize(flags *inputFlags, file string) error {
	render, err := rendering(file)
	if err != nil {
		return err
	}
	works, err := flags.load(p.stdin)
	if err != nil {
		return err
	}
	if len(works) > 1 {
		names := make([]string, len(works))
		for i, w := range works {
			names[i] = w.name
		}
		return usagef("there are %d APIs, and normalize gives one document: pick one with --api: %s", len(works), strings.Join(names, ", "))
	}
	if err := flags.checkResult(file, works); err != nil {
		return err
	}
	outputs, err := p.settleAll(works, generator.Settled)
	if err != nil {
		return err
	}
	data, err := render(outputs[0].Document)
	if err != nil {
		return err
	}
	fmt.Fprint(p.stderr, listed(works[0].name, flags.explainFlags(), []finding{{"note", notes(outputs[0].Document)}}))
	return p.writeResult(file, data)
}

// rendering returns the function that writes a document in the form that the extension of the file
// asks for.
func rendering(file string) (func(*settled.Document) ([]byte, error), error) {
	if file == stdinName {
		return (*settled.Document).YAML, nil
	}
	switch strings.ToLower(filepath.Ext(file)) {
	case ".json":
		return (*settled.Document).JSON, nil
	case ".yaml", ".yml":
		return (*settled.Document).YAML, nil
	}
	return nil, usagef("--output %s: the extension says neither JSON nor YAML: name a .json, .yaml or .yml file, or - for standard output", file)
}

// settleAll settles the documents of every package, as far as until. The error has everything that
// is wrong in any of them.
func (p *program) settleAll(works []work, until generator.Stage) ([]*generator.Output, error) {
	outputs := make([]*generator.Output, len(works))
	var errs source.Collector
	for i, w := range works {
		w.input.Until = until
		out, err := p.generate(w.input)
		errs.AddErr(w.name, w.at(err))
		outputs[i] = out
	}
	return outputs, errs.Err()
}
