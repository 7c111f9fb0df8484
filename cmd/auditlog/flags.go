package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/credentials"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/output"
)

// siteFlags say which log to read, and with which credentials.
type siteFlags struct {
	product, site string
	credentials   credentials.Source
}

func (s *siteFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.product, "product", "", "`product`: confluence or jira")
	f.StringVar(&s.site, "site", "", "`URL` of the site, such as https://NAME.atlassian.net")
	f.StringVar(&s.credentials.File, "credentials-file", "", "`file` with EMAIL:TOKEN or a bearer token, readable by you only")
	f.StringVar(&s.credentials.Command, "credentials-command", "", "`command` that prints EMAIL:TOKEN or a bearer token")
}

func (s *siteFlags) check() error {
	switch {
	case s.product == "":
		return usagef("--product is missing: say --product %s", strings.Join(audit.Products, " or --product "))
	case s.product != "confluence" && s.product != "jira":
		return usagef("--product %s: say %s", s.product, strings.Join(audit.Products, " or "))
	case s.site == "":
		return usagef("--site is missing: say --site https://NAME.atlassian.net")
	}
	s.site = strings.TrimRight(s.site, "/")
	return nil
}

// copyFlags are the flags of export and follow.
type copyFlags struct {
	siteFlags
	since, from, to string
	output, format  string
	envelope        bool
	state           string
	deadLetter      string
	metrics         string
	lag, overlap    time.Duration
	interval        time.Duration // follow only
	giveUp          time.Duration // export only
	quiet           bool
	follow          bool
}

func (c *copyFlags) add(cmd *cobra.Command) {
	c.siteFlags.add(cmd)
	f := cmd.Flags()
	f.StringVar(&c.since, "since", "", "start that `long` ago, such as 12h, 30d or 4w; for the first run only")
	f.StringVar(&c.from, "from", "", "start at that `time`, such as 2026-11-21 or 2026-11-21T03:15:00Z; for the first run only")
	f.StringVar(&c.output, "output", output.Stdout, "`file` to append to; - is standard output")
	f.StringVar(&c.format, "format", "ndjson", "`format`: ndjson or csv")
	f.BoolVar(&c.envelope, "envelope", false, "wrap each record in id, time, source, site, actor, action and object")
	f.StringVar(&c.state, "state", "", "`file` that remembers what was written (default OUTPUT.state)")
	f.StringVar(&c.deadLetter, "dead-letter", "", "`file` for copies of records with values of other types than documented")
	f.StringVar(&c.metrics, "metrics-listen", "", "serve metrics for Prometheus at this `address`; :9090 is 127.0.0.1:9090")
	f.DurationVar(&c.lag, "lag", 10*time.Second, "stay that `long` behind the clock of the site")
	f.DurationVar(&c.overlap, "overlap", 10*time.Minute, "expect records to become visible that `late`")
	f.BoolVar(&c.quiet, "quiet", false, "print errors only")
}

// check checks what can be checked without the site.
func (c *copyFlags) check() error {
	if err := c.siteFlags.check(); err != nil {
		return err
	}
	switch {
	case c.since != "" && c.from != "":
		return usagef("--since and --from exclude each other: leave one out")
	case c.lag < 0 || c.overlap < 0 || c.interval < 0 || c.giveUp < 0:
		return usagef("--lag, --overlap, --interval and --give-up cannot be negative")
	case c.output == "":
		return usagef("--output is empty: name a file, or - for standard output")
	case c.deadLetter == output.Stdout || c.deadLetter != "" && c.deadLetter == c.output:
		return usagef("--dead-letter %s: name a file of its own", c.deadLetter)
	}
	if c.state == "" && c.output != output.Stdout {
		c.state = c.output + ".state"
	}
	if c.state != "" && (c.state == c.output || c.state == c.deadLetter) {
		return usagef("--state %s: name a file of its own", c.state)
	}
	if c.state == "" && c.deadLetter != "" {
		return usagef("--dead-letter needs --state, so that a later run can go on with both: name one")
	}
	return nil
}

// start returns when a first run starts; zero if the flags do not say it.
func (c *copyFlags) start(now time.Time) (time.Time, error) {
	switch {
	case c.since != "":
		d, err := parseSpan(c.since)
		if err != nil {
			return time.Time{}, usagef("--since %s: write a number and m, h, d or w, such as 30d", c.since)
		}
		return now.Add(-d).UTC().Truncate(time.Millisecond), nil
	case c.from != "":
		return parseTime("--from", c.from)
	}
	return time.Time{}, nil
}

// parseSpan reads a duration of Go, or a whole number of days or weeks.
func parseSpan(text string) (time.Duration, error) {
	units := map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	for suffix, unit := range units {
		if number, ok := strings.CutSuffix(text, suffix); ok {
			n, err := strconv.ParseUint(number, 10, 16)
			if err != nil || time.Duration(n) > 36500*24*time.Hour/unit {
				return 0, fmt.Errorf("%q is not a number of days or weeks", number)
			}
			return time.Duration(n) * unit, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err == nil && d < 0 {
		err = fmt.Errorf("%s is negative", text)
	}
	return d, err
}

func parseTime(flag, text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, usagef("%s %s: write a date or a time with its zone, such as 2026-11-21 or 2026-11-21T03:15:00Z", flag, text)
}
