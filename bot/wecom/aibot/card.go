package aibot

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"duban/bot"
	"duban/bot/wecom"
)

// spentKey is the key of the button that a card keeps when its question is answered: a card
// of the smart bot cannot be without one, and its buttons cannot be switched off (document
// 101032).
const spentKey = "duban-spent"

// taskOf is the task id of the card that answers m: the same for every try, and telling who
// was asked.
func taskOf(m Message) string { return wecom.TaskID(m.ID) + "-" + mark(m.UserID) }

// askedBy reports whether a card answers this person.
func askedBy(task, user string) bool { return strings.HasSuffix(task, "-"+mark(user)) }

func mark(user string) string {
	sum := sha256.Sum256([]byte(user))
	return hex.EncodeToString(sum[:6])
}

// pressed is the card that takes the place of the one that was pressed, under the same task
// id, and what does not fit on it. In a group it changes for everybody when the one who was
// asked presses it, and for who pressed it alone otherwise.
func pressed(m Message, r bot.Reply) (body Body, rest bot.Reply) {
	card, fits := wecom.CardOf(r, m.Task)
	if !fits {
		card, fits = wecom.SpentCard(r, m.Task, m.EventKey, spentKey)
	}
	body = Body{Update: "update_template_card", Card: &card}
	if m.Chat.Kind == bot.Group && !askedBy(m.Task, m.UserID) {
		body.UserIDs = []string{m.UserID}
	}
	if !fits {
		rest = r
	}
	return body, rest
}
