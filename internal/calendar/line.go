package calendar

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// lineError is an error in a file, in Chinese and with the line to mend.
type lineError struct {
	line int
	err  error
}

// Error implements error.
func (e lineError) Error() string { return fmt.Sprintf("第%d行：%v", e.line, e.err) }

// Unwrap implements errors.Unwrap.
func (e lineError) Unwrap() error { return e.err }

func at(line int, format string, args ...any) error {
	return lineError{line, fmt.Errorf(format, args...)}
}

func lineOf(n ast.Node) int { return n.GetToken().Position.Line }

// placed gives an error the line it names itself or that the YAML library names,
// else that of the entry it lies in.
func placed(err error, entry int) error {
	var known lineError
	var unknown *yaml.UnknownFieldError
	var other yaml.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &unknown):
		return at(unknown.GetToken().Position.Line, "没有 %s 这一项，请对照说明改正", unknown.GetToken().Value)
	case errors.As(err, &other) && other.GetToken() != nil:
		return at(other.GetToken().Position.Line, "%s", firstLine(other.GetMessage()))
	case entry > 0:
		return at(entry, "%w", err)
	}
	return errors.New(firstLine(err.Error()))
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}
