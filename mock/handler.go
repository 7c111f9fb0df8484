package mock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/getkin/kin-openapi/routers"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/resolve"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/internal/sample"
)

// handler answers requests.
type handler struct {
	set      *settings
	faults   atomic.Pointer[Faults]
	script   atomic.Pointer[scripted]
	requests atomic.Uint64
	routes   routes
	docs     [][]*operation // operations per document
	logging  sync.Mutex
}

// operation is an operation of a document.
type operation struct {
	route   routers.Route
	ir      *ir.Operation   // as in a generated client
	answers []sample.Answer // successful responses of the document
	fixed   url.Values      // the query that the path of the document always has
	grown   atomic.Int64    // items that were added to a stream
	serve   func(*exchange)
}

// exchange is a request to an operation and its response.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	query  url.Values
	op     *operation
	chance chance
}

func newHandler(docs []*settled.Document, set *settings) (*handler, error) {
	h := &handler{set: set}
	h.faults.Store(&set.faults)
	h.play(set.script)
	known := knownOperations(set)
	for _, doc := range docs {
		api, err := resolve.Resolve(resolve.Input{Document: doc, Package: "mock"})
		if err != nil {
			return nil, fmt.Errorf("mock: %w", err)
		}
		resolved := map[string]*ir.Operation{}
		for _, g := range api.Groups {
			for _, op := range g.Operations {
				resolved[op.Address] = op
			}
		}
		loaded, err := doc.Load()
		if err != nil {
			return nil, fmt.Errorf("mock: %w", err)
		}
		relax(loaded)
		var all []*operation
		for _, op := range doc.Operations {
			item := loaded.Paths.Value(op.Path)
			promised := item.GetOperation(op.Method)
			made := &operation{ir: resolved[op.Address], answers: sample.Answers(op.Method, promised), serve: known[op.Address],
				route: routers.Route{Spec: loaded.T, Path: op.Path, PathItem: item, Method: op.Method, Operation: promised}}
			if made.serve == nil {
				made.serve = h.synthesize
			}
			if err := h.routes.add(made); err != nil {
				return nil, err
			}
			all = append(all, made)
		}
		h.docs = append(h.docs, all)
	}
	return h, nil
}

// knownOperations are the operations that behave as the real ones do, beyond what documents say.
func knownOperations(set *settings) map[string]func(*exchange) {
	c := newConfluence(set)
	j := &jiraSite{newAuditLog(set.seed+1, set), set.odd}
	return map[string]func(*exchange){
		"GET " + confluencePath:                c.list,
		"POST " + confluencePath:               c.create,
		"GET " + confluencePath + "/since":     c.listSince,
		"GET " + confluencePath + "/export":    c.export,
		"GET " + confluencePath + "/retention": c.getRetention,
		"PUT " + confluencePath + "/retention": c.setRetention,
		"GET " + jiraPath:                      j.list,
	}
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := chance{h.faults.Load(), sample.Mix(sample.MixText(h.set.seed, "faults"), h.requests.Add(1))}
	w.Header().Set("Date", h.set.clock().UTC().Format(http.TimeFormat))
	seen := &watched{ResponseWriter: w}
	if h.set.log != nil {
		began := time.Now()
		seen.tell = func(status int, fault string) { h.logLine(r, status, time.Since(began), fault) }
		defer seen.header(http.StatusOK) // also if a fault panics
	}
	honest := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.answer(w, r, c, func(fault string) { seen.fault = fault })
	})
	if planned := h.planned(r); planned != nil {
		seen.fault = "script"
		planned(honest).ServeHTTP(seen, r)
		return
	}
	honest(seen, r)
}

// play sets a script. nil removes it.
func (h *handler) play(script Script) {
	if script == nil {
		h.script.Store(nil)
		return
	}
	h.script.Store(&scripted{script: script})
}

// planned returns the fault that the script has for a request, nil for none.
func (h *handler) planned(r *http.Request) Fault {
	s := h.script.Load()
	if s == nil {
		return nil
	}
	if op, _, _ := h.routes.find(r.Method, r.URL.EscapedPath(), r.URL.Query()); op == nil {
		return nil
	}
	return s.next(r)
}

