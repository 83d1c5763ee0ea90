// Package seeds holds the initial data of duban in YAML and reads it: the
// supervised items of each year, units, posts, roles, audiences, coded terms and
// a small demonstration staff. The forms are described in README.md beside the
// files. What is read has been checked as a whole, so that whoever stores it
// need not check references again.
package seeds

import (
	"embed"
	"io/fs"
)

// files takes every year directory along, so that next year's document needs no
// change of code.
//
//go:embed *.yaml demo/*.yaml [0-9][0-9][0-9][0-9]/*.yaml
var files embed.FS

// Files returns the built-in data files, read-only, with the layout Load expects.
func Files() fs.FS { return files }

// Default reads the built-in data for production: no demonstration units,
// people, groups or confirmations.
func Default() (*Set, error) { return Load(files) }

// Demo reads the built-in data together with the demonstration's.
func Demo() (*Set, error) { return LoadDemo(files) }

// Policies returns the built-in reminder policies, as the file is written. A data
// folder of one's own may hold another policies.yaml.
func Policies() []byte {
	data, err := files.ReadFile(PoliciesFile)
	if err != nil {
		panic(err) // not built
	}
	return data
}

// PoliciesFile is the name of the policies within the data files.
const PoliciesFile = "policies.yaml"
