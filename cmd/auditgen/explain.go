package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/report"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
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
their operationId. Of an operation that could page or be followed if somebody said how,
it shows the overlay action that says so.` + inputHelp,
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
	if err := report.Text(p.stdout, docs, asked, reportWidth()); err != nil {
		return err
	}
	return suggest(p.stdout, outputs, asked)
}

// suggest prints the overlay actions that could complete the operations asked for.
func suggest(w io.Writer, outputs []*generator.Output, asked []string) error {
	var b strings.Builder
	for _, out := range outputs {
		for _, s := range out.API.Suggestions {
			if !slices.Contains(asked, s.Operation.Address) {
				continue
			}
			makes := map[string]string{"x-auditgen-paging": "makes a pager", "x-auditgen-follow": "makes it one that can be followed"}[s.Extension]
			fmt.Fprintf(&b, "\n%s: %s.\nThis action of an overlay %s. Check what its comments say.\n\n%s", source.Printable(s.Operation.Address),
				source.Printable(s.Why), makes, action(&s))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// action writes an action of an overlay as YAML, to be pasted below "actions:".
func action(s *ir.Suggestion) string {
	var b strings.Builder
	path := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s.Operation.Path)
	fmt.Fprintf(&b, "  - target: %s\n", scalar("$.paths['"+path+"']."+strings.ToLower(s.Operation.Method)))
	fmt.Fprintf(&b, "    description: %s\n    update:\n      %s:\n", scalar(s.Why), s.Extension)
	for _, m := range s.Members {
		fmt.Fprintf(&b, "        %s: %s", m.Name, scalar(m.Value))
		if m.Check != "" {
			fmt.Fprintf(&b, " # %s", source.Printable(m.Check))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// plainScalar matches texts that YAML reads as they are. A number stays a number.
var plainScalar = regexp.MustCompile(`^([0-9]+|[A-Za-z_$][A-Za-z0-9_$.\[\]'/{}-]*)$`)

// scalar writes a text as YAML.
func scalar(text string) string {
	if plainScalar.MatchString(text) && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
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
