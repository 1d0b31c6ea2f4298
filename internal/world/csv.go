package world

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing/fstest"
)

// Dir writes each sheet to path as NAME.csv (UTF-8, RFC 4180), making the directory if there is none. A directory that
// already holds a CSV file is refused with fs.ErrExist, lest two worlds mix, unless overwrite is set.
func Dir(path string, overwrite bool) Sheets {
	return &dirSheets{path: path, overwrite: overwrite}
}

type dirSheets struct {
	path      string
	overwrite bool
	entered   bool
}

func (d *dirSheets) Sheet(name string, columns ...string) (Rows, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(d.path, name+".csv"))
	if err != nil {
		return nil, err
	}
	return newCSVRows(file, columns)
}

// enter makes the directory ready before the first sheet, so that a refusal leaves everything as it was.
func (d *dirSheets) enter() error {
	if d.entered {
		return nil
	}
	if err := os.MkdirAll(d.path, 0o755); err != nil {
		return err
	}
	found, err := fs.Glob(os.DirFS(d.path), "*.csv")
	if err != nil {
		return err
	}
	if len(found) > 0 && !d.overwrite {
		return fmt.Errorf("%s already holds sheets (%s): %w", d.path, found[0], fs.ErrExist)
	}
	d.entered = true
	return nil
}

// MemorySheets keeps sheets in memory, as the files that Dir would write.
type MemorySheets struct {
	files fstest.MapFS
}

// Memory collects sheets in memory.
func Memory() *MemorySheets {
	return &MemorySheets{files: fstest.MapFS{}}
}

// Sheet starts a sheet; an earlier one of the same name is replaced.
func (m *MemorySheets) Sheet(name string, columns ...string) (Rows, error) {
	file := &fstest.MapFile{Mode: 0o444}
	m.files[name+".csv"] = file
	return newCSVRows(memoryFile{file}, columns)
}

// FS holds each closed sheet as NAME.csv.
func (m *MemorySheets) FS() fs.FS {
	return m.files
}

type memoryFile struct{ file *fstest.MapFile }

func (m memoryFile) Write(p []byte) (int, error) {
	m.file.Data = append(m.file.Data, p...)
	return len(p), nil
}

func (m memoryFile) Close() error { return nil }

// csvRows writes RFC 4180 to a file that it owns.
type csvRows struct {
	columns int
	csv     *csv.Writer
	buffer  *bufio.Writer
	file    io.Closer
}

func newCSVRows(file io.WriteCloser, columns []string) (*csvRows, error) {
	buffer := bufio.NewWriterSize(file, 64<<10)
	rows := &csvRows{columns: len(columns), csv: csv.NewWriter(buffer), buffer: buffer, file: file}
	rows.csv.UseCRLF = true
	if err := rows.Write(columns...); err != nil {
		file.Close()
		return nil, err
	}
	return rows, nil
}

func (r *csvRows) Write(cells ...string) error {
	if len(cells) != r.columns {
		return fmt.Errorf("a row of %d cells in a sheet of %d columns", len(cells), r.columns)
	}
	return r.csv.Write(cells)
}

func (r *csvRows) Close() error {
	r.csv.Flush()
	err := r.csv.Error()
	if flushing := r.buffer.Flush(); err == nil {
		err = flushing
	}
	if closing := r.file.Close(); err == nil {
		err = closing
	}
	return err
}
