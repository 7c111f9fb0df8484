package main

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/seed-1954497d/auditgen/golden/bench/internal/pages"
)

// started is when this program was.
var started = time.Now()

// figure is what was measured of one subject: medians of all rounds, for one unit of work.
type figure struct {
	took   time.Duration
	allocs float64
	bytes  float64
}

// figures is a comparison. ratio is how many times as fast the first subject was: the median of the ratios of the rounds,
// because the two halves of a round see the same load on the machine.
type figures struct {
	of    []figure
	ratio float64
}

const (
	perTurn = 60 * time.Millisecond // how long a subject works at a stretch, at least, by the clock
	nTurns  = 3                     // how often each subject has its turn in a round
)

// measure has the subjects do the same work in turns, in an order that changes from round to round.
func measure[S any](rounds int, work func(S) error, subjects ...S) (*figures, error) {
	took := make([][]float64, len(subjects))
	result := &figures{of: make([]figure, len(subjects))}
	var ratios []float64
	for round := range rounds + 1 { // the first one warms up
		sums := make([]float64, len(subjects))
		for turn := range nTurns * len(subjects) {
			i := (turn + round) % len(subjects)
			t, f, err := once(func() error { return work(subjects[i]) })
			if err != nil {
				return nil, err
			}
			sums[i] += t / nTurns
			result.of[i].allocs, result.of[i].bytes = f.allocs, f.bytes
		}
		if round == 0 {
			continue
		}
		for i, s := range sums {
			took[i] = append(took[i], s)
		}
		ratios = append(ratios, sums[len(sums)-1]/sums[0])
	}
	for i := range took {
		result.of[i].took = time.Duration(median(took[i]))
	}
	result.ratio = median(ratios)
	return result, nil
}

// once repeats the work for a while and gives the nanoseconds of the processor and the allocations that it took on average. What others left
// for the garbage collector is collected before; what the work itself leaves is part of its time.
func once(work func() error) (float64, figure, error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start, n := clock(), 0
	for ; n == 0 || clock()-start < perTurn; n++ {
		if err := work(); err != nil {
			return 0, figure{}, err
		}
	}
	took := float64(clock()-start) / float64(n)
	runtime.ReadMemStats(&after)
	return took, figure{
		allocs: float64(after.Mallocs-before.Mallocs) / float64(n),
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / float64(n),
	}, nil
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// print writes a line for each subject. Seconds are of processor time: see clock.
func (f *figures) print(out io.Writer, names []string, megabytes float64, records int) {
	fmt.Fprintf(out, "  %-34s %8s %12s %14s %14s\n", "", "MB/s", "records/s", "allocs/record", "bytes/record")
	for i, one := range f.of {
		seconds := one.took.Seconds()
		fmt.Fprintf(out, "  %-34s %8.0f %12.0f %14.2f %14.0f\n", names[i], megabytes/seconds, float64(records)/seconds,
			one.allocs/float64(records), one.bytes/float64(records))
	}
}

// verdict says whether a target was reached.
func verdict(out io.Writer, what string, got, target float64, atLeast bool) {
	sign, reached := "<=", got <= target
	if atLeast {
		sign, reached = ">=", got >= target
	}
	word := "MISSED"
	if reached {
		word = "reached"
	}
	fmt.Fprintf(out, "  %-8s %s: %.2f (target %s %g)\n", word, what, got, sign, target)
}

// compareLines measures how fast records become lines of JSON. They have no undocumented members: the plain struct could not
// keep them, and would have less to write.
func compareLines(out io.Writer) error {
	data := pages.Confluence(pages.Shape{NullOperations: true}, 0, perPage, perPage)
	type subject struct {
		name  string
		write func(*bytes.Buffer) error
	}
	var subjects []subject
	for _, s := range []struct {
		name string
		make func([]byte) (func(*bytes.Buffer) error, error)
	}{{"auditgen, AppendJSON", oursLines}, {"auditgen, json.Encoder", oursEncoder}, {"encoding/json, plain struct", plainLines}} {
		write, err := s.make(data)
		if err != nil {
			return err
		}
		subjects = append(subjects, subject{s.name, write})
	}
	var b bytes.Buffer
	var names []string
	for _, s := range subjects {
		b.Reset()
		if err := s.write(&b); err != nil {
			return err
		}
		names = append(names, fmt.Sprintf("%s, %d bytes", s.name, b.Len()/perPage))
	}
	result, err := measure(*rounds, func(s subject) error {
		b.Reset()
		return s.write(&b)
	}, subjects...)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nNDJSON: %d Confluence records, decoded before, as lines of JSON\n", perPage)
	result.print(out, names, float64(b.Len())/1e6, perPage)
	verdict(out, "NDJSON: speed against encoding/json", result.ratio, 1.8, true)
	return nil
}
