package sheet

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Source is a named stream: a file of a directory, of an archive, of a request.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Dir lists the files of a directory. What is no sheet is listed too, so that a report can name it;
// directories inside it are left out.
func Dir(fsys fs.FS) ([]Source, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("listing the sheets: %w", err)
	}
	var sources []Source
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		name := entry.Name()
		sources = append(sources, Source{Name: name, Open: func() (io.ReadCloser, error) { return fsys.Open(name) }})
	}
	return sources, nil
}

// Files lists the files of the paths; a directory stands for the files in it.
func Files(paths ...string) ([]Source, error) {
	var sources []Source
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, fmt.Errorf("looking for the sheets: %w", err)
		}
		if !info.IsDir() {
			sources = append(sources, Source{Name: p, Open: func() (io.ReadCloser, error) { return os.Open(p) }})
			continue
		}
		inside, err := Dir(os.DirFS(p))
		if err != nil {
			return nil, err
		}
		for _, source := range inside {
			source.Name = filepath.Join(p, source.Name)
			sources = append(sources, source)
		}
	}
	return sources, nil
}

// Names lists the sheets in the order in which they can be imported: what a sheet refers to stands
// before it.
func Names() []string {
	names := make([]string, len(sheets))
	for i, s := range sheets {
		names[i] = s.sheet
	}
	return names
}

// Known reports whether a file name is that of a sheet: partners, partners.csv or some/where/partners.csv.
func Known(name string) bool { return place(name) < len(sheets) }

// Order returns file names in the order in which they can be imported; what is no sheet comes last.
// Names of one sheet keep their order.
func Order(names []string) []string {
	ordered := slices.Clone(names)
	slices.SortStableFunc(ordered, func(a, b string) int { return place(a) - place(b) })
	return ordered
}

// place is the index of a file's sheet in sheets, len(sheets) for none.
func place(name string) int {
	base := path.Base(filepath.ToSlash(name))
	if ext := path.Ext(base); strings.EqualFold(ext, ".csv") {
		base = strings.TrimSuffix(base, ext)
	}
	if i := slices.IndexFunc(sheets, func(s *table) bool { return s.sheet == base }); i >= 0 {
		return i
	}
	return len(sheets)
}
