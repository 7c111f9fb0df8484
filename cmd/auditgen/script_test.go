package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var update = flag.Bool("update", false, "record what the scripts in testdata print")

// TestScripts runs every testdata/*.txtar: its comment is a script, its files are the folder the
// script starts in, and its file "want" is the transcript. In a transcript, lines that start with
// "! " came on standard error.
//
// A script has the commands auditgen, with "< FILE" at the end for standard input, those of
// shellCommand, and "server ANSWER" for what the server at http://SERVER does from then on: files
// (of the folder server), status NUMBER, login, cut, changing, redirect URL, down. The generator is
// a stand-in, see standIn, so that these tests are about the command alone.
func TestScripts(t *testing.T) { runScripts(t, "testdata/*.txtar", standIn) }

// TestWholeProgram runs every testdata/whole/*.txtar with the real generator. Of these, only
// updates have several goroutines: with -short, as under the race detector, they are all that runs.
func TestWholeProgram(t *testing.T) {
	pattern := "testdata/whole/*.txtar"
	if testing.Short() {
		pattern = "testdata/whole/update*.txtar"
	}
	runScripts(t, pattern, wholeProgram)
}

// wholeProgram is the real program on one day.
func wholeProgram(stdin io.Reader, stdout, stderr io.Writer) *program {
	p := newProgram(stdin, stdout, stderr)
	p.now = func() time.Time { return time.Date(2026, 11, 21, 3, 15, 0, 0, time.UTC) }
	return p
}

// programFor makes the program that a script calls.
type programFor func(stdin io.Reader, stdout, stderr io.Writer) *program

func runScripts(t *testing.T, pattern string, program programFor) {
	scripts, err := filepath.Glob(pattern)
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txtar"), func(t *testing.T) { runScript(t, script, program) })
	}
}

// goMod is the module that output folders of tests are in.
const goMod = "module example.com/team\n"

// runtimeCounts finds how many files of the runtime a run has written: transcripts are about
// packages.
var runtimeCounts = regexp.MustCompile(`(rest(?:/lossless)?): \d+ files, (0?)\d* changed`)

func runScript(t *testing.T, script string, program programFor) {
	archive, err := txtar.ParseFile(script)
	if err != nil {
		t.Fatal(err)
	}
	script, err = filepath.Abs(script)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	t.Setenv("COLUMNS", "")
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	server := newScriptServer(t, filepath.Join(folder, "server"))
	writeFile(t, "go.mod", []byte(goMod))
	want := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	for i, f := range archive.Files {
		if i != want {
			writeFile(t, f.Name, server.local(f.Data))
		}
	}
	var transcript bytes.Buffer
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fmt.Fprintf(&transcript, "$ %s\n", line)
		if answer, ok := strings.CutPrefix(line, "server "); ok {
			server.answer.Store(answer)
			continue
		}
		runLine(t, line, &transcript, program)
	}
	made := runtimeCounts.ReplaceAll(server.shown(transcript.Bytes()), []byte("$1: N files, ${2}N changed"))
	made = bytes.ReplaceAll(made, []byte("0N changed"), []byte("0 changed"))
	if *update {
		recorded := txtar.File{Name: "want", Data: made}
		if want < 0 {
			archive.Files = append(archive.Files, recorded)
		} else {
			archive.Files[want] = recorded
		}
		writeFile(t, script, txtar.Format(archive))
		return
	}
	if want < 0 {
		t.Fatal("the script has no transcript: type make golden")
	}
	if diff := cmp.Diff(string(archive.Files[want].Data), string(made)); diff != "" {
		t.Errorf("(-want +got)\n%s\nif that is right, type make golden, then look at the difference", diff)
	}
}

func runLine(t *testing.T, line string, transcript *bytes.Buffer, program programFor) {
	t.Helper()
	words := splitWords(line)
	if words[0] != "auditgen" {
		shellCommand(t, words, transcript)
		return
	}
	var stdin io.Reader = strings.NewReader("")
	args := words[1:]
	if n := len(args); n >= 2 && args[n-2] == "<" {
		data, err := os.ReadFile(args[n-1])
		if err != nil {
			t.Fatal(err)
		}
		stdin, args = bytes.NewReader(data), args[:n-2]
	}
	var stdout, stderr bytes.Buffer
	p := program(stdin, &stdout, &stderr)
	status := p.run(args)
	transcript.Write(stdout.Bytes())
	for line := range strings.Lines(stderr.String()) {
		transcript.WriteString("! " + line)
	}
	if status != 0 {
		fmt.Fprintf(transcript, "[exit %d]\n", status)
	}
}

