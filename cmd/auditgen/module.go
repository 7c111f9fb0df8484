package main

import (
	"io"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// maxGoMod is how many bytes of a go.mod are looked at: its module line stands near the top.
const maxGoMod = 1 << 20

// importPath gives what a package in the folder dir below base is imported as, by the go.mod of the module that it lies in;
// "" if it lies in none, or in a folder that cannot be imported.
func importPath(base, dir string) string {
	folder, err := filepath.Abs(filepath.Join(base, filepath.FromSlash(dir)))
	if err != nil {
		return ""
	}
	for inside := ""; ; {
		if name := modulePath(filepath.Join(folder, "go.mod")); name != "" {
			whole := path.Join(name, inside)
			if module.CheckImportPath(whole) != nil {
				return ""
			}
			return whole
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return ""
		}
		inside, folder = path.Join(filepath.Base(folder), inside), parent
	}
}

// modulePath gives the path that a go.mod declares, "" if there is no such file.
func modulePath(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxGoMod))
	if err != nil {
		return ""
	}
	return modfile.ModulePath(data)
}
