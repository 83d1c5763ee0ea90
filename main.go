// Command duban is a chatbot for supervised work and school safety in a district
// education bureau. See README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"duban/internal/errs"
)

// commit is set by the linker; a plain `go build` has the version control's.
var commit = ""

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := rootCommand().ExecuteContext(ctx); err != nil {
		if !errors.Is(err, errSaid) {
			fmt.Fprintln(os.Stderr, say(err))
		}
		os.Exit(1)
	}
}

// errSaid ends the program with code 1 after everything has been said already.
var errSaid = errors.New("said")

// say shows the sentence of a coded error and, for the operator, its cause.
func say(err error) string {
	var coded *errs.Error
	if errors.As(err, &coded) && coded.Say != "" {
		if coded.Err != nil {
			return coded.Say + "（" + coded.Err.Error() + "）"
		}
		return coded.Say
	}
	return err.Error()
}
