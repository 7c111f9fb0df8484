package mock

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// export answers GET /wiki/rest/api/audit/export: the records of a period as a file, the newest
// first. It is streamed.
func (c *confluenceSite) export(x *exchange) {
	from, err1 := parseMillis("startDate", x.query.Get("startDate"), always.from)
	to, err2 := parseMillis("endDate", x.query.Get("endDate"), always.to)
	if err := errors.Join(err1, err2); err != nil {
		x.refuse(http.StatusBadRequest, lines(err)...)
		return
	}
	view := c.log.look()
	low, high := view.within(from, to)
	rows := exportedRows{c: c, view: &view, low: low, high: high, filter: c.matching(x.query.Get("searchString")), control: http.NewResponseController(x.w)}
	media, name := "text/csv", "auditlog.csv"
	write := rows.csv
	if x.query.Get("format") == "zip" {
		media, name, write = "application/zip", "auditlog.zip", rows.zip
	}
	x.w.Header().Set("Content-Type", media)
	x.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	x.w.WriteHeader(http.StatusOK)
	// The status is already sent, so errors cannot be reported. The client may be gone, or the file
	// is cut on purpose.
	_ = write(x.w)
}

// exportedRows are the records of an export.
type exportedRows struct {
	c         *confluenceSite
	view      *view
	low, high int
	filter    filter
	control   *http.ResponseController
}

// renewEvery is the number of records after which an export gets more time.
const renewEvery = 1000

func (rows *exportedRows) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"Date", "Author", "Author account ID", "IP address", "Category", "Summary", "Description", "Affected object", "Affected object type",
		"Changed values", "Associated objects", "System admin"}); err != nil {
		return err
	}
	for p := rows.high - 1; p >= rows.low; p-- {
		if p%renewEvery == 0 {
			// This fails if the server has no deadlines, and then they are not needed.
			_ = rows.control.SetWriteDeadline(time.Now().Add(writeTimeout))
		}
		e := rows.view.entry(p)
		if rows.filter.match != nil && !rows.filter.match(e) {
			continue
		}
		row, err := rows.c.row(e)
		if err != nil {
			return err
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (rows *exportedRows) zip(w io.Writer) error {
	archive := zip.NewWriter(w)
	file, err := archive.CreateHeader(&zip.FileHeader{Name: "auditlog.csv", Method: zip.Deflate, Modified: rows.c.log.now().UTC()})
	if err != nil {
		return err
	}
	if err := rows.csv(file); err != nil {
		return err
	}
	return archive.Close()
}

// row returns a record as a row of an export.
func (c *confluenceSite) row(e entry) ([]string, error) {
	r := confluenceRecord{}
	if e.body == nil {
		r = c.record(e)
	} else if err := json.Unmarshal(e.body, &r); err != nil {
		// An undocumented member may have any type, and has no column.
		if _, other := errors.AsType[*json.UnmarshalTypeError](err); !other {
			return nil, fmt.Errorf("mock: a created record cannot be exported: %w", err)
		}
	}
	row := []string{time.UnixMilli(e.at).UTC().Format("2006-01-02T15:04:05.000Z"), r.Author.DisplayName, r.Author.AccountID, r.RemoteAddress, r.Category, r.Summary, r.Description,
		r.AffectedObject.Name, r.AffectedObject.ObjectType, "", "", fmt.Sprint(r.SysAdmin)}
	for i, v := range r.ChangedValues {
		row[9] += separator(i) + v.Name + ": " + v.OldValue + " -> " + v.NewValue
	}
	for i, o := range r.AssociatedObjects {
		row[10] += separator(i) + o.Name
	}
	return row, nil
}

func separator(i int) string {
	if i == 0 {
		return ""
	}
	return "; "
}
