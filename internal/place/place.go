// Package place is the places of a school that carry a code to scan (二维码): which
// there are, how a code is typed, and what is filed through one.
package place

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"duban/internal/errs"
)

// Place is a spot of a unit with a code on its wall. Token stands in the address that
// the code holds, Code is what people type; both stay as long as the place does, since
// what hangs on a wall cannot be changed from here.
type Place struct {
	ID        int64
	UnitID    string
	Name      string
	Code      string
	Token     string
	CreatedBy string
	CreatedAt time.Time
	StoppedAt time.Time // zero while in use
}

// Active reports whether something can be filed through the place.
func (p Place) Active() bool { return p.StoppedAt.IsZero() }

// Again returns the place in use once more.
func (p Place) Again() Place {
	p.StoppedAt = time.Time{}
	return p
}

// maxName bounds a name, in runes: it is a hazard's location and is printed in large.
const maxName = 40

// New returns a place with a fresh token. The code is only probably new: who stores it
// tries others with Try.
func New(unit, name, by string, now time.Time) (Place, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxName {
		return Place{}, errs.Newf(errs.Invalid, "请写地点名称，最多 %d 字，例如“生成二维码 实验楼二楼走廊”。", maxName)
	}
	return Place{UnitID: unit, Name: name, Token: rand.Text(), CreatedBy: by, CreatedAt: now}.Try(0), nil
}

// The signs of a code leave out what is read for something else: I, O, L, S, Z, B; 0, 1.
const (
	letters = "ACDEFGHJKMNPQRTUVWXY"
	digits  = "23456789"
)

// Try gives the place its n-th choice of a code: letter, digit, letter, digit, which are
// 25 600 and hardly ever a word. It follows from unit and name, so that the same place
// gets the same code again. It is no secret: it hangs on the wall.
func (p Place) Try(n int) Place {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d", p.UnitID, p.Name, n))
	p.Code = string([]byte{letters[int(sum[0])%len(letters)], digits[int(sum[1])%len(digits)], letters[int(sum[2])%len(letters)], digits[int(sum[3])%len(digits)]})
	return p
}

// Book keeps places.
type Book interface {
	AddPlace(ctx context.Context, p Place) (_ Place, fresh bool, err error)
}

// Add stores a new place under the first of its codes that is free.
func Add(ctx context.Context, b Book, p Place) (Place, error) {
	for n := range 20 {
		added, fresh, err := b.AddPlace(ctx, p.Try(n))
		if err != nil || fresh {
			return added, err
		}
	}
	return p, errs.New(errs.Conflict, "编号用完了，没有生成。请换一个地点名称再试。")
}

// codeRe finds a code within a sentence, not within a longer number or word.
var codeRe = regexp.MustCompile(`(?i)(^|[^0-9a-z.\-])@?([` + letters + `][2-9][` + letters + `][2-9])($|[^0-9a-z.\-])`)

// Typed finds the code that somebody typed. rest is the sentence without it.
func Typed(text string) (code, rest string, ok bool) {
	at := codeRe.FindStringSubmatchIndex(text)
	if at == nil {
		return "", text, false
	}
	before := strings.TrimRight(strings.TrimSuffix(text[:at[4]], "@"), " ")
	after := strings.TrimLeft(text[at[5]:], " ，,：:")
	return strings.ToUpper(text[at[4]:at[5]]), strings.TrimSpace(emptied.ReplaceAllString(before+" "+after, "")), true
}

// emptied are brackets that held nothing but the code.
var emptied = regexp.MustCompile(`[（(【\[]\s*[）)】\]]`)

// Sentence is what a person is shown to paste into the chat.
func (p Place) Sentence() string { return "报隐患 @" + p.Code + " " }

// Address is what the code on the wall holds: the small page, or without a public
// address the code as it is typed.
func (p Place) Address(public string) string {
	if public == "" {
		return strings.TrimSpace(p.Sentence())
	}
	return public + "/q/" + p.Token
}
