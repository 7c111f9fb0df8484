package output

import (
	"fmt"
	"io/fs"
	"syscall"
)

// placeOf says which file a name stands for, and when anything about it was last changed, which no program can set.
func placeOf(info fs.FileInfo) (string, bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", false
	}
	return fmt.Sprintf("%d on %d, %d", s.Ino, s.Dev, s.Ctim.Nano()), true
}
