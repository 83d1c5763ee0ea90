// Package errs is the one error vocabulary of duban: a code for programs, a
// sentence for people, and the step that failed for the operator.
package errs

import (
	"errors"
	"fmt"
)

// Code classifies an error. The zero value never appears in an Error.
type Code string

// The codes. Anything without a code counts as Internal.
const (
	Invalid     Code = "invalid"     // the input cannot be carried out as it is
	NotFound    Code = "not_found"   // what was named does not exist or may not be seen
	Forbidden   Code = "forbidden"   // the actor may not do this
	Conflict    Code = "conflict"    // the state does not allow it (any more)
	Unavailable Code = "unavailable" // a dependency is away; trying again may help
	Internal    Code = "internal"    // a defect or an unknown failure
)

// Error carries a code and the Chinese sentence shown to the person who caused
// it. Say tells what to do next and never contains secrets or other people's data.
type Error struct {
	Code Code
	Say  string
	Err  error
}

// Error returns the operator's text.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Code, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Say)
}

// Unwrap returns the cause, if any.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error with a code and the sentence for people.
func New(code Code, say string) error { return &Error{Code: code, Say: say} }

// Newf is New with formatting.
func Newf(code Code, format string, args ...any) error {
	return &Error{Code: code, Say: fmt.Sprintf(format, args...)}
}

// With attaches a code and a sentence to a cause.
func With(code Code, say string, cause error) error {
	return &Error{Code: code, Say: say, Err: cause}
}

// At wraps err with the step that failed; nil stays nil.
func At(step string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", step, err)
}

// CodeOf returns the code of the first Error in the chain, Internal for any
// other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool { return CodeOf(err) == code }

// Say maps any error to the one sentence a person is shown.
func Say(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Say != "" {
		return e.Say
	}
	if CodeOf(err) == Unavailable {
		return "系统正忙，您的消息没有保存。请过几分钟再发一次。"
	}
	return "系统出了点问题，这条没有办成。请稍后再试；一直不行请发“投诉建议：…”告诉局办公室。"
}
