package simwecom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// botCard is a card of the smart bot as those who have it see it.
type botCard struct {
	place
	all  card
	some map[string]card // by user, where theirs was changed alone
}

// BotPress is a button that was pressed.
type BotPress struct{ Task, Key, Kind string }

// event is what is told of a press (document 101027).
func (p *BotPress) event() map[string]any {
	return map[string]any{"eventtype": "template_card_event",
		"template_card_event": map[string]any{"card_type": p.Kind, "event_key": p.Key, "task_id": p.Task}}
}

// showCard takes a new card: its task id is its own for ever.
func (b *Bot) showCard(at place, c *card) (*Sent, error) {
	if err := b.sound(c); err != nil {
		return nil, err
	}
	b.mu.Lock()
	if b.cards[c.TaskID] != nil {
		b.mu.Unlock()
		return nil, errors.New("fake smart bot: task_id is used already")
	}
	b.cards[c.TaskID] = &botCard{place: at, all: *c, some: map[string]card{}}
	b.mu.Unlock()
	s := b.shown(at, "template_card", c.text())
	s.TaskID, s.Buttons = c.TaskID, c.Buttons
	b.out.record(s)
	return &s, nil
}

func (b *Bot) sound(c *card) error {
	if c == nil || c.Type != "button_interaction" {
		return errors.New("fake smart bot: no card with buttons")
	}
	if bad := c.wrong(); bad != nil {
		return fmt.Errorf("fake smart bot: %s", bad.body)
	}
	return nil
}

func (c card) text() string {
	return strings.TrimSpace(c.Title.Title + "\n" + strings.TrimSpace(c.Title.Desc+"\n"+c.SubTitle))
}

// update changes the card that was pressed: under its own task id, and in groups for named
// users alone where some are named (document 101031).
func (b *Bot) update(in BotIncoming, m botBody) (*Sent, error) {
	if m.ResponseType != "update_template_card" || m.MsgType != "" {
		return nil, fmt.Errorf("fake smart bot: a press takes the update of its card and no %q", m.MsgType)
	}
	if err := b.sound(m.Card); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	had := b.cards[m.Card.TaskID]
	switch {
	case m.Card.TaskID != in.Press.Task || had == nil:
		return nil, errors.New("fake smart bot: the update of another card")
	case len(m.UserIDs) > 0 && !had.group:
		return nil, errors.New("fake smart bot: userids are for groups")
	case len(m.UserIDs) == 0:
		had.all, had.some = *m.Card, map[string]card{}
	}
	for _, u := range m.UserIDs {
		had.some[u] = *m.Card
	}
	s := b.shown(had.place, "update_template_card", m.Card.text())
	s.TaskID, s.Buttons = m.Card.TaskID, m.Card.Buttons
	return &s, nil
}

// CardOf is how a user sees a card now.
func (b *Bot) CardOf(task, user string) (text string, buttons []CardButton) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.cards[task].seenBy(user)
	return c.text(), slices.Clone(c.Buttons)
}

func (c *botCard) seenBy(user string) card {
	if c == nil {
		return card{}
	}
	if own, ok := c.some[user]; ok {
		return own
	}
	return c.all
}

// PressOf is the event of a user pressing the button with this label, on the card as it is
// seen now.
func (b *Bot) PressOf(on Sent, user, label string) (BotIncoming, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	had := b.cards[on.TaskID]
	c := had.seenBy(user)
	for _, button := range c.Buttons {
		if button.Text != label {
			continue
		}
		in := BotIncoming{User: user, Event: "template_card_event", Press: &BotPress{on.TaskID, button.Key, c.Type}}
		if had.group {
			in.Group = had.to
		}
		return in, nil
	}
	return BotIncoming{}, fmt.Errorf("fake smart bot: no button %q on the card", label)
}
