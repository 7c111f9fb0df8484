// Package doctor finds out why an audit log cannot be read. In go an address and credentials; out
// comes a report with what is wrong and what to do.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/credentials"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/progress"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generated/rest/atlassian"
)

// Patient is what is examined.
type Patient struct {
	Product, Site string
	Credentials   credentials.Source
	Now           func() time.Time
}

// Report is what was found.
type Report struct {
	checks []check
	faults []fault
}

// check is one line of a report.
type check struct {
	name, result string
	ok           bool
}

// fault is what is wrong, why, and what to do.
type fault struct {
	name string
	why  string
	do   []string
}

// maxSkew is how far the clocks may be apart.
const maxSkew = time.Minute

// Examine checks address, credentials, answer and clock, in that order. A check that cannot be made
// because of an earlier fault is left out.
func Examine(ctx context.Context, p Patient) *Report {
	r := &Report{}
	log, found := r.prepare(ctx, p)
	if log == nil {
		return r
	}
	began := p.Now()
	siteTime, records, err := log.Ask(ctx)
	middle := began.Add(p.Now().Sub(began) / 2)
	var api *rest.APIError
	switch {
	case err == nil && records == 0:
		r.pass("answer", "the log can be read, and it is empty")
	case err == nil:
		r.pass("answer", "the log can be read")
	default:
		if errors.As(err, &api) {
			siteTime = audit.Date(api.Header.Get("Date"))
		}
		r.fail("answer", err.Error(), diagnose(ctx, p, log, found.Kind, err))
	}
	if !siteTime.IsZero() {
		r.clock(middle.Sub(siteTime))
	}
	return r
}

// prepare checks what can be checked without sending anything.
func (r *Report) prepare(ctx context.Context, p Patient) (*audit.Log, *credentials.Credentials) {
	where := "a site"
	if isGateway(p.Site) {
		where = "the gateway"
	}
	if _, err := audit.Open(p.Product, p.Site); err != nil {
		r.fail("address", p.Site, fault{"wrong address", err.Error(),
			[]string{"Use the address of the site and nothing behind it, such as https://NAME.atlassian.net,", "or that of the gateway, https://api.atlassian.com/ex/" + p.Product + "/CLOUDID."}})
		return nil, nil
	}
	r.pass("address", p.Site+", "+where)
	found, err := p.Credentials.Find(ctx)
	var log *audit.Log
	if err == nil {
		log, err = audit.Open(p.Product, p.Site, found.Option, rest.WithUserAgent("auditlog"), rest.WithMaxRetries(1))
	}
	if err != nil {
		r.fail("credentials", "none", fault{"no credentials", err.Error(), []string{
			"For an API token, set " + credentials.EmailVariable + " and " + credentials.TokenVariable + ".", "For a bearer token, set " + credentials.TokenVariable + " alone."}})
		return nil, nil
	}
	r.pass("credentials", found.Kind)
	return log, found
}

// clock compares our clock with that of the site.
func (r *Report) clock(ahead time.Duration) {
	if ahead.Abs() < maxSkew {
		r.pass("clock", "agrees with that of the site")
		return
	}
	direction := "ahead of"
	if ahead < 0 {
		direction = "behind"
	}
	about := ahead.Abs().Round(time.Minute)
	r.fail("clock", fmt.Sprintf("about %s %s that of the site", strings.TrimSuffix(about.String(), "0s"), direction), fault{"clock skew",
		"The clock of this computer is wrong. --since would start at a wrong time, and tokens may be refused.",
		[]string{"Synchronise the clock, for instance with NTP."}})
}

func (r *Report) pass(name, result string) { r.checks = append(r.checks, check{name, result, true}) }

func (r *Report) fail(name, result string, f fault) {
	r.checks = append(r.checks, check{name, result, false})
	r.faults = append(r.faults, f)
}

// Healthy reports whether nothing is wrong.
func (r *Report) Healthy() bool { return len(r.faults) == 0 }

// Print writes the report for people.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	for _, c := range r.checks {
		mark := "ok  "
		if !c.ok {
			mark = "FAIL"
		}
		fmt.Fprintf(&b, "%-11s  %s  %s\n", c.name, mark, progress.Printable(c.result))
	}
	for _, f := range r.faults {
		fmt.Fprintf(&b, "\n%s: %s\n", f.name, progress.Printable(f.why))
		for i, line := range f.do {
			lead := "            "
			if i == 0 {
				lead = "What to do: "
			}
			b.WriteString(lead + progress.Printable(line) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// isGateway reports whether an address is that of the gateway, which has a cloud id in its path.
func isGateway(site string) bool {
	u, err := url.Parse(site)
	return err == nil && (u.Hostname() == "api.atlassian.com" || strings.HasPrefix(u.Path, "/ex/"))
}

// gatewayOf returns the address of the gateway for a site. The cloud id is known only if the site
// tells it, which it does without credentials.
func gatewayOf(ctx context.Context, product, site string) string {
	address, err := atlassian.GatewayURL(ctx, product, site, rest.WithMaxRetries(0))
	if err != nil {
		return "https://api.atlassian.com/ex/" + product + "/CLOUDID (the CLOUDID is at " + site + "/_edge/tenant_info)"
	}
	return address
}
