package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/mock"
)

// mockFlags are the flags of auditgen mock beside those for documents.
type mockFlags struct {
	listen  string
	expose  bool
	seed    uint64
	records int
	faults  []string
	late    time.Duration
	skew    time.Duration
	burst   int
	odd     float64
	streams bool
	quiet   bool
}

func (p *program) mockCommand() *cobra.Command {
	m := &mockFlags{}
	cmd := &cobra.Command{
		Use:   "mock",
		Short: "Serve an API that behaves like the real one, for trying out and for tests",
		Long: `Serve settled documents as a server that behaves like the real one: an audit log of
100,000 records that follow from a seed, filters, paging, errors. Requests are checked
against the document; any credentials will do. All APIs are served at one URL, which is
printed with a first command to try. Requests are logged to standard error.

Faults, each with a rate from 0 to 1: ` + strings.Join(mock.FaultNames(), ", ") + `.` + inputHelp,
		Example: `  auditgen mock
  auditgen mock --api jira --listen 127.0.0.1:8080 --fault rate-limit=0.1 --fault growing=0.5
  auditgen mock --fault growing=0.5 --late 5m --skew -1h --burst 300 --odd 0.1
  auditgen mock --spec petstore.yaml --records 500`,
		Args: noArguments,
	}
	flags := addInputFlags(cmd, false)
	cmd.Flags().StringVar(&m.listen, "listen", "127.0.0.1:0", "`address` and port to listen at; port 0 is any that is free")
	cmd.Flags().BoolVar(&m.expose, "expose", false, "listen at an address that other computers reach")
	cmd.Flags().Uint64Var(&m.seed, "seed", 0, "`number` that all data follows from")
	cmd.Flags().IntVar(&m.records, "records", mock.DefaultRecords, "`number` of records of each audit log; listings of other documents have 250 if it is not given")
	cmd.Flags().StringArrayVar(&m.faults, "fault", nil, "`name=rate` of a fault; repeatable")
	cmd.Flags().DurationVar(&m.late, "late", 0, "how much later than its time a record that is added may become visible, such as 5m")
	cmd.Flags().DurationVar(&m.skew, "skew", 0, "how far the server's clock is ahead, such as 90s or -1h")
	cmd.Flags().IntVar(&m.burst, "burst", 1, "`number` of records in a row that have the same time")
	cmd.Flags().Float64Var(&m.odd, "odd", 0, "`share` of records, from 0 to 1, with a member of another type than documented")
	cmd.Flags().BoolVar(&m.streams, "streams", false, "listings by cursor have no last page: each leads on to the next")
	cmd.Flags().BoolVar(&m.quiet, "quiet", false, "do not log requests")
	cmd.RunE = func(*cobra.Command, []string) error { return p.runMock(flags, m) }
	return cmd
}

// runMock serves until the program is interrupted.
func (p *program) runMock(flags *inputFlags, m *mockFlags) error {
	opts, err := m.options(flags, p.stderr)
	if err != nil {
		return err
	}
	works, err := flags.load(p.stdin)
	if err != nil {
		return err
	}
	outputs, err := p.settleAll(works, generator.Settled)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	docs := documentsOf(outputs)
	s, err := mock.New(docs, opts...)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := io.WriteString(p.stdout, greeting(s, docs)); err != nil {
		return err
	}
	<-ctx.Done()
	stop() // another interrupt ends it at once
	return drain(s, p.stderr)
}

// greeting says where the server is and what to try first.
func greeting(s *mock.Server, docs []*settled.Document) string {
	var b strings.Builder
	fmt.Fprintln(&b, "Serving, until it is interrupted (Ctrl-C), at", s.URL)
	for _, doc := range docs {
		fmt.Fprintf(&b, "  %s\n", source.Printable(doc.Title()))
	}
	for i, line := range s.Commands() {
		if i == 0 {
			fmt.Fprintln(&b, "Try:")
		}
		fmt.Fprintf(&b, "  %s\n", source.Printable(line))
	}
	return b.String()
}

// drainTime is how long requests that are running may go on when the program is interrupted.
const drainTime = 10 * time.Second

func drain(s *mock.Server, stderr io.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if s.Shutdown(ctx) != nil {
		fmt.Fprintf(stderr, "auditgen mock: requests were broken off after %s\n", drainTime)
	}
	return nil
}

// options returns the options that the flags ask for.
func (m *mockFlags) options(flags *inputFlags, stderr io.Writer) ([]mock.Option, error) {
	if m.records < 0 {
		return nil, usagef("--records %d: a log cannot have less than no records", m.records)
	}
	var faults mock.Faults
	for _, text := range m.faults {
		name, rate, ok := strings.Cut(text, "=")
		n, err := strconv.ParseFloat(rate, 64)
		if !ok || err != nil {
			return nil, usagef("--fault %s: write NAME=RATE, such as rate-limit=0.1", text)
		}
		if err := faults.Set(name, n); err != nil {
			return nil, usagef("--fault: %s", err)
		}
	}
	if err := m.checkListen(stderr); err != nil {
		return nil, err
	}
	opts := []mock.Option{mock.WithAddress(m.listen), mock.WithSeed(m.seed), mock.WithFaults(faults), mock.WithLateRecords(m.late),
		mock.WithClockSkew(m.skew), mock.WithBursts(m.burst), mock.WithOddRecords(m.odd)}
	if m.streams {
		opts = append(opts, mock.WithStreams())
	}
	if flags.given("records") {
		opts = append(opts, mock.WithRecords(m.records))
	}
	if !m.quiet {
		opts = append(opts, mock.WithLog(stderr))
	}
	return opts, nil
}

// checkListen refuses addresses that other computers reach, unless that is meant.
func (m *mockFlags) checkListen(stderr io.Writer) error {
	local, err := mock.IsLocal(m.listen)
	switch {
	case err != nil:
		return usagef("--listen %s: write ADDRESS:PORT, such as 127.0.0.1:8080", m.listen)
	case local:
		return nil
	case !m.expose:
		return usagef("--listen %s: other computers may reach that address: listen at 127.0.0.1, or add --expose if that is meant", m.listen)
	}
	fmt.Fprintf(stderr, "auditgen mock: warning: whoever reaches %s can use this server: any credentials will do\n", source.Printable(m.listen))
	return nil
}
