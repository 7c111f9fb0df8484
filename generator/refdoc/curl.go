package refdoc

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// A curl command shows method, path, query and body of a request. It goes on over lines that end
// with a backslash, and over those that begin with an option or a URL, blank lines between them or
// not: pages break it wherever they like.

// curlCommand is what a command shows.
type curlCommand struct {
	method, path string
	query        []string // names
	body         string
	line         int // of the URL
	bodyLine     int
}

// How many commands of a page are read, and how long they and their paths can be.
const (
	maxCurls    = 100
	maxCurlPath = 512
	maxCurlText = 1 << 16
)

// commandsIn finds the curl commands among lines.
func commandsIn(lines []line) []curlCommand {
	var all []curlCommand
	for i := 0; i < len(lines) && len(all) < maxCurls; i++ {
		at := commandAt(lines[i].text)
		if at < 0 {
			continue
		}
		words, next := shellWords(lines, i, at)
		if c, ok := readCommand(words); ok {
			all = append(all, c)
		}
		i = max(i, next-1)
	}
	return all
}

// commandAt returns where a command begins in a line: at its start, behind a prompt or line
// numbers.
func commandAt(text string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], "curl ")
		if i < 0 {
			return -1
		}
		at := from + i
		if before := strings.TrimRight(text[:at], " \t$>#%"); strings.Trim(before, "0123456789 ") == "" {
			return at
		}
		from = at + 1
	}
}

// shellWord is a word of a command, without quotes, and the line on which it begins.
type shellWord struct {
	text string
	line int
}

// shellWords cuts the command that begins at a byte of line i into words, and returns the line
// below it.
func shellWords(lines []line, i, at int) (words []shellWord, next int) {
	w := &wordReader{}
	size := 0
	for n := i; n < len(lines); n++ {
		text := lines[n].text
		if n == i {
			text = text[at:]
		}
		if size += len(text); size > maxCurlText || n > i && !w.goesOn(text) {
			return w.end(), n
		}
		w.read(text, lines[n].number)
	}
	return w.end(), len(lines)
}

// wordReader cuts lines into words.
type wordReader struct {
	words   []shellWord
	word    strings.Builder
	line    int
	open    bool // a word has begun
	quote   byte
	escaped bool // the line before ended with a backslash
}

// goesOn reports whether a line belongs to the command above.
func (w *wordReader) goesOn(text string) bool {
	trimmed := strings.TrimSpace(text)
	if w.quote != 0 || trimmed == "" {
		return true
	}
	bare := strings.TrimLeft(trimmed, `"'`)
	return w.escaped || strings.HasPrefix(trimmed, "-") && len(trimmed) > 1 && trimmed[1] != ' ' || strings.HasPrefix(bare, "https://") || strings.HasPrefix(bare, "http://")
}

// read reads one line.
func (w *wordReader) read(text string, number int) {
	if w.quote != 0 {
		w.word.WriteByte('\n')
	} else if strings.TrimSpace(text) == "" {
		return
	}
	w.escaped = false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case w.quote != 0 && c == w.quote:
			w.quote = 0
		case w.quote == '"' && c == '\\' && i+1 < len(text):
			i++
			w.word.WriteByte(text[i])
		case w.quote != 0:
			w.word.WriteByte(c)
		case c == '\'' || c == '"':
			w.begin(number)
			w.quote = c
		case c == ' ' || c == '\t':
			w.cut()
		case c == '\\' && strings.TrimSpace(text[i+1:]) == "":
			w.escaped = true
		case c == '\\' && (i+1 < len(text) && text[i+1] == ' '): // a line that was broken here
		default:
			w.begin(number)
			w.word.WriteByte(c)
		}
	}
	if w.quote == 0 {
		w.cut()
	}
}

func (w *wordReader) begin(number int) {
	if !w.open {
		w.open, w.line = true, number
	}
}

func (w *wordReader) cut() {
	if w.open {
		w.words = append(w.words, shellWord{w.word.String(), w.line})
	}
	w.open = false
	w.word.Reset()
}

func (w *wordReader) end() []shellWord {
	w.cut()
	return w.words
}

// valued has the options whose next word is not of interest.
var valued = set("-H --header -u --user -o --output -A --user-agent -b --cookie -c --cookie-jar -e --referer -x --proxy -m --max-time -w --write-out " +
	"-T --upload-file -K --config -E --cert --key --cacert --connect-timeout --retry --oauth2-bearer")

