package media

import (
	"context"
	"fmt"
	"io"

	"duban/internal/errs"
)

// Objects keeps bytes under keys like "s-wenchang/ab/ab12…": a folder, or a store
// that speaks S3. Failures of the store itself are a *Trouble.
type Objects interface {
	// Put stores the bytes whole or not at all, also where they are already.
	Put(ctx context.Context, key string, data []byte) error
	// Get returns the bytes, errs.NotFound if there are none.
	Get(ctx context.Context, key string) (io.ReadCloser, error)
	// Stat returns the size, errs.NotFound if there are none.
	Stat(ctx context.Context, key string) (int64, error)
	// Delete removes the bytes; what is not there is no error.
	Delete(ctx context.Context, key string) error
}

// Reason names what is wrong with a store.
type Reason string

// The reasons. All of them pass or can be mended: what could not be kept is tried
// again later.
const (
	StoreAway     Reason = "store_away"      // not to be reached
	StoreSlow     Reason = "store_timeout"   // no answer in time
	StoreBusy     Reason = "store_busy"      // it says that it cannot now
	StoreDenied   Reason = "store_denied"    // wrong key, or no right to do this
	StoreNoBucket Reason = "store_no_bucket" // the place itself is not there
	StoreFull     Reason = "store_full"
	StoreStrange  Reason = "store_strange" // looks like another place than before
)

// Trouble is a failure of the store, not of what was to be stored.
type Trouble struct {
	Reason Reason
	Err    error
}

// Error returns the operator's text.
func (t *Trouble) Error() string { return fmt.Sprintf("%s: %v", t.Reason, t.Err) }

// Unwrap returns the cause.
func (t *Trouble) Unwrap() error { return t.Err }

// NewTrouble says that a store failed, with the sentence that tells the operator
// what to look at.
func NewTrouble(r Reason, cause error) error {
	say := map[Reason]string{
		StoreAway:     "照片存储连不上，请检查地址、网络和它是否在运行",
		StoreSlow:     "照片存储没有及时应答，请看它是否太忙或网络不通",
		StoreBusy:     "照片存储正忙或出错（5xx），请稍后再看；一直这样请找存储的管理员",
		StoreDenied:   "照片存储拒绝访问，请核对密钥、权限和本机时间",
		StoreNoBucket: "照片存储里没有这个桶或文件夹，请核对名称，或先把它建好",
		StoreFull:     "照片存储满了，请清理或扩容",
		StoreStrange:  "照片存储里一张也找不到，像是换了地方，请核对设置和挂载",
	}[r]
	return errs.With(errs.Unavailable, say, &Trouble{r, cause})
}
