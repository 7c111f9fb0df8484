package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/mock"
)

// illness is a case of doctor: what the site does, and how it is asked.
type illness struct {
	name    string
	product string                                 // confluence if it is empty
	answer  mock.Fault                             // of the site; nil for an honest one
	path    string                                 // behind the address of the site
	clock   time.Duration                          // how far the clock of this computer is ahead
	env     map[string]string                      // replaces the credentials
	flags   []string                               // more flags
	front   func(honest http.Handler) http.Handler // in front of the mock
}

func says(status int, body string) mock.Fault {
	return mock.Answer(status, http.Header{"Content-Type": {"application/json"}}, body)
}

// tenant answers where a site says its cloud id, and everything else like next.
func tenant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_edge/tenant_info" {
			next.ServeHTTP(w, r)
		} else if r.Header.Get("Authorization") == "" {
			_, _ = io.WriteString(w, `{"cloudId":"11111111-2222-3333-4444-555555555555"}`)
		}
	})
}

// gateway serves a mock behind the path of a gateway.
func gateway(next http.Handler) http.Handler {
	return http.StripPrefix("/ex/confluence/11111111", next)
}

var bearer = map[string]string{"AUDITLOG_EMAIL": ""}

var illnesses = []illness{
	{name: "healthy"},
	{name: "healthy-jira", product: "jira"},
	{name: "healthy-gateway", path: "/ex/confluence/11111111", env: bearer, front: gateway},
	{name: "wrong-credentials", answer: says(401, `{"statusCode":401,"message":"Client must be authenticated to access this resource."}`), front: tenant},
	{name: "expired-login-page", answer: mock.LoginPage()},
	{name: "expired-redirect", answer: mock.Redirect("/login")},
	{name: "missing-permission", answer: says(403, `{"statusCode":403,"message":"Current user is not permitted to use this resource"}`)},
	{name: "missing-permission-jira", product: "jira", answer: says(403, `{"errorMessages":["You are not authorized to perform this action. Administrator privileges are required."]}`)},
	{name: "missing-scope", path: "/ex/confluence/11111111", env: bearer, front: gateway, answer: says(401, `{"code":401,"message":"Unauthorized; scope does not match"}`)},
	{name: "missing-scope-jira", product: "jira", env: bearer, answer: says(403, `{"code":403,"message":"Unauthorized; scope does not match"}`)},
	{name: "free-plan", answer: mock.FreePlan()},
	{name: "free-plan-jira", product: "jira", answer: mock.FreePlan()},
	{name: "wrong-path", product: "jira", path: "/jira/software"},
	{name: "wrong-base", path: "/wiki"},
	{name: "wrong-product", product: "jira", front: func(http.Handler) http.Handler { return http.NotFoundHandler() }},
	{name: "web-page", answer: mock.Answer(200, http.Header{"Content-Type": {"text/html"}}, "<html>Welcome</html>")},
	{name: "site-has-moved", answer: mock.Redirect("https://new-name.atlassian.net/")},
	{name: "bearer-at-site", env: bearer, front: tenant, answer: says(401, `{"message":"Unauthorized"}`)},
	{name: "bearer-at-site-without-id", env: bearer, answer: says(401, `{"message":"Unauthorized"}`)},
	{name: "basic-at-gateway", path: "/ex/confluence/11111111", front: gateway, answer: says(401, `{"code":401,"message":"Unauthorized"}`)},
	{name: "unknown-cloud-id", path: "/ex/confluence/11111111", env: bearer, front: func(http.Handler) http.Handler { return http.NotFoundHandler() }},
	{name: "clock-ahead", clock: 5 * time.Minute},
	{name: "clock-behind", clock: -2 * time.Hour},
	{name: "wrong-credentials-and-clock", clock: time.Hour, answer: says(401, `{}`)},
	{name: "rate-limit", answer: mock.Answer(429, http.Header{"Retry-After": {"600"}}, `{"message":"Rate limit exceeded."}`)},
	{name: "site-in-trouble", answer: says(500, `{"message":"Something went wrong"}`)},
	{name: "no-credentials", env: map[string]string{"AUDITLOG_EMAIL": "", "AUDITLOG_TOKEN": ""}},
	{name: "no-credentials-file", flags: []string{"--credentials-file", "missing"}},
}

