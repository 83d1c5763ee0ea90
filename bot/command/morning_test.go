package command

import (
	"testing"

	"duban/bot/render"
)

// What a number and one word mean depends on what the entry asks for.
func TestInOneWord(t *testing.T) {
	work, hazard := Listed{Code: "22-3", ID: 7}, Listed{Hazard: 56}
	asks := func(l Listed, what string) Listed { l.Asks = what; return l }
	for _, c := range []struct {
		entry       Listed
		words, want string
	}{
		{asks(work, render.AsksWish), "同意", "同意延期 22-3"},
		{asks(work, render.AsksWish), " 不同意。", "不同意延期 22-3"},
		{asks(work, render.AsksWish), "查", "查 22-3"},
		{asks(work, render.AsksReview), "同意", "同意办结 22-3"},
		{asks(work, render.AsksReview), "退回", "退回 22-3"},
		{asks(work, render.AsksUrge), "催", "催办 22-3"},
		{asks(work, render.AsksUrge), "同意", "22-3 同意"},
		{asks(hazard, render.AsksUrge), "催办", "催办 隐患56"},
		{asks(hazard, render.AsksLook), "看", "查 隐患56"},
		{asks(work, render.AsksLook), "60%", "22-3 60%"},
		{work, "催办", "22-3 催办"},
		{asks(work, render.AsksWish), "同意，但要抓紧", "22-3 同意，但要抓紧"},
	} {
		if got := inOneWord(c.entry, c.words); got != c.want {
			t.Errorf("%+v, %q: %q, want %q", c.entry, c.words, got, c.want)
		}
	}
}
