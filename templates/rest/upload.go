package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
)

// Upload is a form of fields and files, which are sent in the order in which they were added. The
// zero value is empty and ready to use. It can be sent once.
type Upload struct {
	parts []uploadPart
	err   error
}

// File is a file of a form. A File without Content is not sent.
type File struct {
	Name        string      // name that the server sees; without one, Content is the value of a field
	ContentType string      // empty for what the document says, or else application/octet-stream
	Header      http.Header // further headers of the part
	Content     io.Reader   // read while the request is sent, and not closed
}

type uploadPart struct {
	field, value string
	isFile       bool
	File         // of a plain field: its headers
}

// Field adds a plain field. It returns the Upload, so that calls can be chained.
func (u *Upload) Field(name, value string) *Upload {
	u.parts = append(u.parts, uploadPart{field: name, value: value})
	return u
}

// File adds a file under the name of its field, which documents often call "file". The content is
// read while the request is sent, and is not closed. It returns the Upload, so that calls can be
// chained.
func (u *Upload) File(field, fileName string, content io.Reader) *Upload {
	return u.FileOf(field, fileName, "", content)
}

// FileOf is [Upload.File] with a media type, such as image/png, in place of
// application/octet-stream.
func (u *Upload) FileOf(field, fileName, media string, content io.Reader) *Upload {
	u.parts = append(u.parts, uploadPart{field: field, isFile: true, File: File{Name: fileName, ContentType: media, Content: content}})
	return u
}

// JSON adds a field whose value is a model, or anything else that encoding/json can write. It
// returns the Upload, so that calls can be chained.
func (u *Upload) JSON(name string, value any) *Upload {
	text, err := json.Marshal(value)
	if err != nil && u.err == nil {
		u.err = fmt.Errorf("part %s of the upload: %w", name, err)
	}
	u.parts = append(u.parts, uploadPart{field: name, value: string(text), File: File{ContentType: "application/json"}})
	return u
}

// reader returns the form as it is sent, with its media type.
func (u *Upload) reader() (body io.Reader, media string, err error) {
	if u.err != nil {
		return nil, "", u.err
	}
	var between bytes.Buffer
	var segments []io.Reader
	w := multipart.NewWriter(&between)
	for _, p := range u.parts {
		header, err := p.header()
		if err != nil {
			return nil, "", err
		}
		part, err := w.CreatePart(header)
		if err != nil {
			return nil, "", err
		}
		if p.Content == nil {
			_, _ = io.WriteString(part, p.value) // a buffer takes everything
			continue
		}
		segments = append(segments, bytes.NewReader(bytes.Clone(between.Bytes())), p.Content)
		between.Reset()
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	if len(segments) > 0 {
		u.err = errors.New("the upload was sent before, and its files were read: make another one")
	}
	return io.MultiReader(append(segments, &between)...), w.FormDataContentType(), nil
}

// inQuotes escapes a name as mime/multipart does.
var inQuotes = strings.NewReplacer("\\", "\\\\", `"`, "\\\"", "\r", "%0D", "\n", "%0A")

// header returns the headers of a part.
func (p *uploadPart) header() (textproto.MIMEHeader, error) {
	if p.field == "" {
		return nil, errors.New("a part of the upload has no name")
	}
	header := http.Header{}
	for name, values := range p.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	if p.ContentType != "" {
		header.Set("Content-Type", p.ContentType)
	} else if p.isFile && p.Name != "" && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/octet-stream")
	}
	for name, values := range header {
		if !isHeaderText(name + strings.Join(values, "")) {
			return nil, fmt.Errorf("a header of part %s of the upload has a control character", p.field)
		}
	}
	disposition := `form-data; name="` + inQuotes.Replace(p.field) + `"`
	if p.isFile && p.Name != "" {
		disposition += `; filename="` + inQuotes.Replace(p.Name) + `"`
	}
	header.Set("Content-Disposition", disposition)
	return textproto.MIMEHeader(header), nil
}
