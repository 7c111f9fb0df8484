package main

import (
	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/doctor"
)

func (p *program) doctorCommand() *cobra.Command {
	s := &siteFlags{}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say why a log cannot be read, and what to do",
		Long: `Ask the site for one record, and say what is wrong if that fails: address, credentials,
permission, scope, plan, network or clock. Nothing is written. The exit status is 0 if
the log can be read, and 1 if something was found.`,
		Example: `  auditlog doctor --product confluence --site https://NAME.atlassian.net`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.check(); err != nil {
				return err
			}
			ctx, stop := signalled(cmd.Context())
			defer stop()
			report := doctor.Examine(ctx, doctor.Patient{Product: s.product, Site: s.site, Credentials: s.credentials, Now: p.now})
			if err := report.Print(p.stdout); err != nil {
				return err
			}
			if !report.Healthy() {
				return errFound
			}
			return nil
		},
	}
	s.add(cmd)
	return cmd
}
