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

// auditgen update writes the sources that have a url, so their paths are checked more strictly.

// fetchedExtensions are the extensions of fetched documents. They must not become programs or build
// files.
var fetchedExtensions = []string{".json", ".yaml", ".yml", ".txt", ".md", ".html", ".htm"}

// maxURL is longer than the URL of any real document.
const maxURL = 2048

// url reads the URL that a document is fetched from.
func (r *configReader) url(n *source.Node, where string, s *SourceConfig) {
	text, given := r.text(n, where, "url", false)
	if !given {
		return
	}
	s.URL = text
	line := n.Get("url").Line
	r.addErr(line, where+".url", checkSourceURL(text))
	if s.Kind == claim.Overlay {
		r.add(line, where+".url", "an overlay is written by hand and cannot be fetched", "remove the url")
	}
	if s.Path != "" && checkPath(s.Path) == nil {
		r.addErr(s.Pos.Line, where+".path", checkFetchedPath(s.Path, path.Base(r.file)))
	}
}

// checkSourceURL returns an error if a document cannot be fetched from a URL. The address of the
// host is checked when it is fetched. Messages do not show the URL, which may contain secrets.
func checkSourceURL(text string) error {
	const do = "write a URL such as https://example.com/openapi.json"
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' }):
		return errors.New("this is not a URL in ASCII: " + do)
	case len(text) > maxURL:
		return fmt.Errorf("the URL is longer than %d bytes: %s", maxURL, do)
	case u.User != nil:
		return errors.New("the URL contains a user name or a password: remove it; auditgen fetches public documents only")
	case u.Hostname() == "" || u.Opaque != "":
		return errors.New("the URL has no host: " + do)
	case u.Fragment != "":
		return errors.New("the URL has a fragment: remove the # and all that follows")
	case u.Scheme == "http" && isLoopbackHost(u.Hostname()):
		return nil // update requires --allow-private
	case u.Scheme != "https":
		return errors.New("the URL is not https: " + do)
	}
	return nil
}

func isLoopbackHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// checkFetchedPath returns an error if a fetched document cannot be stored at a path.
func checkFetchedPath(file, config string) error {
	if err := filename.CheckBelow(file); err != nil {
		return err
	}
	clean := path.Clean(file)
	ext := strings.ToLower(path.Ext(clean))
	switch {
	case strings.EqualFold(clean, config):
		return fmt.Errorf("%q is the configuration itself: name another file such as spec/openapi.json", file)
	case strings.HasPrefix(clean, ".") || strings.Contains(clean, "/."):
		return fmt.Errorf("%q is hidden or in a hidden folder, where a fetched document cannot be: name another file such as spec/openapi.json", file)
	case !slices.Contains(fetchedExtensions, ext):
		return fmt.Errorf("the extension of %q is not one of %s: name another file such as spec/openapi.json", file, strings.Join(fetchedExtensions, ", "))
	}
	return nil
}

// fetched reports documents with several urls, and documents that would be stored among generated
// files.
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
				r.add(s.Pos.Line, where, fmt.Sprintf("%q does not have the same url in line %d", s.Path, before.Pos.Line), "use the same url in both places")
			}
			for dir := path.Dir(file); s.URL != "" && dir != "." && dir != "/"; dir = path.Dir(dir) {
				if folders[dir] {
					r.add(s.Pos.Line, where+".path", fmt.Sprintf("%q is in the output folder of a package", s.Path), "name a file elsewhere, such as spec/openapi.json")
				}
			}
		}
	}
}
