package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/settled"
)

// Page is what HTML shows of one API.
type Page struct {
	Package  string
	Document *settled.Document
	Texts    map[string][]byte // what the sources say, by file name: facts are shown in place
	Go       []Declaration     // in the order in which they are to be read
	Changes  []Change
}

// Declaration is a piece of the generated Go and the address that it was made from. The first one
// of an operation or a schema gives it its name in Go.
type Declaration struct{ Address, Name, Text string }

// Change is something that is not as the lock has it.
type Change struct {
	What    string // such as "moved"
	Address string // an operation
	Text    string
}

//go:embed html/page.gohtml
var pageText string

//go:embed html/style.css
var styleText string

//go:embed html/script.js
var scriptText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// HTML writes one page that shows the APIs with everything that is known of where their facts come
// from. The page is self-contained: its content security policy allows nothing but its own style
// and script. Text of documents is data to it, never markup. The error is that of w.
func HTML(w io.Writer, pages []Page) error {
	v := view{
		Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + digest(styleText) + "; script-src " + digest(scriptText),
		Style:  template.CSS(styleText),
		Script: template.JS(scriptText),
	}
	for i, p := range pages {
		v.APIs = append(v.APIs, viewOf(fmt.Sprintf("api%d", i+1), p))
	}
	v.Title = strings.Join(titles(v.APIs), " and ")
	if err := pageTemplate.Execute(w, v); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	return nil
}

// digest is how a content security policy names an inline element: by the hash of its text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func titles(all []apiView) []string {
	var out []string
	for _, a := range all {
		out = append(out, a.Title)
	}
	return out
}
