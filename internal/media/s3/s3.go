// Package s3 keeps objects in a store that speaks S3: MinIO, Ceph, the clouds.
package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"duban/internal/errs"
)

// Options say where the bucket is and how to get in.
type Options struct {
	Endpoint  string // http:// or https:// and the host
	Bucket    string
	Region    string
	AccessKey string
	Secret    string
	Style     Style
	Timeout   time.Duration // of one call; default 30 s
}

// Style says where the bucket's name stands in an address.
type Style string

// The styles.
const (
	Auto Style = "auto" // as is usual with the provider that the endpoint's name tells
	Path Style = "path" // behind the host: MinIO, Ceph
	Host Style = "host" // in front of it: most clouds
)

// Objects implements media.Objects.
type Objects struct {
	core    *minio.Core
	bucket  string
	timeout time.Duration
}

// tries bounds how often one call asks; the rest is the caller's to try later.
const tries = 3

// Open returns the objects of a bucket. It asks nothing yet.
func Open(o Options) (*Objects, error) {
	u, err := url.Parse(o.Endpoint)
	if err != nil || u.Host == "" {
		return nil, errs.New(errs.Invalid, "照片存储的地址不对，请检查 DUBAN_MEDIA_S3_ENDPOINT。")
	}
	lookup := map[Style]minio.BucketLookupType{Path: minio.BucketLookupPath, Host: minio.BucketLookupDNS}[o.Style]
	core, err := minio.NewCore(u.Host, &minio.Options{Creds: credentials.NewStaticV4(o.AccessKey, o.Secret, ""), Secure: u.Scheme == "https",
		Region: o.Region, BucketLookup: lookup, MaxRetries: tries, Transport: transport()})
	if err != nil {
		return nil, errs.With(errs.Invalid, "照片存储的设置不对，请检查 DUBAN_MEDIA_S3_… 各项。", err)
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	return &Objects{core, o.Bucket, o.Timeout}, nil
}

// transport gives up early on a host that does not answer.
func transport() *http.Transport {
	return &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, TLSHandshakeTimeout: 5 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second, MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute}
}

// Put implements media.Objects. The digest is sent along, so that what arrives
// damaged is refused there; that it is known beforehand spares the chunked form of
// signing, which not every store understands.
func (o *Objects) Put(ctx context.Context, key string, data []byte) error {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	sum := sha256.Sum256(data)
	_, err := o.core.PutObject(ctx, o.bucket, key, bytes.NewReader(data), int64(len(data)), "", hex.EncodeToString(sum[:]),
		minio.PutObjectOptions{ContentType: "application/octet-stream", DisableContentSha256: true})
	return trouble("put", err)
}

// Get implements media.Objects. The time-out ends with the last byte.
func (o *Objects) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	r, _, _, err := o.core.GetObject(ctx, o.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		cancel()
		return nil, trouble("get", err)
	}
	return &body{r, cancel}, nil
}

// Stat implements media.Objects.
func (o *Objects) Stat(ctx context.Context, key string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	info, err := o.core.StatObject(ctx, o.bucket, key, minio.StatObjectOptions{})
	return info.Size, trouble("stat", err)
}

// Delete implements media.Objects.
func (o *Objects) Delete(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	err := trouble("delete", o.core.RemoveObject(ctx, o.bucket, key, minio.RemoveObjectOptions{}))
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

// body ends its call when it is closed.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = trouble("read", err)
	}
	return n, err
}

// Close implements io.Closer.
func (b *body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
