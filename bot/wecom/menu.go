package wecom

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"duban/bot"
)

// Limits of the app's menu (document 90231).
const (
	maxMenuTop  = 3
	maxMenuSub  = 5
	maxTopName  = 16 // bytes
	maxSubName  = 40
	maxMenuKey  = 128
	menuMissing = "46003"
)

// MenuButton is an entry of the app's menu: one that sends its key when it is chosen, one
// that opens an address, or one with entries under it.
type MenuButton struct {
	Type string       `json:"type,omitempty"` // "click", "view" or "pic_photo_or_album"
	Name string       `json:"name"`
	Key  string       `json:"key,omitempty"`
	URL  string       `json:"url,omitempty"`
	Sub  []MenuButton `json:"sub_button,omitempty"`
}

type menu struct {
	Button []MenuButton `json:"button"`
}

func (c *Client) agentQuery() url.Values { return url.Values{"agentid": {strconv.Itoa(c.agentID)}} }

// SetMenu puts the menu in the place of the one there is.
func (c *Client) SetMenu(ctx context.Context, buttons []MenuButton) error {
	if err := menuFits(buttons); err != nil {
		return fail(bot.Permanent, "bad_request", err)
	}
	return said(c.ask(ctx, "/cgi-bin/menu/create", c.agentQuery(), menu{buttons}, nil))
}

// Menu returns the menu as the platform has it, nothing where there is none.
func (c *Client) Menu(ctx context.Context) ([]MenuButton, error) {
	var m menu
	err := c.ask(ctx, "/cgi-bin/menu/get", c.agentQuery(), nil, &m)
	if bot.CodeOf(err) == menuMissing {
		return nil, nil
	}
	return m.Button, said(err)
}

// ClearMenu takes the menu away.
func (c *Client) ClearMenu(ctx context.Context) error {
	return said(c.ask(ctx, "/cgi-bin/menu/delete", c.agentQuery(), nil, nil))
}

func menuFits(buttons []MenuButton) error {
	if n := len(buttons); n == 0 || n > maxMenuTop {
		return fmt.Errorf("a menu has 1 to %d entries, not %d", maxMenuTop, n)
	}
	for _, b := range buttons {
		if len(b.Name) > maxTopName || len(b.Sub) > maxMenuSub {
			return fmt.Errorf("entry %q has too long a name or too many entries", b.Name)
		}
		for _, one := range append([]MenuButton{b}, b.Sub...) {
			if one.Name == "" || len(one.Name) > maxSubName || len(one.Key) > maxMenuKey {
				return fmt.Errorf("entry %q has a name or key that does not fit", one.Name)
			}
			if len(one.Sub) == 0 && one.Key == "" && one.URL == "" {
				return errors.New("an entry does nothing")
			}
		}
	}
	return nil
}
