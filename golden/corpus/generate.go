package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// each calls do for every document, concurrently on all processors.
func each(docs []*document, do func(*document)) {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for _, d := range docs {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			do(d)
		})
	}
	all.Wait()
}

// folder returns the folder in which the package of a document is generated.
func (s *workshop) folder(d *document) string { return filepath.Join(s.dir, "clients", d.folder()) }

// generate generates a client from every document and writes what is needed to call it.
func (s *workshop) generate(docs []*document) error {
	if err := os.MkdirAll(filepath.Join(s.dir, "clients"), 0o700); err != nil {
		return err
	}
	each(docs, s.generateOne)
	// Start the processes before anything else: their peak memory starts at the peak of this
	// process.
	each(docs, func(d *document) {
		if d.failed() || d.refusal != "" {
			return
		}
		if err := s.expect(d); err != nil {
			d.fail("the settled document cannot be read: %v", err)
		}
	})
	return nil
}

func (s *workshop) generateOne(d *document) {
	cmd := exec.Command(s.self, "-generate", string(d.kind), d.file, d.pack, s.folder(d))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	d.seconds = time.Since(start).Seconds()
	if cmd.ProcessState != nil {
		d.megabytes = peak(cmd.ProcessState)
	}
	d.judge(err, strings.TrimSpace(stdout.String()), strings.TrimSpace(stderr.String()))
}

// refusals matches findings about documents, which name the document and a remedy. Other output is
// a failure of the program.
var refusals = regexp.MustCompile(`^(?:[^\n]+: [^\n]+\n?)+$`)

// judge distinguishes a refused document from a failure of the program.
func (d *document) judge(err error, stdout, stderr string) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		d.gaps, err = strconv.Atoi(stdout)
		if err != nil {
			d.fail("the generator: %q is not a number of gaps", stdout)
		}
	case errors.As(err, &exit) && exit.ExitCode() == 2 && isRefusal(stderr):
		d.refusal = stderr
	default:
		d.fail("the generator: %v: %s", err, stderr)
	}
}

func isRefusal(stderr string) bool {
	for line := range strings.Lines(stderr) {
		for _, bad := range []string{"corpus: ", "panic: ", "goroutine ", "fatal error: ", "runtime: "} {
			if strings.HasPrefix(line, bad) {
				return false
			}
		}
		if strings.Contains(line, "emit: ") || strings.Contains(line, "resolve: ") {
			return false
		}
	}
	return refusals.MatchString(stderr)
}

// expect writes what the server and the caller of a client need to know.
func (s *workshop) expect(d *document) error {
	doc, err := expectations(filepath.Join(s.folder(d), "openapi.yaml"))
	if err != nil {
		return err
	}
	d.operations, d.variables = len(doc.Operations), doc.Variables
	data, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return os.WriteFile(s.expected(d), data, 0o600)
}

func (s *workshop) expected(d *document) string {
	return filepath.Join(s.dir, fmt.Sprintf("%s.json", d.folder()))
}
