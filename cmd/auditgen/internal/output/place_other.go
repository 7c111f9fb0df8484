//go:build !linux && !darwin

package output

import "io/fs"

// placeOf cannot say: what can be had here does not show every change.
func placeOf(fs.FileInfo) (string, bool) { return "", false }
