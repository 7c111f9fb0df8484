package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"
)

// Upload is a form of fields and files, which are sent in the order in which they were added. The
// zero value is empty and ready to use. It can be sent once.
type Upload struct {
	parts []uploadPart
	err   error
}

type uploadPart struct {
	field, value, fileName string
	media                  string    // empty for what the document says
	content                io.Reader // nil for a plain field
}

// Field adds a plain field. The value of a field that the document describes as JSON is JSON; see
// [Upload.JSON]. It returns the Upload, so that calls can be chained.
func (u *Upload) Field(name, value string) *Upload {
	u.parts = append(u.parts, uploadPart{field: name, value: value})
	return u
}

// File adds a file under the name of its field, which documents often call "file". The content is
// read while the request is sent, and is not closed. It returns the Upload, so that calls can be
// chained.
func (u *Upload) File(field, fileName string, content io.Reader) *Upload {
	u.parts = append(u.parts, uploadPart{field: field, fileName: fileName, content: content})
	return u
}

// FileOf is [Upload.File] with a media type, such as image/png. Without it, a file has the one type
// that the document names, or application/octet-stream.
func (u *Upload) FileOf(field, fileName, media string, content io.Reader) *Upload {
	u.parts = append(u.parts, uploadPart{field: field, fileName: fileName, media: media, content: content})
	return u
}

// JSON adds a field whose value is a model, or anything else that encoding/json can write. It
// returns the Upload, so that calls can be chained.
func (u *Upload) JSON(name string, value any) *Upload {
	text, err := json.Marshal(value)
	if err != nil && u.err == nil {
		u.err = fmt.Errorf("part %s of the upload: %w", name, err)
	}
	u.parts = append(u.parts, uploadPart{field: name, value: string(text), media: "application/json"})
	return u
}

// reader returns the form as it is sent, with its media type. documented is the media types of
// parts.
func (u *Upload) reader(documented map[string]string) (body io.Reader, media string, err error) {
	if u.err != nil {
		return nil, "", u.err
	}
	var between bytes.Buffer
	var segments []io.Reader
	w := multipart.NewWriter(&between)
	for _, p := range u.parts {
		header, err := p.header(documented[p.field])
		if err != nil {
			return nil, "", err
		}
		part, err := w.CreatePart(header)
		if err != nil {
			return nil, "", err
		}
		if p.content == nil {
			_, _ = io.WriteString(part, p.value) // a buffer takes everything
			continue
		}
		segments = append(segments, bytes.NewReader(bytes.Clone(between.Bytes())), p.content)
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

// header returns the header of a part.
func (p *uploadPart) header(documented string) (textproto.MIMEHeader, error) {
	if p.field == "" {
		return nil, errors.New("a part of the upload has no name")
	}
	isFile := p.fileName != "" || p.content != nil
	media := p.media
	if media == "" {
		media = documented
	}
	if !isHeaderText(media) {
		return nil, fmt.Errorf("the media type of part %s of the upload has a control character", p.field)
	}
	if media == "application/json" && !isFile && !json.Valid([]byte(p.value)) {
		return nil, fmt.Errorf("part %s of the upload is JSON, and its value is not: use Upload.JSON", p.field)
	}
	disposition := `form-data; name="` + inQuotes.Replace(p.field) + `"`
	if isFile {
		disposition += `; filename="` + inQuotes.Replace(p.fileName) + `"`
		if media == "" {
			media = "application/octet-stream"
		}
	}
	header := textproto.MIMEHeader{"Content-Disposition": {disposition}}
	if media != "" {
		header.Set("Content-Type", media)
	}
	return header, nil
}
