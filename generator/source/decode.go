package source

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// Decode returns a document as UTF-8 text. Text in UTF-16 must start with a byte order mark. A file
// that is not text is an error that names its format.
func Decode(f File) (File, error) {
	order, ok := map[string]binary.ByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian}[string(f.Data[:min(len(f.Data), 2)])]
	if ok {
		return decodeUTF16(f, order)
	}
	for _, format := range formats {
		if bytes.HasPrefix(f.Data, []byte(format.mark)) && bytes.Contains(f.Data, []byte(format.inside)) {
			return f, &Error{Pos: Position{File: f.Name}, What: "this is " + format.name + ", not text", Do: format.do}
		}
	}
	return f, nil
}

// format is a format of files that people take for documents: how such a file begins, and what else
// is in it.
type format struct{ mark, inside, name, do string }

const (
	unpack   = "unpack it"
	saveText = "save it as text"
)

var formats = []format{
	{"\x1f\x8b", "", "a gzip file", unpack},
	{"BZh", "\x31\x41\x59\x26\x53\x59", "a bzip2 file", unpack},
	{"\xfd7zXZ\x00", "", "an xz file", unpack},
	{"\x28\xb5\x2f\xfd", "", "a zstd file", unpack},
	{"7z\xbc\xaf\x27\x1c", "", "a 7z archive", unpack},
	{"PK\x03\x04", "word/", "a Word document", saveText},
	{"PK\x03\x04", "xl/", "an Excel workbook", saveText},
	{"PK\x03\x04", "ppt/", "a PowerPoint presentation", saveText},
	{"PK\x03\x04", "mimetypeapplication/vnd.oasis.opendocument", "an OpenDocument file", saveText},
	{"PK\x03\x04", "", "a zip archive", unpack},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "an old Office document", saveText},
	{"{\\rtf", "", "an RTF document", saveText},
	{"%PDF-", "", "a PDF", saveText},
	{"\x89PNG\r\n", "", "an image", saveText},
	{"\xff\xd8\xff", "", "an image", saveText},
}

// decodeUTF16 decodes what follows the byte order mark.
func decodeUTF16(f File, order binary.ByteOrder) (File, error) {
	data := f.Data[2:]
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	text := string(utf16.Decode(units))
	if len(data)%2 != 0 || strings.ContainsRune(text, 0xfffd) {
		return f, &Error{Pos: Position{File: f.Name}, What: "the byte order mark says UTF-16, and the document is not UTF-16", Do: "save it as UTF-8"}
	}
	return File{Name: f.Name, Data: []byte(text)}, nil
}
