//go:build !unix

package main

import "time"

// clock gives the time that has gone by: processor time is not known here.
func clock() time.Duration { return time.Since(started) }
