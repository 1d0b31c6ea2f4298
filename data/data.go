// Package data holds the real data set that the demo world starts from. Its sources, licences and the
// attribution that goes with them stand in README.md beside it.
package data

import (
	"embed"
	"io/fs"
)

//go:embed real/*.csv
var files embed.FS

// Real returns the sheets of the real data set.
func Real() fs.FS {
	sheets, err := fs.Sub(files, "real")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return sheets
}
