// Package stage is both fake platforms together, peopled from seed data and
// listening on loopback: what the demo and the scenario tests play duban on.
// duban reaches them through its ordinary configuration and they reach duban
// through its ordinary callbacks.
package stage

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
	"duban/seeds"
)

// The organisation as both platforms know it.
const (
	WeComCorp    = "wwdemo0000000000"
	DingTalkCorp = "dingdemo00000000"
	agentID      = 1000002
	// RobotName is how people mention the bot in a DingTalk group.
	RobotName = "督办助手"
)

// Stage is both platforms, running.
type Stage struct {
	WeCom    *simwecom.Server
	SmartBot *simwecom.Bot
	DingTalk *simdingtalk.Sim

	accounts map[string]map[bot.Platform]string // person -> user ids
	settings []string
	callback string
	base     string // of the fake WeCom
	servers  []*http.Server

	smart simwecom.BotConfig

	overStream bool // DingTalk hands messages over its stream
}

// Open starts both platforms with the accounts and groups of a seed set. All
// their credentials are made up for this one run.
func Open(set *seeds.Set, now func() time.Time) (*Stage, error) {
	s := &Stage{accounts: map[string]map[bot.Platform]string{}}
	var wecomUsers []string
	var dingUsers []simdingtalk.User
	names := map[string]string{}
	for _, p := range set.Persons {
		names[p.ID] = p.Name
	}
	for _, a := range set.Accounts {
		if s.accounts[a.Person] == nil {
			s.accounts[a.Person] = map[bot.Platform]string{}
		}
		s.accounts[a.Person][bot.Platform(a.Platform)] = a.UserID
		if bot.Platform(a.Platform) == bot.WeCom {
			wecomUsers = append(wecomUsers, a.UserID)
		} else {
			dingUsers = append(dingUsers, simdingtalk.User{ID: a.UserID, Name: names[a.Person]})
		}
	}
	if err := s.openWeCom(wecomUsers, groupsOn(set, bot.WeCom), now); err != nil {
		s.Close()
		return nil, err
	}
	if err := s.openDingTalk(dingUsers, groupsOn(set, bot.DingTalk), now); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func groupsOn(set *seeds.Set, platform bot.Platform) []seeds.Group {
	var out []seeds.Group
	for _, g := range set.Groups {
		if bot.Platform(g.Platform) == platform {
			out = append(out, g)
		}
	}
	return out
}

func (s *Stage) openWeCom(users []string, groups []seeds.Group, now func() time.Time) error {
	keys, hooks := map[string]string{}, []string{}
	for _, g := range groups {
		key := rand.Text()
		keys[key] = g.ID
		hooks = append(hooks, g.Ref+"="+key)
	}
	cfg := simwecom.Config{CorpID: WeComCorp, AgentID: agentID, Secret: rand.Text(), Token: rand.Text(), EncodingAESKey: aesKey(),
		Users: users, WebhookKeys: keys, Now: now}
	server, err := simwecom.New(cfg)
	if err != nil {
		return fmt.Errorf("open fake wecom: %w", err)
	}
	s.WeCom = server
	smart := simwecom.BotConfig{BotID: "aib" + rand.Text(), Name: RobotName, CorpID: WeComCorp, Secret: rand.Text(), Token: rand.Text(), EncodingAESKey: aesKey(), Now: now}
	if s.SmartBot, err = simwecom.NewBot(smart, server); err != nil {
		return fmt.Errorf("open fake smart bot: %w", err)
	}
	s.smart = smart
	mux := http.NewServeMux()
	mux.Handle("/", server)
	mux.Handle("/cgi-bin/aibot/", s.SmartBot)
	mux.Handle("/aibot/", s.SmartBot)
	base, err := s.listen(mux)
	if err != nil {
		return err
	}
	s.SmartBot.SetBaseURL(base)
	s.base = base
	s.set("WECOM_CORP_ID", cfg.CorpID, "WECOM_AGENT_ID", fmt.Sprint(cfg.AgentID), "WECOM_SECRET", cfg.Secret, "WECOM_TOKEN", cfg.Token,
		"WECOM_ENCODING_AES_KEY", cfg.EncodingAESKey, "WECOM_API_BASE", base, "WECOM_LOGIN_BASE", base, "WECOM_SCAN_BASE", base, "WECOM_WEBHOOKS", strings.Join(hooks, ","))
	return nil
}

func (s *Stage) openDingTalk(users []simdingtalk.User, groups []seeds.Group, now func() time.Time) error {
	cfg := simdingtalk.Config{ClientID: "ding" + strings.ToLower(rand.Text()[:12]), ClientSecret: rand.Text(), RobotName: RobotName,
		CorpID: DingTalkCorp, Users: users, Now: now, EventToken: rand.Text(), EventAESKey: aesKey()}
	var hooks []string
	for _, g := range groups {
		conversation := g.Ref
		if g.Via == "webhook" {
			conversation = g.ID
			token := rand.Text()
			hooks = append(hooks, g.Ref+"="+token)
			cfg.Webhooks = append(cfg.Webhooks, simdingtalk.Webhook{Token: token, ConversationID: conversation})
		}
		cfg.Groups = append(cfg.Groups, simdingtalk.Group{ConversationID: conversation, Title: g.Name})
	}
	s.DingTalk = simdingtalk.New(cfg)
	base, err := s.listen(s.DingTalk)
	if err != nil {
		return err
	}
	s.DingTalk.SetBaseURL(base)
	s.set("DINGTALK_CLIENT_ID", cfg.ClientID, "DINGTALK_CLIENT_SECRET", cfg.ClientSecret, "DINGTALK_CORP_ID", cfg.CorpID,
		"DINGTALK_API_BASE", base, "DINGTALK_OAPI_BASE", base, "DINGTALK_LOGIN_BASE", base, "DINGTALK_WEBHOOKS", strings.Join(hooks, ","),
		"DINGTALK_EVENT_TOKEN", cfg.EventToken, "DINGTALK_EVENT_AES_KEY", cfg.EventAESKey)
	return nil
}

func (s *Stage) listen(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("open fake platform: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	go func() { _ = server.Serve(l) }()
	return "http://" + l.Addr().String(), nil
}

func (s *Stage) set(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		s.settings = append(s.settings, "DUBAN_"+pairs[i]+"="+pairs[i+1])
	}
}

func aesKey() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return strings.TrimRight(base64.StdEncoding.EncodeToString(raw), "=")
}

