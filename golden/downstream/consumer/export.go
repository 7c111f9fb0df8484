package consumer

import (
	"context"
	"errors"
	"io"
)

// Export writes the whole log as CSV.
func (w *Watcher) Export(ctx context.Context, to io.Writer) (err error) {
	file, err := w.client.ExportAuditRecords(ctx, nil)
	if err != nil {
		return access(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = io.Copy(to, file)
	return err
}
