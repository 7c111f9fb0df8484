//go:build !unix

package generator_test

import "time"

var started = time.Now()

// processorTime is not known here: it is no more than the time that has passed.
func processorTime() time.Duration { return time.Since(started) }