// shellCommand runs what a script does besides auditgen.
func shellCommand(t *testing.T, words []string, transcript *bytes.Buffer) {
	t.Helper()
	var err error
	switch words[0] {
	case "ls": // DIR
		var entries []os.DirEntry
		entries, err = os.ReadDir(words[1])
		for _, e := range entries {
			fmt.Fprintln(transcript, e.Name())
		}
		if errors.Is(err, os.ErrNotExist) {
			fmt.Fprintln(transcript, "(no such folder)")
			err = nil
		}
	case "cat": // FILE
		var data []byte
		data, err = os.ReadFile(words[1])
		transcript.Write(data)
	case "grep": // TEXT FILE
		var data []byte
		data, err = os.ReadFile(words[2])
		for line := range strings.Lines(string(data)) {
			if strings.Contains(line, words[1]) {
				transcript.WriteString(line)
			}
		}
	case "edit": // FILE OLD NEW
		err = replaceIn(words[1], words[2], words[3])
	case "rm": // FILE
		err = os.RemoveAll(words[1])
	case "mv": // FROM TO
		err = os.Rename(words[1], words[2])
	case "cp": // FROM TO
		var data []byte
		data, err = os.ReadFile(words[1])
		writeFile(t, words[2], data)
	case "mkdir": // DIR
		err = os.MkdirAll(words[1], 0o777)
	case "link": // TARGET NAME
		err = os.Symlink(words[1], words[2])
	case "cd": // DIR
		t.Chdir(words[1])
	case "echo": // TEXT FILE
		writeFile(t, words[2], []byte(words[1]+"\n"))
	case "bytes": // HEX FILE
		var data []byte
		data, err = hex.DecodeString(words[1])
		writeFile(t, words[2], data)
	case "utf16": // FROM TO: the text with a byte order mark
		var data []byte
		data, err = os.ReadFile(words[1])
		units := utf16.Encode([]rune("\ufeff" + string(data)))
		encoded, _ := binary.Append(nil, binary.LittleEndian, units)
		writeFile(t, words[2], encoded)
	case "pad": // FILE SIZE: a file with a hole, larger than anything read
		err = os.WriteFile(words[1], nil, 0o666)
		var size int64
		fmt.Sscan(words[2], &size)
		err = errors.Join(err, os.Truncate(words[1], size))
	default:
		t.Fatalf("a script has no command %q", words[0])
	}
	if err != nil {
		t.Fatal(err)
	}
}

// splitWords splits a line at spaces; double quotes keep words together.
func splitWords(line string) []string {
	var words []string
	for i, quoted := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, quoted)
			continue
		}
		words = append(words, strings.Fields(quoted)...)
	}
	return words
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// standIn is a program whose generator makes what its documents say, line by line:
//
//	file NAME TEXT    a file with the header of generated Go files and TEXT
//	plain NAME TEXT   a file that is not Go, with the header in its own kind of comment
//	fact NAME VALUE   a fact about GET /audit
//	gap ADDRESS       a gap
//	note TEXT         something that was dropped, with its line
//	operation METHOD PATH NAME   an operation, and its name where the lock has none
//	error TEXT        an error, with its line
func standIn(stdin io.Reader, stdout, stderr io.Writer) *program {
	return &program{stdin: stdin, stdout: stdout, stderr: stderr, generate: standInGenerate, now: time.Now, maxFetched: 8 * source.MaxBytes}
}

func standInGenerate(in generator.Input) (*generator.Output, error) {
	doc, about := &settled.Document{}, &settled.Operation{Element: settled.Element{Address: "GET /audit"}, Method: "GET", Path: "/audit"}
	doc.Set("title", source.StringNode("Audit log", 0))
	doc.Set("version", source.StringNode("1", 0))
	out := &generator.Output{API: &ir.API{}, Document: doc}
	out.Files = []generator.File{{Name: "doc.go", Data: fmt.Appendf(nil, "// Code generated by auditgen. DO NOT EDIT.\n\n// from %s\npackage %s\n", sourcesText(in), in.Package)}}
	var errs source.Collector
	for _, s := range in.Sources {
		number := 0
		for line := range strings.Lines(string(s.File.Data)) {
			number++
			pos := source.Position{File: s.File.Name, Line: number}
			verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			name, text, _ := strings.Cut(rest, " ")
			switch verb {
			case "file":
				out.Files = append(out.Files, generator.File{Name: name, Data: []byte("// Code generated by auditgen. DO NOT EDIT.\n" + text + "\n")})
			case "plain":
				out.Files = append(out.Files, generator.File{Name: name, Data: []byte("# Code generated by auditgen. DO NOT EDIT.\n" + text + "\n")})
			case "fact":
				said := settled.Said{Value: text, Source: &claim.Source{File: s.File.Name, Kind: s.Kind}, Line: number}
				doc.Operations = []*settled.Operation{about}
				about.Facts = append(about.Facts, settled.Fact{Name: claim.Name(name), Won: said})
			case "gap":
				out.Document.Gaps = append(out.Document.Gaps, settled.Gap{Address: rest, What: "no type", Instead: "string"})
			case "note":
				out.Document.Notes = append(out.Document.Notes, &source.Error{Pos: pos, What: rest})
			case "operation":
				out.Names = append(out.Names, standInName(in, strings.Fields(rest)))
			case "error":
				errs.Add(pos, "", rest, "correct it")
			}
		}
	}
	return out, errs.Err()
}

// standInName names an operation as the lock says, or else as its document does.
func standInName(in generator.Input, words []string) lock.Operation {
	op := lock.Operation{Method: words[0], Path: words[1], Name: words[2]}
	for _, pin := range in.Names {
		if pin.Method == op.Method && pin.Path == op.Path {
			op.Name = pin.Name
		}
	}
	return op
}

// sourcesText tells what reached the generator.
func sourcesText(in generator.Input) string {
	var all []string
	for _, s := range in.Sources {
		all = append(all, fmt.Sprintf("%s:%s%s", s.Kind, s.File.Name, s.BasePath))
	}
	for _, glob := range in.Include {
		all = append(all, "+"+glob)
	}
	for _, glob := range in.Exclude {
		all = append(all, "-"+glob)
	}
	return strings.Join(all, " ")
}
