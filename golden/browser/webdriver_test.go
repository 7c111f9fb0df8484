package browser_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// session is a window of Chromium, driven over the WebDriver protocol
// (https://www.w3.org/TR/webdriver2/). The protocol is JSON over HTTP, so no library is needed.
type session struct {
	t   testing.TB
	url string // of the session
}

// elementKey is the member in which WebDriver returns the identity of an element.
const elementKey = "element-6066-11e4-a52e-4f735466cecf"

// openBrowser starts chromedriver and a window. Both end with the test.
func openBrowser(t testing.TB) *session {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	driver := exec.CommandContext(ctx, "chromedriver", "--port=0")
	stdout, err := driver.StdoutPipe()
	if err == nil {
		err = driver.Start()
	}
	if err != nil {
		cancel()
		t.Fatalf("chromedriver does not start: %v\nmake browser installs it", err)
	}
	t.Cleanup(func() {
		cancel()
		driver.Wait() // killed
	})
	s := &session{t: t, url: "http://127.0.0.1:" + portOf(t, stdout)}
	options := map[string]any{"args": []string{"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900",
		"--force-prefers-reduced-motion", // a click on a scrolling page would hit something else
		"--user-data-dir=" + t.TempDir()}}
	var opened struct {
		SessionID string `json:"sessionId"`
	}
	s.call("POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": map[string]string{"browser": "ALL", "performance": "ALL"}}}}, &opened)
	s.url += "/session/" + opened.SessionID
	t.Cleanup(func() { s.call("DELETE", "", nil, nil) })
	s.open("about:blank")
	s.requests() // drop the requests of Chromium's first page
	return s
}

var startedOnPort = regexp.MustCompile(`started successfully on port (\d+)`)

// portOf waits until chromedriver prints its port. All other output is ignored.
func portOf(t testing.TB, stdout io.Reader) string {
	t.Helper()
	var said strings.Builder
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if found := startedOnPort.FindStringSubmatch(lines.Text()); found != nil {
			go io.Copy(io.Discard, stdout) // until it is killed
			return found[1]
		}
		said.WriteString(lines.Text() + "\n")
	}
	t.Fatalf("chromedriver ended without a port:\n%s", &said)
	return ""
}

// call sends a command and decodes the value of the response into out, unless out is nil.
func (s *session) call(method, path string, in, out any) {
	s.t.Helper()
	if err := s.try(method, path, in, out); err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
}

func (s *session) try(method, path string, in, out any) error {
	var body io.Reader
	if method == "POST" {
		if in == nil {
			in = map[string]any{}
		}
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, s.url+path, body)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return errors.New(string(answer.Value))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, out)
}

// open shows a page.
func (s *session) open(url string) {
	s.t.Helper()
	s.call("POST", "/url", map[string]string{"url": url}, nil)
}

// eval runs the body of a JavaScript function and returns its result.
func eval[T any](s *session, script string) T {
	s.t.Helper()
	var out T
	s.call("POST", "/execute/sync", map[string]any{"script": script, "args": []any{}}, &out)
	return out
}

// Keys that have code points of their own in WebDriver.
const (
	keyEnter  = "\ue007"
	keyEscape = "\ue00c"
	keyDown   = "\ue015"
	keyTab    = "\ue004"
)

// press types into the focused element.
func (s *session) press(keys string) {
	s.t.Helper()
	var actions []map[string]string
	for _, r := range keys {
		actions = append(actions, map[string]string{"type": "keyDown", "value": string(r)}, map[string]string{"type": "keyUp", "value": string(r)})
	}
	s.call("POST", "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": actions}}}, nil)
}

// click clicks the first element that a CSS selector finds. It first scrolls the element to the
// middle of the window: at the edge the sticky header may cover it.
func (s *session) click(selector string) {
	s.t.Helper()
	var element map[string]string
	eval[any](s, `document.querySelector(`+quote(selector)+`).scrollIntoView({block: "center"})`)
	s.call("POST", "/element", map[string]string{"using": "css selector", "value": selector}, &element)
	s.call("POST", "/element/"+element[elementKey]+"/click", nil, nil)
}

// devtools runs a command of the Chrome DevTools protocol.
func (s *session) devtools(command string, params map[string]any) {
	s.t.Helper()
	s.call("POST", "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, nil)
}

// resize sets the window to the width of a device. A narrow one is a phone with a touch screen.
func (s *session) resize(width int) {
	s.devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500})
}

// wholePage returns a picture of everything, also what has to be scrolled to.
func (s *session) wholePage() []byte {
	s.t.Helper()
	height := eval[int](s, `return document.documentElement.scrollHeight`)
	width := eval[int](s, `return innerWidth`)
	s.devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": min(height, 6000), "deviceScaleFactor": 1, "mobile": width < 500})
	shot := s.screenshot()
	s.resize(width)
	return shot
}

// screenshot returns a picture of the window as PNG.
func (s *session) screenshot() []byte { return s.binary("GET", "/screenshot", nil) }

// pdf returns the printed page.
func (s *session) pdf() []byte { return s.binary("POST", "/print", map[string]any{"background": true}) }

func (s *session) binary(method, path string, in any) []byte {
	s.t.Helper()
	var text string
	s.call(method, path, in, &text)
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return data
}

// logs returns what was logged since the last call: "browser" is the console, "performance" the
// events of DevTools.
func (s *session) logs(kind string) []string {
	s.t.Helper()
	var entries []struct{ Level, Message string }
	s.call("POST", "/se/log", map[string]string{"type": kind}, &entries)
	var out []string
	for _, e := range entries {
		out = append(out, e.Message)
	}
	return out
}

// requests returns the addresses that pages requested since the logs were last read.
func (s *session) requests() []string {
	s.t.Helper()
	var out []string
	for _, message := range s.logs("performance") {
		var event struct {
			Message struct {
				Method string
				Params struct{ Request struct{ URL string } }
			}
		}
		if err := json.Unmarshal([]byte(message), &event); err != nil {
			s.t.Fatal(fmt.Errorf("an event of DevTools: %w", err))
		}
		if event.Message.Method == "Network.requestWillBeSent" {
			out = append(out, event.Message.Params.Request.URL)
		}
	}
	return out
}
