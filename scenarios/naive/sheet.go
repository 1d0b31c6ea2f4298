package naive

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// loader reads sheets and collects what is wrong with them.
type loader struct {
	fsys fs.FS
	errs []error
}

// rows are the rows of a sheet by column; an absent sheet has none.
func (l *loader) rows(sheet string) []map[string]string {
	text, err := fs.ReadFile(l.fsys, sheet+".csv")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		l.errs = append(l.errs, err)
		return nil
	}
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("reading %s: %w", sheet, err))
		return nil
	}
	var rows []map[string]string
	for i, record := range records {
		if i == 0 {
			continue
		}
		row := map[string]string{}
		for column, name := range records[0] {
			row[name] = strings.TrimSpace(record[column])
		}
		rows = append(rows, row)
	}
	return rows
}

// list splits a cell that holds several things.
func list(cell string) []string {
	var out []string
	for part := range strings.SplitSeq(cell, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func or(cell, otherwise string) string {
	if cell == "" {
		return otherwise
	}
	return cell
}

func truth(cell string) bool {
	return strings.EqualFold(cell, "true") || cell == "1"
}
