package wecom

import (
	"cmp"
	"context"
	"net/url"
	"strconv"

	"duban/bot"
	"duban/internal/errs"
)

// Check reports whether the credentials yield an access token. The error carries a
// sentence for the operator.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.tokens.GetAccessTokenContext(ctx)
	return said(err)
}

// said gives an error the operator's sentence.
func said(err error) error {
	switch class := bot.ClassOf(err); class {
	case "":
		return nil
	case bot.Temporary, bot.Ambiguous:
		return errs.With(errs.Unavailable, "连不上企业微信，或它没有回话，请检查服务器的外网和接口地址（DUBAN_WECOM_API_BASE）。", err)
	default:
		return errs.With(errs.Invalid, cmp.Or(bot.AdviceOf(err), "企业微信不接受这组设置，请核对企业 ID、AgentId 和 Secret。"), err)
	}
}

// Agent is the app as the platform's console has it.
type Agent struct {
	Name        string
	Closed      bool // switched off in the console
	Nobody      bool // the visible range is empty
	EnterEvents bool // opening the app is reported
}

// Inspect asks the platform for the app (document 90227). Unlike the access token it is
// given to trusted addresses only. The error carries a sentence for the operator.
func (c *Client) Inspect(ctx context.Context) (Agent, error) {
	var a struct {
		Name  string `json:"name"`
		Users struct {
			User []any `json:"user"`
		} `json:"allow_userinfos"`
		Parties struct {
			ID []any `json:"partyid"`
		} `json:"allow_partys"`
		Tags struct {
			ID []any `json:"tagid"`
		} `json:"allow_tags"`
		Close int `json:"close"`
		Enter int `json:"isreportenter"`
	}
	err := c.ask(ctx, "/cgi-bin/agent/get", url.Values{"agentid": {strconv.Itoa(c.agentID)}}, nil, &a)
	if err != nil {
		return Agent{}, said(err)
	}
	return Agent{Name: a.Name, Closed: a.Close != 0, EnterEvents: a.Enter != 0,
		Nobody: len(a.Users.User)+len(a.Parties.ID)+len(a.Tags.ID) == 0}, nil
}
