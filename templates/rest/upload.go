package rest

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
)

// Upload is a form of fields and files, which are sent in the order in which they were added. The zero
// value is empty and ready to use. It can be sent once.
type Upload struct{ parts []uploadPart }

type uploadPart struct {
	field, value, fileName string
	content                io.Reader // nil for a plain field
}

// Field adds a plain field. It returns the Upload, so that calls can be chained.
func (u *Upload) Field(name, value string) *Upload {
	u.parts = append(u.parts, uploadPart{field: name, value: value})
	return u
}

// File adds a file under the name of its field, which documents often call "file". The content is read
// while the request is sent, and is not closed. It returns the Upload, so that calls can be chained.
func (u *Upload) File(field, fileName string, content io.Reader) *Upload {
	u.parts = append(u.parts, uploadPart{field: field, fileName: fileName, content: content})
	return u
}

// reader returns the form as it is sent, with its media type.
func (u *Upload) reader() (body io.Reader, media string, err error) {
	var between bytes.Buffer
	var segments []io.Reader
	w := multipart.NewWriter(&between)
	for _, p := range u.parts {
		if p.field == "" {
			return nil, "", errors.New("a part of the upload has no name")
		}
		if p.fileName == "" && p.content == nil {
			err = w.WriteField(p.field, p.value)
		} else if _, err = w.CreateFormFile(p.field, p.fileName); err == nil && p.content != nil {
			segments = append(segments, bytes.NewReader(bytes.Clone(between.Bytes())), p.content)
			between.Reset()
		}
		if err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return io.MultiReader(append(segments, &between)...), w.FormDataContentType(), nil
}
