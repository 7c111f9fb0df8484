package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/delivery"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/output"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/state"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

// files are what a run has open.
type files []io.Closer

func (f *files) close() {
	for _, one := range *f {
		_ = one.Close() // everything that counts was synced
	}
}

// openFiles opens the state and the outputs, and sets where the run starts. The caller closes what
// is open, also after an error.
func (p *program) openFiles(c *copyFlags, run *delivery.Run, open *files) (err error) {
	var before *state.State
	if c.state != "" {
		if run.State, err = state.Open(c.state); err != nil {
			return err
		}
		*open = append(*open, run.State)
		if before, err = run.State.Load(); err != nil {
			return err
		}
	}
	if err := p.begin(c, run, before); err != nil {
		return err
	}
	if run.Output, err = p.openOutput(c, run, before); err != nil {
		return err
	}
	*open = append(*open, run.Output)
	if c.deadLetter == "" {
		return noDeadLetter(before)
	}
	if run.Letters, err = openLetters(c, before); err != nil {
		return err
	}
	*open = append(*open, run.Letters)
	return nil
}

// begin sets where the run starts: at the state of the run before, or where the flags say.
func (p *program) begin(c *copyFlags, run *delivery.Run, before *state.State) error {
	from, err := c.start(p.now())
	if err != nil {
		return err
	}
	switch {
	case before != nil && (before.Product != c.product || before.Site != c.site):
		return usagef("--state %s: it is about %s at %s: name another one", c.state, before.Product, before.Site)
	case before != nil && before.Format != run.Format.Name:
		return usagef("--state %s: its output is %s, and this run would write %s: use the same --format and --envelope, or name another --state and --output",
			c.state, before.Format, run.Format.Name)
	case before != nil:
		run.From = before.Checkpoint
		if c.since != "" || c.from != "" {
			run.Display.Note("going on from the state in %s: --since and --from are for the first run", c.state)
		}
	case !from.IsZero():
		run.From = rest.StartAt(from)
	case !c.follow:
		run.From = rest.StartAt(beginning)
	}
	return nil
}

// beginning is before the first record of any site.
var beginning = time.Date(2002, 1, 1, 0, 0, 0, 0, time.UTC)

// openOutput opens the output, and takes over what a killed run left.
func (p *program) openOutput(c *copyFlags, run *delivery.Run, before *state.State) (*output.File, error) {
	header, key := run.Format.Header, lineKey(run.Format)
	create := func() (*output.File, error) {
		if c.output == output.Stdout {
			return output.Stream(output.Stdout, p.stdout, header, key), nil
		}
		path, err := filepath.Abs(c.output)
		if err != nil {
			return nil, err
		}
		return output.Create(path, header, key)
	}
	if before == nil {
		return create()
	}
	return goOn(c.output, before.Output, before.Clean, header, key, create)
}

// goOn opens an output of which a state knows a place: the same file, or another one that goes on
// where that file ends. The file of a run that ended by itself may be gone.
func goOn(path string, at output.Place, clean bool, header []byte, key output.Key, create func() (*output.File, error)) (*output.File, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if at.Path == output.Stdout {
		return create()
	}
	_, err = os.Stat(at.Path)
	if errors.Is(err, fs.ErrNotExist) && clean {
		made, err := create()
		if err == nil {
			made.Remember(at)
		}
		return made, err
	}
	old, err := output.Resume(at, header, key)
	if err != nil || path != output.Stdout && full == at.Path {
		return old, err
	}
	defer old.Close()
	made, err := create()
	if err == nil {
		made.Adopt(old)
	}
	return made, err
}

func openLetters(c *copyFlags, before *state.State) (*output.File, error) {
	path, err := filepath.Abs(c.deadLetter)
	if err != nil {
		return nil, err
	}
	create := func() (*output.File, error) { return output.Create(path, nil, audit.Canonical) }
	if before == nil || before.DeadLetter == nil {
		return create()
	}
	return goOn(c.deadLetter, *before.DeadLetter, before.Clean, nil, audit.Canonical, create)
}

// noDeadLetter refuses a run without the dead letters that the run before had: lines that it wrote
// behind its state would come twice later.
func noDeadLetter(before *state.State) error {
	if before != nil && before.DeadLetter != nil {
		return usagef("the run before had --dead-letter %s: name it again", before.DeadLetter.Path)
	}
	return nil
}
