package notify

import (
	"context"

	"duban/bot"
	"duban/internal/link"
	"duban/internal/place"
)

// Papers makes each sort of document where it is made. It implements Documents.
type Papers struct {
	Ledgers Documents
	Sheets  Documents // codes to print
	Photos  Documents // a hazard's photos
	Links   Documents // to the page with a hazard's photos
	Notices Documents // notices to mend a hazard
}

// Make implements Documents.
func (p Papers) Make(ctx context.Context, personID, request string) (bot.Document, error) {
	switch {
	case place.IsSheet(request):
		return p.Sheets.Make(ctx, personID, request)
	case link.IsPhotos(request):
		return p.Photos.Make(ctx, personID, request)
	case link.IsPage(request):
		return p.Links.Make(ctx, personID, request)
	case link.IsNotice(request):
		return p.Notices.Make(ctx, personID, request)
	}
	return p.Ledgers.Make(ctx, personID, request)
}
