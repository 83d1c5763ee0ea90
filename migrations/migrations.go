// Package migrations embeds the numbered schema changes, one set per database
// dialect with equal numbers and equal meaning. A file is never edited once it
// has landed.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed mysql/*.sql sqlite/*.sql
var files embed.FS

// For returns the migrations of a dialect, "mysql" or "sqlite".
func For(dialect string) (fs.FS, error) { return fs.Sub(files, dialect) }
