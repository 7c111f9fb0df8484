// Package delivery copies a log to an output. For each batch it writes the lines, syncs them, and
// only then saves the state, so the state never knows of more than the disk has.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/format"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/metrics"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/output"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/progress"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/state"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

// Run is the delivery of a log to an output.
type Run struct {
	Log     *audit.Log
	Format  *format.Format
	Output  *output.File
	Letters *output.File // dead letters; nil for none
	State   *state.File  // nil for none
	Metrics *metrics.Metrics
	Display *progress.Display

	From    rest.Checkpoint
	Until   time.Time // zero to go on until the context ends
	Overlap time.Duration
	Lag     time.Duration
	Follow  []rest.FollowOption

	// Counts of the run.
	Records, Repeats, Problems int

	checkpoint rest.Checkpoint // of the last batch that was delivered
}

// ErrInterrupted means that the context ended before everything was delivered. What was delivered
// is saved.
var ErrInterrupted = errors.New("interrupted")

// Do delivers batch after batch. A batch that has begun is finished, also when the context ends.
func (r *Run) Do(ctx context.Context) error {
	r.checkpoint = r.From
	if err := r.save(false); err != nil { // a first run that is killed early knows where it started
		return err
	}
	opts := append([]rest.FollowOption{rest.FollowLag(r.Lag), rest.FollowOverlap(r.Overlap)}, r.Follow...)
	if !r.Until.IsZero() {
		opts = append(opts, rest.FollowUntil(r.Until))
	}
	for batch, err := range r.Log.Follow(ctx, r.From, opts...) {
		if err == nil {
			err = r.deliver(batch)
		}
		if err != nil {
			return r.ended(ctx, err)
		}
	}
	return r.save(true)
}

// ended ends a run that did not come to its end. Only trouble with the output leaves the state as
// it is: something may be torn there.
func (r *Run) ended(ctx context.Context, err error) error {
	var failed *rest.FollowError
	if !errors.As(err, &failed) {
		return err
	}
	if saved := r.save(true); saved != nil {
		return saved
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ErrInterrupted, context.Cause(ctx))
	}
	return failed.Err
}

// deliver writes a batch, syncs it, and saves the state.
func (r *Run) deliver(batch *audit.Batch) error {
	lines, err := r.Format.Lines(batch.Records)
	if err != nil {
		return err
	}
	repeats, problems, written := batch.Repeats, 0, 0
	for i, line := range lines {
		again, err := r.Output.Write(line)
		if err != nil {
			return err
		}
		if again {
			repeats++
		} else {
			written++
		}
		if len(batch.Records[i].Problems) == 0 {
			continue
		}
		if !again {
			problems++
		}
		if err := r.bury(&batch.Records[i]); err != nil {
			return err
		}
	}
	r.checkpoint = batch.Checkpoint
	if err := r.sync(); err != nil {
		return err
	}
	if err := r.save(false); err != nil {
		return err
	}
	r.count(batch, written, repeats, problems)
	return nil
}

// bury copies a record with problems to the dead letters.
func (r *Run) bury(record *audit.Record) error {
	if r.Letters == nil {
		return nil
	}
	letter, err := format.DeadLetter(record)
	if err != nil {
		return err
	}
	_, err = r.Letters.Write(letter)
	return err
}

func (r *Run) sync() error {
	if err := r.Output.Sync(); err != nil || r.Letters == nil {
		return err
	}
	return r.Letters.Sync()
}

// save saves what was synced. clean says that nothing was written behind it.
func (r *Run) save(clean bool) error {
	if r.State == nil {
		return nil
	}
	s := state.State{Product: r.Log.Product, Site: r.Log.Site, Format: r.Format.Name, Output: r.Output.Place(), Checkpoint: r.checkpoint, Clean: clean}
	if r.Letters != nil {
		letters := r.Letters.Place()
		s.DeadLetter = &letters
	}
	return r.State.Save(s)
}

func (r *Run) count(batch *audit.Batch, written, repeats, problems int) {
	r.Records += written
	r.Repeats += repeats
	r.Problems += problems
	r.Metrics.Records.Add(float64(written))
	r.Metrics.Repeats.Add(float64(repeats))
	r.Metrics.Problems.Add(float64(problems))
	upTo := batch.Checkpoint.Time()
	// What lies within the overlap is read again each time, and that is not a delay.
	r.Metrics.ReadUpTo(max(0, batch.ServerTime.Sub(upTo)-r.Overlap))
	r.Display.Read(written, upTo)
}
