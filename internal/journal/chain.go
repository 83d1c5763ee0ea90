package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban/internal/errs"
)

// Seal links one line to all that were sealed before it. Seals are numbered from
// 1 without gaps, in the order of sealing, which need not be that of the lines.
type Seal struct {
	Number int64
	Line   int64  // id of the line
	Prev   string // hash of the seal before, "" for the first
	Hash   string
}

// Head is where the chain ends; Number 0: nothing is sealed yet. Floor is the id
// up to which no line may be missing any more.
type Head struct {
	Number int64
	Hash   string
	Floor  int64
}

// String is the form in which an operator notes a head: "1204:9f86d0…".
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Number, h.Hash) }

// ParseHead reads what String wrote.
func ParseHead(s string) (Head, error) {
	number, hash, _ := strings.Cut(strings.TrimSpace(s), ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if raw, bad := hex.DecodeString(hash); err != nil || bad != nil || n < 1 || len(raw) != sha256.Size {
		return Head{}, errs.New(errs.Invalid, "链头要写成“封号:哈希”，照 duban journal head 显示的那一行抄")
	}
	return Head{Number: n, Hash: strings.ToLower(hash)}, nil
}

// Link seals a line behind prev. The hash covers every field of the line as it
// is stored, the seal's number and the hash before it.
func Link(prev Seal, e Entry) Seal {
	s := Seal{Number: prev.Number + 1, Line: e.ID, Prev: prev.Hash}
	sum := sha256.Sum256([]byte(canonical(s, e)))
	s.Hash = hex.EncodeToString(sum[:])
	return s
}

// canonical writes the fields with their lengths, so that no two lines read the
// same. It begins with a version and never changes once seals exist.
func canonical(s Seal, e Entry) string {
	var b strings.Builder
	for _, field := range []string{"duban-journal-1", number(s.Number), s.Prev, number(e.ID), number(millis(e.At)), e.Actor, e.Channel,
		string(e.Subject.Kind), number(e.Subject.ID), e.Action, e.Before, e.After, e.Note} {
		b.WriteString(strconv.Itoa(len(field)))
		b.WriteByte(':')
		b.WriteString(field)
		b.WriteByte(',')
	}
	return b.String()
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
