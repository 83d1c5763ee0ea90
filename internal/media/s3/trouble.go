package s3

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"

	"duban/internal/errs"
	"duban/internal/media"
)

// trouble says what a failure means. Of what the store answered only the code and the
// status are kept: its texts may repeat keys and signatures.
func trouble(step string, err error) error {
	if err == nil {
		return nil
	}
	var answer minio.ErrorResponse
	if errors.As(err, &answer) {
		cause := fmt.Errorf("s3 %s: %s (HTTP %d)", step, answer.Code, answer.StatusCode)
		missing := answer.Code == minio.NoSuchKey || answer.Code == "NotFound"
		if missing && step == "put" { // there is nothing at that address that could take it
			return media.NewTrouble(media.StoreNoBucket, cause)
		}
		if missing {
			return errs.With(errs.NotFound, "照片找不到了。", cause)
		}
		return media.NewTrouble(reason(answer), cause)
	}
	var in *url.Error
	if errors.As(err, &in) { // without the address
		err = in.Err
	}
	var slow net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
		return media.NewTrouble(media.StoreSlow, fmt.Errorf("s3 %s: %w", step, err))
	}
	return media.NewTrouble(media.StoreAway, fmt.Errorf("s3 %s: %w", step, err))
}

func reason(answer minio.ErrorResponse) media.Reason {
	switch answer.Code {
	case minio.NoSuchBucket, "InvalidBucketName":
		return media.StoreNoBucket
	case "XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage":
		return media.StoreFull
	case "RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied", "AuthorizationHeaderMalformed":
		return media.StoreDenied
	}
	switch {
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden:
		return media.StoreDenied
	case answer.StatusCode == http.StatusInsufficientStorage:
		return media.StoreFull
	case answer.StatusCode == http.StatusRequestTimeout:
		return media.StoreSlow
	}
	return media.StoreBusy
}
