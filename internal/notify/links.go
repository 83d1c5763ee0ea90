package notify

import (
	"context"
	"fmt"

	"duban/bot"
	"duban/internal/errs"
	"duban/internal/link"
	"duban/internal/org"
)

// LinkDesk gives links out; *link.Desk does it.
type LinkDesk interface {
	Give(ctx context.Context, person string, id int64) (link.Given, error)
}

// Links makes the links that people ask for, at the moment they leave: none is ever
// written down. It implements Documents.
type Links struct {
	Desk   LinkDesk
	Public string // the address in front of the pages
}

// Make implements Documents.
func (l Links) Make(ctx context.Context, personID, request string) (bot.Document, error) {
	id, err := link.UnpackPage(request)
	if err != nil {
		return bot.Document{}, err
	}
	given, err := l.Desk.Give(ctx, personID, id)
	if errs.Is(err, errs.NotFound) { // in the words of whatever else may not be seen
		err = org.Can(org.Actor{}, org.ViewHazard, org.Subject{Unit: "?"})
	}
	if err != nil {
		return bot.Document{}, err
	}
	who := "只在第一次打开它的浏览器里能看"
	if given.Login {
		who = "登录后只有您本人能看"
	}
	return bot.Document{Words: fmt.Sprintf("%s 的照片也可以点开看，%d 分钟内有效，%s，请不要转发：\n%s/h/%s",
		given.Hazard.Number(), int(link.Life.Minutes()), who, l.Public, given.Token)}, nil
}
