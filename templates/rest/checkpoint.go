package rest

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Checkpoint is a place in a log that is followed. It says which records were delivered, so that
// another process can go on. The zero value starts at the time of the first request.
//
// As JSON it takes about 23 bytes for each record within the overlap, and some hundred bytes more.
type Checkpoint struct {
	start  time.Time // of what is asked for next; all that is older was delivered
	cursor string    // the same in a stream
	latest time.Time // no record that was delivered is newer
	seen   map[digest]int
}

// StartAt returns the checkpoint from which every record since t is delivered, that of t included.
func StartAt(t time.Time) Checkpoint { return Checkpoint{start: t} }

// Time returns where the next request starts. All records before it were delivered.
func (c Checkpoint) Time() time.Time { return c.start }

// digest stands for a record: by its identifier, or by all of it where records have none.
type digest [16]byte

// checkpointVersion is that of the JSON below. A higher one is refused.
const checkpointVersion = 1

type checkpointJSON struct {
	Version int       `json:"version"`
	Start   time.Time `json:"start,omitzero"`
	Latest  time.Time `json:"latest,omitzero"`
	Cursor  string    `json:"cursor,omitempty"`
	Seen    []byte    `json:"seen,omitempty"` // a digest and how often it was delivered as a uvarint, sorted
}

// MarshalJSON writes the checkpoint for another process.
func (c Checkpoint) MarshalJSON() ([]byte, error) {
	out := checkpointJSON{Version: checkpointVersion, Start: c.start, Latest: c.latest, Cursor: c.cursor}
	for _, d := range slices.SortedFunc(maps.Keys(c.seen), func(a, b digest) int { return slices.Compare(a[:], b[:]) }) {
		out.Seen = binary.AppendUvarint(append(out.Seen, d[:]...), uint64(c.seen[d]))
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote. A checkpoint of a newer version and a damaged one are
// errors.
func (c *Checkpoint) UnmarshalJSON(data []byte) error {
	var in checkpointJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if in.Version != checkpointVersion {
		return fmt.Errorf("checkpoint: version %d, and this program reads version %d", in.Version, checkpointVersion)
	}
	if in.Start.IsZero() && (in.Cursor != "" || !in.Latest.IsZero() || len(in.Seen) > 0) {
		return errors.New("checkpoint: its start is missing: start again from a time")
	}
	read := Checkpoint{start: in.Start, latest: in.Latest, cursor: in.Cursor, seen: map[digest]int{}}
	for rest := in.Seen; len(rest) > 0; {
		var d digest
		at := copy(d[:], rest)
		count, n := binary.Uvarint(rest[at:])
		if n <= 0 || count == 0 || count > 1<<31 {
			return errors.New("checkpoint: the digests are damaged: start again from a time")
		}
		read.seen[d] = int(count)
		rest = rest[at+n:]
	}
	*c = read
	return nil
}
