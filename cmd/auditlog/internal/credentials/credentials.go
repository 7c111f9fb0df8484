// Package credentials finds the credentials for a site. They come from the environment, a file or a
// command, and never from flags, which every user of a computer can read.
package credentials

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
)

// The variables of the environment.
const (
	EmailVariable = "AUDITLOG_EMAIL"
	TokenVariable = "AUDITLOG_TOKEN"
)

// Source is where credentials come from. The zero value is the environment.
type Source struct {
	File    string // has the text of a Credentials
	Command string // prints it
}

// Credentials are a way to authenticate.
type Credentials struct {
	// Kind is "email and API token" or "bearer token".
	Kind   string
	Option rest.Option
}

// Kinds of credentials.
const (
	Basic  = "email and API token"
	Bearer = "bearer token"
)

// Find reads credentials. A text EMAIL:TOKEN is an email address and an API token; any other text
// is a bearer token. A bearer token of a file or a command is read again while it is used, because
// such tokens expire.
func (s Source) Find(ctx context.Context) (*Credentials, error) {
	switch {
	case s.File != "" && s.Command != "":
		return nil, errors.New("--credentials-file and --credentials-command exclude each other: leave one out")
	case s.File != "":
		return found(func() (string, error) { return readFile(s.File) })
	case s.Command != "":
		return found(func() (string, error) { return runCommand(ctx, s.Command) })
	}
	email, token := os.Getenv(EmailVariable), os.Getenv(TokenVariable)
	switch {
	case token == "":
		return nil, fmt.Errorf("there are no credentials: set %s and %s, or use --credentials-file or --credentials-command", EmailVariable, TokenVariable)
	case email == "":
		return &Credentials{Bearer, rest.WithBearerToken(token)}, nil
	}
	return &Credentials{Basic, rest.WithBasicAuth(email, token)}, nil
}

func found(read func() (string, error)) (*Credentials, error) {
	text, err := read()
	if err != nil {
		return nil, err
	}
	if email, token, ok := basic(text); ok {
		return &Credentials{Basic, rest.WithBasicAuth(email, token)}, nil
	}
	source := &tokens{read: read, last: text, at: time.Now()}
	return &Credentials{Bearer, rest.WithTokenSource(source, func(t string) string { return t })}, nil
}

// basic splits EMAIL:TOKEN.
func basic(text string) (email, token string, ok bool) {
	email, token, ok = strings.Cut(text, ":")
	return email, token, ok && strings.Contains(email, "@")
}

// fresh is how long a token is used before it is read again.
const fresh = time.Minute

// tokens is a source of bearer tokens.
type tokens struct {
	mu   sync.Mutex
	read func() (string, error)
	last string
	at   time.Time
}

// Token returns the current token. If it cannot be read again, the last one is used: the server
// decides whether it is still valid.
func (t *tokens) Token() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if time.Since(t.at) >= fresh {
		if text, err := t.read(); err == nil {
			t.last = text
		}
		t.at = time.Now()
	}
	return t.last, nil
}

// maxText limits the text of credentials: a longer file is not one of credentials.
const maxText = 64 << 10

func readFile(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s: the file with the credentials does not exist: create it, readable by you only", path)
	case err != nil:
		return "", fmt.Errorf("%s: the file with the credentials cannot be read: %w", path, err)
	case info.Size() > maxText:
		return "", fmt.Errorf("%s: it is too large for credentials: name a file with EMAIL:TOKEN or a bearer token", path)
	case runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("%s: others may read the credentials in it: run chmod 600 %s", path, path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: the file with the credentials cannot be read: %w", path, err)
	}
	return text(data, path)
}

// runCommand runs a command line with the shell. Its errors go to standard error.
func runCommand(ctx context.Context, line string) (string, error) {
	shell, flag := "sh", "-c"
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, shell, flag, line)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("the command of --credentials-command failed (%w): run it by hand to see why", err)
	}
	return text(out, "the command of --credentials-command")
}

func text(data []byte, from string) (string, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 || bytes.ContainsAny(data, "\r\n") {
		return "", fmt.Errorf("%s: one line is needed, EMAIL:TOKEN or a bearer token", from)
	}
	return string(data), nil
}
