package phone

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/internal/errs"
)

// Limits of one message.
const (
	maxBody   = 12 << 20
	maxPhotos = 9
	maxRunes  = 4000
)

// form is a message as the page posts it.
type form struct {
	person, platform, group, text string
	photos                        []Photo
}

func (p *Page) send(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBody)
	f, err := readForm(c.Request)
	if err != nil {
		failForm(c, err)
		return
	}
	st, err := p.world.State(c.Request.Context())
	if err != nil {
		fail(c, errs.At("demo state", err))
		return
	}
	m, who, err := check(f, st)
	if err != nil {
		fail(c, err)
		return
	}
	seq := p.feed.Publish(p.ownLine(m, who, st.Now))
	if m.Group != "" && !mentions(m.Text, st.Bot) {
		// Neither platform hands group chatter to a robot nobody spoke to.
		p.notice(m, st.Now, "没有 @"+st.Bot+"，机器人收不到这句话。")
		c.JSON(http.StatusOK, gin.H{"seq": seq})
		return
	}
	if err := p.world.Send(c.Request.Context(), m); err != nil {
		p.notice(m, st.Now, "上一条没有送到："+errs.Say(err))
		fail(c, errs.At("demo send", err))
		return
	}
	p.feed.Moved() // the plan may have changed
	c.JSON(http.StatusOK, gin.H{"seq": seq})
}

func failForm(c *gin.Context, err error) {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		err = errs.New(errs.Invalid, "照片一共不能超过 12 MB。请少发几张，或者发小一点的照片。")
		c.AbortWithStatusJSON(http.StatusRequestEntityTooLarge, gin.H{"error": errs.Say(err), "code": errs.Invalid})
		return
	}
	fail(c, err)
}

// readForm reads the multipart body part by part; nothing goes to disk.
func readForm(r *http.Request) (form, error) {
	var f form
	parts, err := r.MultipartReader()
	if err != nil {
		return f, badForm(err)
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return f, nil
		}
		if err != nil {
			return f, badForm(err)
		}
		if err := f.take(part); err != nil {
			return f, err
		}
	}
}

func (f *form) take(part *multipart.Part) error {
	data, err := io.ReadAll(part)
	if err != nil {
		return badForm(err)
	}
	switch part.FormName() {
	case "person":
		f.person = string(data)
	case "platform":
		f.platform = string(data)
	case "group":
		f.group = string(data)
	case "text":
		f.text = string(data)
	case "photo":
		return f.addPhoto(data)
	}
	return nil
}

// badForm keeps the size limit's own error recognisable.
func badForm(err error) error {
	return errs.With(errs.Invalid, "这条消息没有传完整。请再发一次。", err)
}

func (f *form) addPhoto(data []byte) error {
	if len(f.photos) == maxPhotos {
		return errs.Newf(errs.Invalid, "一次最多发 %d 张照片。请分两次发。", maxPhotos)
	}
	switch kind := http.DetectContentType(data); kind {
	case "image/jpeg", "image/png", "image/webp", "image/gif":
		f.photos = append(f.photos, Photo{ContentType: kind, Data: data})
		return nil
	}
	return errs.New(errs.Invalid, "只能发照片（JPG、PNG、WebP 或 GIF）。请换一张。")
}

// check turns a form into a request that the World can rely on.
func check(f form, st State) (SendRequest, Person, error) {
	m := SendRequest{Person: f.person, Platform: bot.Platform(f.platform), Group: f.group, Text: strings.TrimSpace(f.text), Photos: f.photos}
	who, ok := find(st.People, func(p Person) bool { return p.ID == f.person })
	if !ok {
		return m, who, errs.New(errs.NotFound, "没有这个人。请重新选择一位。")
	}
	if m.UserID, ok = who.On(m.Platform); !ok {
		return m, who, errs.New(errs.NotFound, who.Name+"在这个平台上没有账号。请换一个平台。")
	}
	if m.Group != "" {
		g, ok := find(st.Groups, func(g Group) bool { return g.ID == m.Group && g.Platform == m.Platform })
		if !ok || !g.Has(who.ID) {
			return m, who, errs.New(errs.NotFound, who.Name+"不在这个群里。请换一个群。")
		}
	}
	return m, who, checkText(m)
}

func checkText(m SendRequest) error {
	switch {
	case m.Text == "" && len(m.Photos) == 0:
		return errs.New(errs.Invalid, "请先写点什么，或者选一张照片。")
	case !utf8.ValidString(m.Text):
		return errs.New(errs.Invalid, "这段文字的编码不对。请重新输入。")
	case utf8.RuneCountInString(m.Text) > maxRunes:
		return errs.Newf(errs.Invalid, "一条消息最多 %d 个字。请分几条发。", maxRunes)
	}
	return nil
}

func find[T any](all []T, is func(T) bool) (found T, ok bool) {
	for _, v := range all {
		if is(v) {
			return v, true
		}
	}
	return found, false
}

func mentions(text, name string) bool { return name != "" && strings.Contains(text, "@"+name) }

// ownLine is the person's message as the chats show it.
func (p *Page) ownLine(m SendRequest, who Person, now time.Time) Entry {
	e := Entry{At: now, Platform: m.Platform, Person: m.Person, Group: m.Group, From: who.Name, Text: m.Text}
	for _, ph := range m.Photos {
		e.Images = append(e.Images, "/demo/api/photo/"+p.photos.put(kept{kind: ph.ContentType, data: ph.Data}))
	}
	return e
}

func (p *Page) notice(m SendRequest, now time.Time, text string) {
	p.feed.Publish(Entry{At: now, Platform: m.Platform, Person: m.Person, Group: m.Group, Notice: true, Text: text})
}
