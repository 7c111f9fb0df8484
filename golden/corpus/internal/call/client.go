package call

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"reflect"
	"runtime/debug"
	"strings"
	"time"
	"unicode"
)

// patience is the timeout of a call. Everything runs on this computer.
const patience = 20 * time.Second

// caller calls the operations of one client.
type caller struct {
	server *server
	result Result
}

// All calls every operation of the client once and then walks every listing.
func All(doc *Document, newClient New) Result {
	c := &caller{server: newServer(doc)}
	s := httptest.NewServer(c.server)
	defer s.Close()
	client, err := newClient(s.URL)
	if err != nil {
		return Result{Problems: []string{fmt.Sprintf("the client cannot be made: %v", err)}}
	}
	v := reflect.ValueOf(client)
	for i := range v.NumMethod() {
		if name := v.Type().Method(i).Name; isOperation(name, v.Method(i).Type()) {
			c.call(name, v.Method(i))
		}
	}
	c.result.Requests = c.server.requests
	for i := range v.NumMethod() {
		if name := v.Type().Method(i).Name; isWalk(name, v.Method(i).Type()) {
			c.walk(name, v.Method(i))
		}
	}
	for _, op := range c.server.operations {
		if op.called == 0 {
			c.problem("%s: no method calls it", op)
		} else {
			c.result.Called++
		}
	}
	return c.result
}

func (c *caller) problem(format string, args ...any) {
	c.result.Problems = append(c.result.Problems, fmt.Sprintf(format, args...))
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

// isOperation reports whether a method calls one operation. Pagers, iterators and Do, which sends
// any request, do not.
func isOperation(name string, t reflect.Type) bool {
	return name != "Do" && t.IsVariadic() && t.NumIn() >= 2 && t.In(0) == contextType &&
		t.NumOut() >= 1 && t.Out(t.NumOut()-1) == errorType
}

// call calls a method and compares the request and the result with the document.
func (c *caller) call(name string, method reflect.Value) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	wanted := c.server.begin(name)
	out, err := protected(method, arguments(ctx, method.Type()))
	got := c.server.end()
	for _, problem := range got.problems {
		c.problem("%s: %s", name, problem)
	}
	switch {
	case err != nil:
		c.problem("%s: %v", name, err)
		return
	case got.requests != 1:
		c.problem("%s: %d requests were sent, not one", name, got.requests)
		return
	case got.operation == nil:
		return // already reported
	case wanted != nil && got.operation != wanted:
		c.problem("%s: it calls %s, not %s", name, got.operation, wanted)
	}
	if len(out) > 1 {
		for _, problem := range compare(out[0], got.answer) {
			c.problem("%s: the answer of %s: %s", name, got.operation, problem)
		}
	}
}

// arguments makes a value for each argument except the options.
func arguments(ctx context.Context, t reflect.Type) []reflect.Value {
	args := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < t.NumIn()-1; i++ {
		args = append(args, new(filler).valueOf(t.In(i), fmt.Sprintf("argument%d", i)))
	}
	return args
}

// protected calls a method and returns a panic as an error.
func protected(method reflect.Value, args []reflect.Value) (out []reflect.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	out = method.Call(args)
	if failed, ok := out[len(out)-1].Interface().(error); ok {
		return nil, failed
	}
	if file, ok := out[0].Interface().(io.ReadCloser); ok && len(out) > 1 {
		text, err := io.ReadAll(file)
		if closed := file.Close(); err == nil {
			err = closed
		}
		out[0] = reflect.ValueOf(string(text))
		return out, err
	}
	return out, nil
}

// plainName returns the letters and digits of a name in lower case, which are equal for a method
// and its operationId.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