// answer answers a request. If a fault occurs, it calls tell before it responds.
func (h *handler) answer(w http.ResponseWriter, r *http.Request, c chance, tell func(fault string)) {
	if c.latency() {
		tell("latency")
		c.delay(w, r)
	}
	if fault, write := c.gateway(h.set.clock()); write != nil {
		tell(fault)
		write(w)
		return
	}
	path := r.URL.EscapedPath()
	op, params, allowed := h.routes.find(r.Method, path, r.URL.Query())
	x := &exchange{w: w, r: r, op: op, chance: c}
	switch {
	case op != nil:
	case len(allowed) > 0:
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		x.refuse(http.StatusMethodNotAllowed, fmt.Sprintf("%s is not allowed here, only %s.", r.Method, strings.Join(allowed, ", ")))
		return
	case path == loginPath:
		writeLogin(w)
		return
	default:
		x.refuse(http.StatusNotFound, "No document has this path.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if status, wrong := x.check(params); status != 0 {
		x.refuse(status, wrong...)
		return
	}
	if c.freePlan() {
		tell("free-plan")
		x.refuse(http.StatusForbidden, freePlan)
		return
	}
	if c.truncate() {
		tell("truncate")
		x.w = &truncated{ResponseWriter: w, left: 1 + c.number(2000), halved: true}
	}
	op.serve(x)
}

// freePlan is the message of a site whose plan has no audit log.
const freePlan = "Cannot make this request because you are on Free edition. Please upgrade to standard or premium."

// logLine logs a request and how long it took until its response began.
func (h *handler) logLine(r *http.Request, status int, took time.Duration, fault string) {
	line := fmt.Sprintf("%.20s %.200s%s %d %s", r.Method, r.URL.EscapedPath(), h.shownQuery(r), status, took.Round(time.Millisecond))
	if fault != "" {
		line += " (" + fault + ")"
	}
	h.logging.Lock()
	defer h.logging.Unlock()
	_, _ = io.WriteString(h.set.log, line+"\n") // a failing log must not stop the server
}

// shownQuery returns the query of a request as it came, with a question mark. A parameter that the
// document does not describe has no value in it: it may be a secret.
func (h *handler) shownQuery(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	op, _, _ := h.routes.find(r.Method, r.URL.EscapedPath(), r.URL.Query())
	parts := strings.Split(r.URL.RawQuery, "&")
	for i, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		if plainName, err := url.QueryUnescape(name); err != nil || op == nil || !op.describes(plainName) {
			parts[i] = name + "=..."
		}
	}
	return fmt.Sprintf("?%.500s", source.Printable(strings.Join(parts, "&")))
}

// describes reports whether the document has a query parameter with this name.
func (op *operation) describes(name string) bool {
	return op.route.Operation.Parameters.GetByInAndName("query", name) != nil || op.route.PathItem.Parameters.GetByInAndName("query", name) != nil
}

// watched tells of an answer once its status is known, before anything of it is sent: whoever has
// the answer finds it in the log.
type watched struct {
	http.ResponseWriter
	fault string
	tell  func(status int, fault string) // nil after the call, or without a log
}

// header calls tell with the status of the response. Only the first call counts.
func (w *watched) header(status int) {
	if tell := w.tell; tell != nil && status >= http.StatusOK {
		w.tell = nil
		tell(status, w.fault)
	}
}

func (w *watched) WriteHeader(status int) {
	w.header(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	w.header(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap supports http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// origin returns the scheme and host that a request was sent to.
func (x *exchange) origin() string {
	if x.r.TLS != nil {
		return "https://" + x.r.Host
	}
	return "http://" + x.r.Host
}

// number returns a whole number of the query, or the fallback if it is missing. What is not a
// number was refused before.
func (x *exchange) number(name string, fallback int) int {
	n, err := strconv.Atoi(x.query.Get(name))
	if err != nil {
		return fallback
	}
	return n
}

// refuse answers with an error in the format of the API: a list of messages for Jira, one message
// for others.
func (x *exchange) refuse(status int, why ...string) {
	if status == http.StatusUnauthorized {
		x.w.Header().Set("WWW-Authenticate", `Basic realm="mock"`)
	}
	if strings.HasPrefix(x.r.URL.Path, "/rest/") {
		writeJSON(x.w, status, map[string]any{"errorMessages": why, "errors": map[string]string{}})
		return
	}
	writeJSON(x.w, status, map[string]any{"statusCode": status, "message": strings.Join(why, "; ")})
}

// writeJSON answers with a value. Write errors are ignored, because then the client is gone.
func writeJSON(w http.ResponseWriter, status int, v any) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		status = http.StatusInternalServerError
		body.Reset()
		fmt.Fprintf(&body, "{\"statusCode\":500,\"message\":%q}\n", "the answer cannot be encoded")
	}
	writeBody(w, status, "application/json", body.Bytes())
}

func writeBody(w http.ResponseWriter, status int, media string, body []byte) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
