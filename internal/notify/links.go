package notify

import (
	"context"
	"fmt"

	"duban/bot"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/link"
	"duban/internal/org"
)

// LinkDesk gives links out; *link.Desk does it.
type LinkDesk interface {
	Give(ctx context.Context, person string, id int64) (token string, h hazard.Hazard, err error)
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
	token, h, err := l.Desk.Give(ctx, personID, id)
	if errs.Is(err, errs.NotFound) { // in the words of whatever else may not be seen
		err = org.Can(org.Actor{}, org.ViewHazard, org.Subject{Unit: "?"})
	}
	if err != nil {
		return bot.Document{}, err
	}
	return bot.Document{Words: fmt.Sprintf("%s 的照片也可以点开看，%d 分钟内有效，只在第一次打开它的浏览器里能看，请不要转发：\n%s/h/%s",
		h.Number(), int(link.Life.Minutes()), l.Public, token)}, nil
}
