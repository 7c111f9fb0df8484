package runtime

import (
	"sort"
	"strings"
)

// mapReader reads the members of one object whose names are data.
type mapReader struct {
	key string // name of the current member

	d     *decoder
	isMap bool
	first bool
	since spanOf // what was found before the current member

	spelled map[string][2]int // where the spellings of a name are that may come again
}

// entries starts to read an object. Where the value is none, more is false at once.
func (d *decoder) entries() mapReader {
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

// decodeMap reads an object whose names are data; element reads one of its values.
func decodeMap[T any](d *decoder, element func(*decoder) T) map[string]T {
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
func (d *decoder) forget(from, to int) {
	for i := from; i < to; i++ {
		d.spellings[i].path = "\x00"
	}
}

// encodeMap writes an object whose names are data, sorted; element writes one of its values.
func encodeMap[T any](e *encoder, m map[string]T, element func(*encoder, T)) {
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

// detachMap copies a map; element copies one of its values, and is nil for values without memory of their own.
func detachMap[T any](m map[string]T, element func(T) T) map[string]T {
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
