package lossless

import "slices"

// Generic code is compiled once per type, so these functions do only what needs the type.

// arrayReader reads the values of one array:
//
//	for a := d.array(); a.more(); { list = append(list, d.ReadString()) }
type arrayReader struct {
	d       *Decoder
	isArray bool
	n       int    // values so far, the current one among them
	start   int    // offset of the first one
	since   spanOf // what was found before the current one
}

// array starts to read an array. If the value is not an array, more returns false at once.
func (d *Decoder) array() arrayReader {
	if d.space() != '[' {
		d.mismatch("array", "[]")
		return arrayReader{d: d}
	}
	d.open()
	return arrayReader{d: d, isArray: true, start: d.at}
}

// more moves to the next value.
func (a *arrayReader) more() bool {
	d := a.d
	if !a.isArray {
		return false
	}
	if a.n > 0 && d.found(a.since) {
		d.within(a.since, stepAt(a.n-1))
	}
	if !d.next(a.n == 0, ']') {
		return false
	}
	a.n++
	a.since = d.span()
	return true
}

// room returns for how many values to make room, the current one among them. Short lists double; of longer ones it guesses by
// their size how many are still to come. Few answers have more than a thousand; it is bounded, because the first ones may be
// small on purpose.
func (a *arrayReader) room() int {
	n, d := a.n-1, a.d
	if n < 16 {
		return max(1, n)
	}
	coming := (len(d.text) - d.at) / ((d.at-a.start)/n + 1)
	return max(1, min(1024, coming+coming/16)) // one too few would cost a copy of all
}

// DecodeModels reads an array of objects.
func DecodeModels[M any](d *Decoder, decode func(*Decoder, *M)) []M {
	a := d.array()
	if !a.isArray {
		return nil
	}
	list := []M{}
	for a.more() {
		if a.n > cap(list) {
			list = append(list, make([]M, a.room())...)
		}
		list = list[:a.n]
		decode(d, &list[a.n-1])
	}
	return list
}

// DecodeSlice reads an array; element reads one of its values.
func DecodeSlice[T any](d *Decoder, element func(*Decoder) T) []T {
	a := d.array()
	if !a.isArray {
		return nil
	}
	list := []T{}
	for a.more() {
		list = append(list, element(d))
	}
	return list
}

// arrayWriter writes the values of one array:
//
//	w := e.array()
//	for i, v := range list { w.element(i); e.WriteString(v) }
//	w.end(len(list))
type arrayWriter struct {
	e        *Encoder
	start    int
	place    string // of the array
	tracking bool
}

// array starts an array.
func (e *Encoder) array() arrayWriter {
	w := arrayWriter{e: e, start: len(e.buf), place: e.place, tracking: e.tracking()}
	e.buf = append(e.buf, '[')
	return w
}

// element writes what stands before value i.
func (w *arrayWriter) element(i int) {
	if i > 0 {
		w.e.buf = append(w.e.buf, ',')
	}
	if w.tracking {
		w.e.place = w.place + stepAt(i)
	}
}

// end closes an array of n values.
func (w *arrayWriter) end(n int) {
	e := w.e
	e.buf = append(e.buf, ']')
	e.place = w.place
	if n == 0 {
		e.respell(w.start)
	}
}

// EncodeModels writes an array of objects.
func EncodeModels[M any](e *Encoder, list []M, encode func(*Encoder, *M)) {
	w := e.array()
	for i := range list {
		w.element(i)
		encode(e, &list[i])
	}
	w.end(len(list))
}

// EncodeSlice writes an array; element writes one of its values.
func EncodeSlice[T any](e *Encoder, list []T, element func(*Encoder, T)) {
	w := e.array()
	for i, v := range list {
		w.element(i)
		element(e, v)
	}
	w.end(len(list))
}

// DetachModels copies a list of models and all that they share.
func DetachModels[M any](list []M, detach func(*M)) []M {
	list = append(list[:0:0], list...)
	for i := range list {
		detach(&list[i])
	}
	return list
}

// DetachSlice copies a list; element copies one of its values.
func DetachSlice[T any](list []T, element func(T) T) []T {
	list = slices.Clone(list)
	for i := range list {
		list[i] = element(list[i])
	}
	return list
}