// TestDoctorSaysWhatIsWrongAndWhatToDo compares what doctor prints with testdata/doctor.
func TestDoctorSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	for _, c := range illnesses {
		t.Run(c.name, func(t *testing.T) {
			if c.product == "" {
				c.product = "confluence"
			}
			s := startMock(t, c.product, mock.WithRecords(10))
			s.SetScript(func(int, *http.Request) mock.Fault { return c.answer })
			h := s.Handler()
			if c.front != nil {
				h = c.front(h)
			}
			site := serve(t, h)
			cmd := command(t, t.TempDir(), append([]string{"doctor", "--product", c.product, "--site", site + c.path}, c.flags...)...)
			cmd.Env = append(cmd.Env, shiftVariable+"="+c.clock.String())
			for name, value := range c.env {
				cmd.Env = append(cmd.Env, name+"="+value)
			}
			checkDoctor(t, c.name, site, run(t, cmd))
		})
	}
}

func TestDoctorFindsNobodyAtAnAddress(t *testing.T) {
	s := startMock(t, "jira", mock.WithRecords(1))
	site := s.URL
	s.Close()
	r := run(t, command(t, t.TempDir(), "doctor", "--product", "jira", "--site", site))
	r.stdout = regexp.MustCompile(`: dial .*`).ReplaceAllString(r.stdout, ": (the error of the system)")
	checkDoctor(t, "no-connection", site, r)
}

func TestACertificateThatIsNotTrustedIsRefused(t *testing.T) {
	s := httptest.NewUnstartedServer(startMock(t, "jira", mock.WithRecords(1)).Handler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	ends(t, refused, exportOf(t, t.TempDir(), "jira", s.URL))
	r := run(t, command(t, t.TempDir(), "doctor", "--product", "jira", "--site", s.URL))
	r.stdout = regexp.MustCompile(`: tls: .*`).ReplaceAllString(r.stdout, ": (the error of the library)")
	checkDoctor(t, "certificate", s.URL, r)
}

// checkDoctor compares what was printed with a golden file. Healthy cases end with status 0.
func checkDoctor(t *testing.T, name, site string, r result) {
	t.Helper()
	want := found
	if strings.HasPrefix(name, "healthy") {
		want = done
	}
	if r.status != want || r.stderr != "" {
		t.Errorf("status %d, want %d: %s", r.status, want, r.stderr)
	}
	got := strings.ReplaceAll(r.stdout, site, "SITE")
	path := filepath.Join("testdata", "doctor", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	recorded, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(recorded), got); diff != "" {
		t.Errorf("(-want +got)\n%s\nif that is right, type make golden, then look at the difference", diff)
	}
}

func TestCredentialsComeFromAFileOrACommand(t *testing.T) {
	var mu sync.Mutex
	var got bytes.Buffer
	s := startMock(t, "jira", mock.WithRecords(1))
	site := changed(t, s, func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		mu.Lock()
		defer mu.Unlock()
		got.WriteString(r.Header.Get("Authorization") + "\n")
		honest.ServeHTTP(w, r)
	})
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	file("basic", "me@example.com:abc\n", 0o600)
	file("bearer", "abc", 0o600)
	file("open", "me@example.com:abc\n", 0o644)
	file("empty", "\n", 0o600)
	doctor := func(more ...string) *exec.Cmd {
		cmd := command(t, dir, append([]string{"doctor", "--product", "jira", "--site", site}, more...)...)
		cmd.Env = append(cmd.Env, "AUDITLOG_TOKEN=", "AUDITLOG_EMAIL=")
		return cmd
	}
	for _, c := range []struct{ flag, value, want string }{
		{"--credentials-file", "basic", "Basic bWVAZXhhbXBsZS5jb206YWJj\n"},
		{"--credentials-file", "bearer", "Bearer abc\n"},
		{"--credentials-command", "echo me@example.com:abc", "Basic bWVAZXhhbXBsZS5jb206YWJj\n"},
		{"--credentials-command", "echo abc", "Bearer abc\n"},
	} {
		mu.Lock()
		got.Reset()
		mu.Unlock()
		ends(t, done, doctor(c.flag, c.value))
		mu.Lock()
		sent := got.String()
		mu.Unlock()
		if sent != c.want {
			t.Errorf("%s %s sends %q, want %q", c.flag, c.value, sent, c.want)
		}
	}
	for _, c := range []struct{ flag, value, want string }{
		{"--credentials-file", "open", "open: others may read the credentials in it: run chmod 600 open"},
		{"--credentials-file", "empty", "empty: one line is needed, EMAIL:TOKEN or a bearer token"},
		{"--credentials-command", "exit 3", "the command of --credentials-command failed (exit status 3): run it by hand to see why"},
	} {
		if r := ends(t, found, doctor(c.flag, c.value)); !strings.Contains(r.stdout, "no credentials: "+c.want) {
			t.Errorf("%s %s prints %s", c.flag, c.value, r.stdout)
		}
	}
}
