package wecom

import (
	"fmt"
	"time"
)

// TextReply returns the inner XML of a passive text reply from corp to the user
// (document 90241). Text beyond MaxText is cut on a character boundary and ends
// in "…"; callers with more to say take Parts, answer with the first and send
// the rest as messages.
func TextReply(to, corp string, now time.Time, text string) []byte {
	return fmt.Appendf(nil,
		"<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime>"+
			"<MsgType><![CDATA[text]]></MsgType><Content>%s</Content></xml>",
		cdata(to), cdata(corp), now.Unix(), cdata(clip(legible(text), MaxText)))
}
