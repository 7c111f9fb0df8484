package generator

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/filename"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A source with a url is written by auditgen update, so its path is held to more than that of a source which is only read.

// fetchedExtensions are those that a document which is fetched may have: it must not become a program or a build file.
var fetchedExtensions = []string{".json", ".yaml", ".yml", ".txt", ".md"}

// maxURL is more than any document's URL has.
const maxURL = 2048

// url reads where a document is fetched from.
func (r *configReader) url(n *source.Node, where string, s *SourceConfig) {
	text, given := r.text(n, where, "url", false)
	if !given {
		return
	}
	s.URL = text
	line := n.Get("url").Line
	r.addErr(line, where+".url", checkSourceURL(text))
	if s.Kind == claim.Overlay {
		r.add(line, where+".url", "an overlay holds your own corrections, and is not fetched", "remove the url")
	}
	if s.Path != "" && checkPath(s.Path) == nil {
		r.addErr(s.Pos.Line, where+".path", checkFetchedPath(s.Path, path.Base(r.file)))
	}
}

// checkSourceURL says why a document cannot be fetched from a URL. Where its host leads is found out when it is fetched. The
// message does not show the URL, which may hold what nobody should read.
func checkSourceURL(text string) error {
	const do = "write a URL such as https://example.com/openapi.json"
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' }):
		return errors.New("this is no URL in ASCII: " + do)
	case len(text) > maxURL:
		return fmt.Errorf("the URL is longer than %d bytes: %s", maxURL, do)
	case u.User != nil:
		return errors.New("the URL holds a user name or password, and everybody reads a configuration: remove it; auditgen fetches what is public")
	case u.Hostname() == "" || u.Opaque != "":
		return errors.New("the URL names no host: " + do)
	case u.Fragment != "":
		return errors.New("the URL has a fragment, and a document is fetched whole: remove what follows the #")
	case u.Scheme == "http" && isLoopbackHost(u.Hostname()):
		return nil // update asks for --allow-private
	case u.Scheme != "https":
		return errors.New("the URL is not https: " + do)
	}
	return nil
}

func isLoopbackHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// checkFetchedPath says why a document cannot be stored at a path.
func checkFetchedPath(file, config string) error {
	if err := filename.CheckBelow(file); err != nil {
		return err
	}
	clean := path.Clean(file)
	ext := strings.ToLower(path.Ext(clean))
	switch {
	case strings.EqualFold(clean, config):
		return fmt.Errorf("%q is the configuration itself: name another file, such as spec/openapi.json", file)
	case strings.HasPrefix(clean, ".") || strings.Contains(clean, "/."):
		return fmt.Errorf("%q is hidden or lies in a hidden folder, and is to be fetched: name another file, such as spec/openapi.json", file)
	case !slices.Contains(fetchedExtensions, ext):
		return fmt.Errorf("%q is to be fetched, and its extension is none of %s: name another file, such as spec/openapi.json", file, strings.Join(fetchedExtensions, ", "))
	}
	return nil
}

// fetched reports documents that do not have the same url wherever they stand, or that would be stored among generated files.
func (r *configReader) fetched(c *Config) {
	first := map[string]SourceConfig{}
	folders := map[string]bool{}
	for _, p := range c.Packages {
		folders[strings.ToLower(p.Out)] = p.Out != "" && p.Out != "."
	}
	for i, p := range c.Packages {
		for j, s := range p.Sources {
			where := fmt.Sprintf("packages[%d].sources[%d]", i, j)
			file := strings.ToLower(path.Clean(s.Path))
			before, known := first[file]
			switch {
			case !known:
				first[file] = s
			case before.URL != s.URL:
				r.add(s.Pos.Line, where, fmt.Sprintf("%q has another url, or none, in line %d", s.Path, before.Pos.Line), "give it the same url wherever it stands")
			}
			for dir := path.Dir(file); s.URL != "" && dir != "." && dir != "/"; dir = path.Dir(dir) {
				if folders[dir] {
					r.add(s.Pos.Line, where+".path", fmt.Sprintf("%q lies in the output folder of a package", s.Path), "name a file elsewhere, such as spec/openapi.json")
				}
			}
		}
	}
}
