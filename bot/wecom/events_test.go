package wecom

import (
	"strings"
	"testing"
)

// Every event of document 90240 is a message with its name and key, whatever else it
// brings; what is nested in it is not taken for the message's own.
func TestDecodeEveryEvent(t *testing.T) {
	const place = "<SendLocationInfo><Location_X>28.5</Location_X><Location_Y>112.3</Location_Y><Scale>15</Scale><Label>某处</Label><Poiname></Poiname></SendLocationInfo>"
	const photos = "<SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>1b5f7c23b5bf75682a53e7b6d163e185</PicMd5Sum></item></PicList></SendPicsInfo>"
	const scan = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>"
	for _, tt := range []struct{ name, fields, event, key string }{
		{"subscribe", "<EventKey></EventKey>", "subscribe", ""},
		{"unsubscribe", "<EventKey></EventKey>", "unsubscribe", ""},
		{"enter_agent", "<EventKey></EventKey>", "enter", ""},
		{"click", "<EventKey>我的任务</EventKey>", "click", "我的任务"},
		{"view", "<EventKey>https://example.com/</EventKey>", "view", "https://example.com/"},
		{"view_miniprogram", "<EventKey>pages/index</EventKey>", "view_miniprogram", "pages/index"},
		{"scancode_push", "<EventKey>k</EventKey>" + scan, "scancode_push", "k"},
		{"scancode_waitmsg", "<EventKey>k</EventKey>" + scan, "scancode_waitmsg", "k"},
		{"pic_sysphoto", "<EventKey>k</EventKey>" + photos, "pic_sysphoto", "k"},
		{"pic_photo_or_album", "<EventKey>k</EventKey>" + photos, "pic_photo_or_album", "k"},
		{"pic_weixin", "<EventKey>k</EventKey>" + photos, "pic_weixin", "k"},
		{"location_select", "<EventKey>k</EventKey>" + place + "<AppType>wxwork</AppType>", "location_select", "k"},
		{"template_card_event", "<EventKey>签收 22-3</EventKey><TaskId>T</TaskId><CardType>button_interaction</CardType><ResponseCode>R</ResponseCode>" +
			"<SelectedItems><SelectedItem><QuestionKey>q</QuestionKey><OptionIds><OptionId>1</OptionId></OptionIds></SelectedItem></SelectedItems>", "click", "签收 22-3"},
		{"template_card_menu_event", "<EventKey>k</EventKey><TaskId>T</TaskId><CardType>text_notice</CardType><ResponseCode>R</ResponseCode>", "click", "k"},
		{"batch_job_result", "<BatchJob><JobId>1</JobId><JobType>sync_user</JobType><ErrCode>0</ErrCode><ErrMsg>ok</ErrMsg></BatchJob>", "batch_job_result", ""},
		{"open_approval_change", "<ApprovalInfo><ThirdNo>1</ThirdNo><UserID>other</UserID></ApprovalInfo>", "open_approval_change", ""},
		{"share_agent_change", "", "share_agent_change", ""},
		{"share_chain_change", "", "share_chain_change", ""},
		{"inactive_alert", "<EffectTime>1758244800</EffectTime>", "inactive_alert", ""},
		{"low_active_alert", "<EffectTime>1758244800</EffectTime>", "low_active_alert", ""},
		{"close_inactive_agent", "", "close_inactive_agent", ""},
		{"reopen_inactive_agent", "", "reopen_inactive_agent", ""},
		{"low_active", "", "low_active", ""},
		{"active_restored", "", "active_restored", ""},
	} {
		m, err := Decode([]byte(eventXML("<Event>"+tt.name+"</Event>"+tt.fields)), "")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if m.Event != tt.event || m.EventKey != tt.key || m.Unsupported != "" || m.Text != "" || m.Location != nil || len(m.Attachments) > 0 || m.UserID != "zhangsan" {
			t.Errorf("%s: %+v", tt.name, m)
		}
	}
}

// Every change of contacts (documents 96302 to 96304) comes from the system and is told
// apart from all others of its second; delivered again it is the same.
func TestDecodeEveryChangeOfContacts(t *testing.T) {
	seen := map[string]string{}
	for change, fields := range map[string]string{
		"create_user":  "<UserID>a</UserID><Name>王</Name><Department>1,2</Department>",
		"update_user":  "<UserID>a</UserID><NewUserID>b</NewUserID>",
		"delete_user":  "<UserID>a</UserID>",
		"create_party": "<Id>2</Id><Name>某校</Name><ParentId>1</ParentId><Order>1</Order>",
		"update_party": "<Id>2</Id><ParentId>1</ParentId>",
		"delete_party": "<Id>2</Id>",
		"update_tag":   "<TagId>1</TagId><AddUserItems>a,b</AddUserItems>",
	} {
		raw := []byte(strings.Replace(eventXML("<Event>change_contact</Event><ChangeType>"+change+"</ChangeType>"+fields), "ZhangSan", "sys", 1))
		m, err := Decode(raw, "")
		if err != nil || m.Event != "change_contact" || m.UserID != "" || m.Text != "" {
			t.Errorf("%s: %+v, %v", change, m, err)
		}
		if again, _ := Decode(raw, ""); again.ID != m.ID {
			t.Errorf("%s has another id when it comes again", change)
		}
		if other := seen[m.ID]; other != "" {
			t.Errorf("%s and %s have one id", change, other)
		}
		seen[m.ID] = change
	}
}
