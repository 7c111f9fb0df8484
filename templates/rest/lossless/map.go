package lossless

import (
	"sort"
	"strings"
)

// mapReader reads the members of one object whose names are data.
type mapReader struct {
	key string // name of the current member

	d     *Decoder
	isMap bool
	first bool
	since spanOf // what was found before the current member

	spelled map[string][2]int // where the spellings of a name are that may come again
}

// entries starts to read an object. If the value is not an object, more returns false at once.
func (d *Decoder) entries() mapReader {
	if d.space() != '{' {
		d.mismatch("object", "{}")
		return mapReader{d: d}
	}
	d.open()
	return mapReader{d: d, isMap: true, first: true, since: d.span()}
}

// more moves to the next member.
func (r *mapReader) more() bool {
	d := r.d
	if !r.isMap {
		return false
	}
	if d.found(r.since) {
		d.within(r.since, stepTo(r.key))
		if r.spelled == nil {
			r.spelled = map[string][2]int{}
		}
		r.spelled[r.key] = [2]int{r.since.spellings, len(d.spellings)}
	}
	if !d.next(r.first, '}') {
		return false
	}
	r.first = false
	t := d.name()
	if d.err != nil {
		return false
	}
	r.since = d.span()
	var invalid bool
	if r.key, invalid, _ = d.textOf(t); invalid {
		d.problem(d.at, "UTF-8", "invalid UTF-8 in a name")
	}
	d.forget(r.spelled[r.key][0], r.spelled[r.key][1])
	return true
}

// DecodeMap reads an object whose names are data; element reads one of its values.
func DecodeMap[T any](d *Decoder, element func(*Decoder) T) map[string]T {
	r := d.entries()
	if !r.isMap {
		return nil
	}
	m := map[string]T{}
	for r.more() {
		m[r.key] = element(d)
	}
	return m
}

// forget makes spellings those of nothing: a later value has the same name, and only that one is kept. No step has a zero byte.
func (d *Decoder) forget(from, to int) {
	for i := from; i < to; i++ {
		d.spellings[i].path = "\x00"
	}
}

// EncodeMap writes an object whose names are data, sorted; element writes one of its values.
func EncodeMap[T any](e *Encoder, m map[string]T, element func(*Encoder, T)) {
	start, place, tracking := len(e.buf), e.place, e.tracking()
	e.buf = append(e.buf, '{')
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = append(appendString(e.buf, name), ':')
		if tracking {
			e.place = place + stepTo(name)
		}
		element(e, m[name])
	}
	e.buf = append(e.buf, '}')
	e.place = place
	if len(m) == 0 {
		e.respell(start)
	}
}

// DetachMap copies a map; element copies one of its values, and is nil for values without memory of their own.
func DetachMap[T any](m map[string]T, element func(T) T) map[string]T {
	if m == nil {
		return nil
	}
	c := make(map[string]T, len(m))
	for name, value := range m {
		if element != nil {
			value = element(value)
		}
		c[strings.Clone(name)] = value
	}
	return c
}
