//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peak gives the peak memory of a process that has ended, in megabytes.
func peak(p *os.ProcessState) float64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return float64(usage.Maxrss) / 1e6
	}
	return float64(usage.Maxrss) * 1024 / 1e6 // elsewhere it is counted in kilobytes
}
