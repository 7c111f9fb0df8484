package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"
)

const benchmarked = 100_000

func benchmarkedMock(b *testing.B) *mock.Server {
	b.Helper()
	s, err := mock.Confluence(mock.WithRecords(benchmarked))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	return s
}

func reportRecords(b *testing.B) {
	b.ReportMetric(benchmarked*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkExport is an export of a whole log in a process of its own, state and syncs included.
func BenchmarkExport(b *testing.B) {
	s, dir := benchmarkedMock(b), b.TempDir()
	for i := range b.N {
		cmd := exec.Command(os.Args[0], "export", "--product", "confluence", "--site", s.URL, "--quiet", "--output", filepath.Join(dir, strconv.Itoa(i)))
		cmd.Env = append(os.Environ(), commandVariable+"=1", "AUDITLOG_EMAIL=me@example.com", "AUDITLOG_TOKEN=x")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	reportRecords(b)
}

// BenchmarkPlainLoop is what it is compared with: a loop over the generated client that writes
// lines and promises nothing.
func BenchmarkPlainLoop(b *testing.B) {
	s, dir := benchmarkedMock(b), b.TempDir()
	c, err := confluence.NewClient(s.URL, rest.WithBearerToken("x"))
	if err != nil {
		b.Fatal(err)
	}
	for i := range b.N {
		f, err := os.Create(filepath.Join(dir, strconv.Itoa(i)))
		if err != nil {
			b.Fatal(err)
		}
		w := bufio.NewWriter(f)
		for r, err := range c.AllAuditRecords(b.Context(), nil) {
			if err != nil {
				b.Fatal(err)
			}
			_, _ = w.Write(append(r.JSON.Raw(), '\n')) // Flush returns the error
		}
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
	reportRecords(b)
}
