// Package progress shows how far an export is: as a bar on a terminal, as plain lines elsewhere.
package progress

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Display shows messages and progress on standard error. It is safe for concurrent use.
type Display struct {
	mu    sync.Mutex
	w     io.Writer
	quiet bool
	bar   *progressbar.ProgressBar // nil without a terminal or outside of an export
	from  time.Time                // start of the bar; zero until the first record
	to    time.Time                // end of the bar

	records int
	every   time.Duration // between two lines
	last    time.Time     // when the last line was printed
}

// New returns a display. A quiet one prints errors and nothing else.
func New(w io.Writer, quiet bool) *Display {
	return &Display{w: w, quiet: quiet, every: 10 * time.Second, last: time.Now()}
}

// Export shows a bar that ends at a time of the log, if this is a terminal.
func (d *Display) Export(to time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.to = to
	if f, ok := d.w.(*os.File); !ok || d.quiet || !term.IsTerminal(int(f.Fd())) {
		return
	}
	d.bar = progressbar.NewOptions64(1000,
		progressbar.OptionSetWriter(d.w),
		progressbar.OptionSetDescription("0 records"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionFullWidth(),
		progressbar.OptionSetRenderBlankState(true))
}

// Read says that so many records were delivered, all of them up to a time.
func (d *Display) Read(records int, upTo time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.records += records
	if d.from.IsZero() && records > 0 {
		d.from = upTo
	}
	switch {
	case d.bar != nil:
		d.bar.Describe(count(d.records))
		if span := d.to.Sub(d.from); !d.from.IsZero() && span > 0 {
			part := min(max(float64(upTo.Sub(d.from))/float64(span), 0), 0.999)
			_ = d.bar.Set64(int64(part * 1000)) // a bar that cannot be drawn harms nobody
		}
	case !d.quiet && records > 0 && time.Since(d.last) >= d.every:
		d.last = time.Now()
		fmt.Fprintf(d.w, "auditlog: %s, up to %s\n", count(d.records), upTo.UTC().Format(time.RFC3339))
	}
}

// Note prints a line, unless the display is quiet.
func (d *Display) Note(format string, args ...any) {
	if !d.quiet {
		d.print(fmt.Sprintf(format, args...))
	}
}

// Warn prints a line even if the display is quiet.
func (d *Display) Warn(format string, args ...any) { d.print(fmt.Sprintf(format, args...)) }

func (d *Display) print(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bar != nil {
		_ = d.bar.Clear() // a bar that cannot be drawn harms nobody
	}
	fmt.Fprintln(d.w, "auditlog: "+Printable(text))
	if d.bar != nil {
		_ = d.bar.RenderBlank()
	}
}

// Done ends the bar. complete says that the end was reached.
func (d *Display) Done(complete bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bar == nil {
		return
	}
	if complete {
		_ = d.bar.Finish()
	} else {
		_ = d.bar.Exit()
	}
	fmt.Fprintln(d.w)
	d.bar = nil
}

// Records returns a number of records in words.
func Records(n int) string { return count(n) }

// count writes a number with separators.
func count(n int) string {
	if n == 1 {
		return "1 record"
	}
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String() + " records"
}

// Printable writes characters that do not print as Go escapes: text of a server must not move the
// cursor of a terminal.
func Printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}
