package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serverName stands in scripts, their files and their transcripts for the address of a local
// server.
const serverName = "http://SERVER"

// scriptServer returns the files below the folder "server" of a script, or whatever the script
// wants it to answer.
type scriptServer struct {
	*httptest.Server
	dir    string
	answer atomic.Value // a string, see shellCommand; a request that was cut off may still read it
}

func newScriptServer(t *testing.T, dir string) *scriptServer {
	s := &scriptServer{dir: dir}
	s.answer.Store("")
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// local puts the address of the server into a text of the script.
func (s *scriptServer) local(text []byte) []byte {
	return []byte(strings.ReplaceAll(string(text), serverName, s.URL))
}

// shown takes the address of the server out of a transcript.
func (s *scriptServer) shown(text []byte) []byte {
	text = []byte(strings.ReplaceAll(string(text), s.URL, serverName))
	return []byte(strings.ReplaceAll(string(text), strings.TrimPrefix(s.URL, "http://"), "SERVER"))
}

func (s *scriptServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(r.URL.Path)))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(data)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:4])+`"`)
	verb, rest, _ := strings.Cut(s.answer.Load().(string), " ")
	switch verb {
	case "status":
		var status int
		fmt.Sscan(rest, &status)
		w.WriteHeader(status)
	case "login":
		io.WriteString(w, "<!DOCTYPE html><title>Log in</title>")
	case "cut":
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		w.Write(data[:len(data)/2])
	case "changing":
		w.Header().Set("Repr-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")
		w.Write(data)
	case "redirect":
		http.Redirect(w, r, rest, http.StatusFound)
	case "down":
		panic(http.ErrAbortHandler)
	default:
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(data)))
	}
}
