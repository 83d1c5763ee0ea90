package wecom

import "errors"

// ErrRejected is all that a caller of the callback may learn: not ours, damaged
// and forged look alike, so the answer is no oracle. Test with errors.Is; the
// reason for the operator's log comes from RejectReason.
var ErrRejected = errors.New("wecom: callback rejected")

// rejection carries the reason beside the uniform text.
type rejection struct{ reason string }

func (*rejection) Error() string        { return ErrRejected.Error() }
func (*rejection) Is(target error) bool { return target == ErrRejected }

func reject(reason string) error { return &rejection{reason: reason} }

// RejectReason returns the short stable word for why a callback was refused
// (such as "signature" or "padding"), for logs and metrics only. It is "" for
// other errors.
func RejectReason(err error) string {
	var r *rejection
	if errors.As(err, &r) {
		return r.reason
	}
	return ""
}
