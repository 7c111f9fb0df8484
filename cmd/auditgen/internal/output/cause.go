package output

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Cause says in our words why the disk refused, without the path, which messages name already. Rare
// errors keep the words of the system.
func Cause(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		return "the permission is missing"
	case errors.Is(err, fs.ErrExist):
		return "there is a file of that name"
	case errors.Is(err, syscall.ENOTDIR):
		return "a part of the path is not a folder"
	case errors.Is(err, syscall.EISDIR):
		return "this is a folder"
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	} else if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