// Environ returns the settings with which duban talks to these platforms.
func (s *Stage) Environ() []string { return append([]string(nil), s.settings...) }

// CallTo tells where duban listens, such as http://127.0.0.1:8080.
func (s *Stage) CallTo(base string) { s.callback = strings.TrimRight(base, "/") }

// UseSmartBot sets WeCom's smart bot up, by callback or over its long connection.
func (s *Stage) UseSmartBot(socket bool) {
	if !socket {
		s.set("WECOM_BOT_ID", s.smart.BotID, "WECOM_BOT_TOKEN", s.smart.Token, "WECOM_BOT_ENCODING_AES_KEY", s.smart.EncodingAESKey)
		return
	}
	s.set("WECOM_BOT_ID", s.smart.BotID, "WECOM_BOT_SECRET", s.smart.Secret, "WECOM_BOT_MODE", "websocket",
		"WECOM_BOT_WS_URL", strings.Replace(s.base, "http", "ws", 1)+"/aibot/ws")
}

// SmartBotCallback is the smart bot's address.
func (s *Stage) SmartBotCallback() string { return s.callback + "/callback/wecom/bot" }

// WeComCallback and DingTalkCallback are the addresses duban is called at.
func (s *Stage) WeComCallback() string { return s.callback + "/callback/wecom/app" }

// DingTalkCallback is the robot's address.
func (s *Stage) DingTalkCallback() string { return s.callback + "/callback/dingtalk/robot" }

// DingTalkEventCallback is the address of the event subscription.
func (s *Stage) DingTalkEventCallback() string { return s.callback + "/callback/dingtalk/event" }

// UseStream makes DingTalk hand messages over its stream, where no callback can be
// reached. Answers then come as messages of their own.
func (s *Stage) UseStream() {
	s.overStream = true
	s.set("DINGTALK_MODE", "stream")
}

// UseLogins registers the pages of an address in both consoles.
func (s *Stage) UseLogins(public string) {
	s.WeCom.TrustDomain(strings.TrimPrefix(strings.TrimPrefix(public, "https://"), "http://"))
	s.DingTalk.RegisterPages(public + "/login/dingtalk/back")
	s.set("PAGES_LOGIN", "wecom,dingtalk")
}

// LogIn says who uses the browsers from now on, on both platforms.
func (s *Stage) LogIn(person string) {
	s.WeCom.LogIn(s.accounts[person][bot.WeCom], true)
	s.DingTalk.LogIn(s.accounts[person][bot.DingTalk], "")
}

// UserID returns a person's user id on a platform.
func (s *Stage) UserID(person string, platform bot.Platform) (string, bool) {
	id, ok := s.accounts[person][platform]
	return id, ok
}

// Close stops both platforms.
func (s *Stage) Close() {
	if s.DingTalk != nil {
		s.DingTalk.DropStreams()
	}
	if s.SmartBot != nil {
		s.SmartBot.DropSocket()
	}
	for _, server := range s.servers {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		cancel()
	}
}