// readCommand reads the words of a command.
func readCommand(words []shellWord) (c curlCommand, ok bool) {
	var method, url string
	var data []shellWord
	get, form := false, false
	for i := 1; i < len(words); i++ {
		option, value, glued := strings.Cut(words[i].text, "=")
		argument := func() shellWord {
			if glued && strings.HasPrefix(option, "--") {
				return shellWord{value, words[i].line}
			}
			if i++; i < len(words) {
				return words[i]
			}
			return shellWord{}
		}
		switch {
		case option == "-X" || option == "--request":
			method = strings.ToUpper(argument().text)
		case strings.HasPrefix(option, "-X") && len(option) > 2:
			method = strings.ToUpper(option[2:])
		case option == "-G" || option == "--get":
			get = true
		case option == "-I" || option == "--head":
			method = "HEAD"
		case option == "-d" || strings.HasPrefix(option, "--data") || option == "--json":
			data = append(data, argument())
		case option == "-F" || option == "--form":
			form = true
			argument()
		case option == "--url":
			w := argument()
			url, c.line = w.text, w.line
		case valued[option]:
			argument()
		case url == "" && !strings.HasPrefix(option, "-") && strings.Contains(words[i].text, "/"):
			url, c.line = words[i].text, words[i].line
		}
	}
	if url == "" {
		return c, false
	}
	c.method = "GET"
	if (len(data) > 0 || form) && !get {
		c.method = "POST"
	}
	if method != "" {
		c.method = method
	}
	c.request(url, data, get)
	return c, c.path != "" && len(c.path) <= maxCurlPath && isMethod(c.method)
}

// request reads the URL and the data of a command.
func (c *curlCommand) request(url string, data []shellWord, get bool) {
	target, query, _ := strings.Cut(url, "?")
	query, _, _ = strings.Cut(query, "#")
	c.path = cleanTarget(commandPath(target))
	for pair := range strings.SplitSeq(query, "&") {
		c.named(pair)
	}
	for _, d := range data {
		if get {
			c.named(d.text)
		} else if c.body == "" {
			c.body, c.bodyLine = d.text, d.line
		}
	}
}

// commandPath returns the path of the URL of a command, whose host may be a variable.
func commandPath(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		rest = strings.TrimPrefix(url, "//")
	}
	_, path, ok := strings.Cut(rest, "/")
	if !ok {
		return "/"
	}
	if _, clean := claim.SplitServer("https://host/" + path); clean != "" {
		return clean
	}
	return "/"
}

func (c *curlCommand) named(pair string) {
	if name, _, _ := strings.Cut(pair, "="); name != "" && !slices.Contains(c.query, name) && len(c.query) < 100 {
		c.query = append(c.query, name)
	}
}

// isCallOf reports whether a path calls the operation with another path, whose parameters stand for
// any one segment.
func isCallOf(call, path string) bool {
	_, ok := baseOf(call, path)
	return ok
}

// baseOf returns what a whole path has in front of a shorter one. A path parameter stands for any
// one segment.
func baseOf(whole, path string) (base string, ok bool) {
	long, short := strings.Split(strings.Trim(whole, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	n := len(long) - len(short)
	if n < 0 || path == "/" {
		return "", false
	}
	for i, part := range short {
		if part != long[n+i] && !strings.HasPrefix(part, "{") {
			return "", false
		}
	}
	if n == 0 {
		return "", true
	}
	return "/" + strings.Join(long[:n], "/"), true
}

// commandOpenings finds the operations of a page that has them in curl commands only.
func (r *reader) commandOpenings(blocks []block) []opening {
	var all []opening
	lowest := 0
	for i := range blocks {
		b := &blocks[i]
		if b.kind == table || b.isText() && commandAt(b.text) < 0 {
			continue
		}
		end := i + 1
		if b.isText() {
			end = min(i+60, len(blocks))
		}
		found := commandsIn(linesOf(blocks[i:end]))
		if len(found) == 0 {
			continue
		}
		target, _ := template(strings.Split(found[0].path, "/"), nil)
		o := opening{start: i, path: i, method: found[0].method, target: target}
		if n := len(all); n > 0 && all[n-1].method == o.method && all[n-1].target == o.target {
			continue
		}
		o.findTitle(blocks, lowest, r)
		lowest = i + 1
		all = append(all, o)
	}
	return all
}
