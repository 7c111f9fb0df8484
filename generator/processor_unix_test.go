//go:build unix

package generator_test

import (
	"syscall"
	"time"
)

// processorTime is how long this process has been on processors.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // there is no such failure
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
