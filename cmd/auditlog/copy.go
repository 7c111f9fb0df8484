package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/delivery"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/format"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/metrics"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/output"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/progress"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

func (p *program) exportCommand() *cobra.Command {
	c := &copyFlags{interval: time.Second}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write everything up to now, and later what has come since",
		Long: `Write the audit log up to now, the oldest record first. The same command later appends
what has come since. Without --since and --from, the first run starts at the beginning
of the log.`,
		Example: `  auditlog export --product confluence --site https://NAME.atlassian.net --output audit.ndjson
  auditlog export --product jira --site https://NAME.atlassian.net --since 30d --format csv --output audit.csv`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.copy(cmd.Context(), c) },
	}
	c.add(cmd)
	cmd.Flags().StringVar(&c.to, "to", "", "end at that `time`, which must have passed (default now, without the lag)")
	cmd.Flags().DurationVar(&c.giveUp, "give-up", 10*time.Minute, "end with status 4 when the site has failed for that `long`")
	return cmd
}

func (p *program) followCommand() *cobra.Command {
	c := &copyFlags{follow: true}
	cmd := &cobra.Command{
		Use:   "follow",
		Short: "Write what comes, until it is interrupted",
		Long: `Write records as they come, the oldest first, until SIGINT or SIGTERM. Without --since
and --from, the first run starts now. Failures that can pass are waited out.`,
		Example: `  auditlog follow --product confluence --site https://NAME.atlassian.net --output audit.ndjson
  auditlog follow --product jira --site https://NAME.atlassian.net --envelope --state audit.state | your-shipper`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.copy(cmd.Context(), c) },
	}
	c.add(cmd)
	cmd.Flags().DurationVar(&c.interval, "interval", time.Minute, "ask that `often` when nothing new is there")
	return cmd
}

// copy is export and follow.
func (p *program) copy(ctx context.Context, c *copyFlags) error {
	if err := c.check(); err != nil {
		return err
	}
	ctx, stop := signalled(ctx)
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	display := progress.New(p.stderr, c.quiet)
	counts := metrics.New(c.product, c.site)
	patience := newPatience(c.giveUp, func() { cancel(errGaveUp) })
	defer patience.stop()
	log, err := c.open(ctx, func(_ context.Context, a rest.Attempt) {
		counts.Attempt(a)
		patience.attempt(a)
		if a.Err != nil && ctx.Err() == nil {
			display.Note("%s", failure(a))
		}
	})
	if err != nil {
		return err
	}
	run := &delivery.Run{Log: log, Metrics: counts, Display: display, Overlap: c.overlap, Lag: c.lag,
		Follow: []rest.FollowOption{rest.FollowInterval(c.interval)}}
	if run.Format, err = format.New(c.format, c.envelope, log); err != nil {
		return usagef("%s", err)
	}
	var open files
	defer open.close()
	if err := p.openFiles(c, run, &open); err != nil {
		return err
	}
	if c.metrics != "" {
		at, stop, err := counts.Serve(c.metrics)
		if err != nil {
			return usagef("%s", err)
		}
		defer stop()
		display.Note("metrics are at http://%s/metrics", at)
	}
	if err := p.bound(ctx, c, run); err != nil {
		return gaveUp(ctx, err)
	}
	err = run.Do(ctx)
	display.Done(err == nil)
	summarize(display, run)
	if c.follow && errors.Is(err, delivery.ErrInterrupted) {
		return nil
	}
	return gaveUp(ctx, err)
}

// signalled returns a context that ends with the first SIGINT or SIGTERM. The second one ends the
// program.
func signalled(ctx context.Context) (context.Context, func()) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop()
	}()
	return ctx, stop
}

// open returns the log of the flags.
func (s *siteFlags) open(ctx context.Context, hook func(context.Context, rest.Attempt), opts ...rest.Option) (*audit.Log, error) {
	found, err := s.credentials.Find(ctx)
	if err != nil {
		return nil, usagef("%s", err)
	}
	opts = append(opts, found.Option, rest.WithUserAgent("auditlog"), rest.WithHook(hook))
	log, err := audit.Open(s.product, s.site, opts...)
	if err != nil {
		return nil, usagef("--site: %s", err)
	}
	return log, nil
}

// bound sets where an export ends, and where a first run of follow starts: by the clock of the
// site, because ours may be wrong.
func (p *program) bound(ctx context.Context, c *copyFlags, run *delivery.Run) error {
	if c.follow && !run.From.Time().IsZero() {
		return nil
	}
	now, err := p.siteTime(ctx, run.Log)
	if err != nil {
		return err
	}
	if c.follow {
		run.From = rest.StartAt(now.UTC())
		return nil
	}
	run.Until = now.Add(-c.lag - dateResolution).UTC()
	if c.to != "" {
		to, err := parseTime("--to", c.to)
		if err != nil {
			return err
		}
		if to.After(now) {
			return usagef("--to %s: it has not passed yet: leave it out, or use auditlog follow", c.to)
		}
		run.Until = to
	}
	run.Display.Export(run.Until)
	return nil
}

// dateResolution is more than the fraction of a second that a Date header leaves out, and the time
// that an answer usually takes. An export that ends so much earlier does not wait for its end.
const dateResolution = 2 * time.Second

// siteTime asks for the clock of the site until it answers.
func (p *program) siteTime(ctx context.Context, log *audit.Log) (time.Time, error) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		now, _, err := log.Ask(ctx)
		switch {
		case err == nil && now.IsZero():
			return p.now(), nil
		case err == nil:
			return now, nil
		case ctx.Err() != nil:
			return time.Time{}, fmt.Errorf("%w: %w", delivery.ErrInterrupted, context.Cause(ctx))
		case !rest.IsTemporary(err):
			return time.Time{}, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// patience ends an export when every request has failed for too long.
type patience struct {
	limit time.Duration
	timer *time.Timer // nil to wait for ever
}

func newPatience(limit time.Duration, end func()) *patience {
	if limit == 0 {
		return &patience{}
	}
	return &patience{limit, time.AfterFunc(limit, end)}
}

func (p *patience) attempt(a rest.Attempt) {
	if p.timer != nil && a.Err == nil {
		p.timer.Reset(p.limit)
	}
}

func (p *patience) stop() {
	if p.timer != nil {
		p.timer.Stop()
	}
}

// gaveUp says what to do after an export has ended for lack of patience.
func gaveUp(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), errGaveUp) {
		return fmt.Errorf("%w for longer than --give-up allows: run the same command later: it goes on where it stopped", errGaveUp)
	}
	if errors.Is(err, delivery.ErrInterrupted) {
		return fmt.Errorf("%w: everything up to now is saved: run the same command again: it goes on where it stopped", delivery.ErrInterrupted)
	}
	return err
}

// failure says how a request failed, and what happens next.
func failure(a rest.Attempt) string {
	text := a.Err.Error()
	if a.Wait > 0 {
		return fmt.Sprintf("%s: trying again in %s", text, a.Wait.Round(100*time.Millisecond))
	}
	return text
}

// summarize prints what a run has done.
func summarize(d *progress.Display, run *delivery.Run) {
	text := progress.Records(run.Records) + " written"
	if run.Repeats > 0 {
		text += fmt.Sprintf(", %d repeats dropped", run.Repeats)
	}
	if run.Problems > 0 {
		text += fmt.Sprintf(", %d with values of other types than documented", run.Problems)
	}
	d.Note("%s", text)
}

// lineKey returns the key of the lines of a format.
func lineKey(f *format.Format) output.Key {
	if f.Header != nil {
		return func(line []byte) []byte { return line }
	}
	return audit.Canonical
}
