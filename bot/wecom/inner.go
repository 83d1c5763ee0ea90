package wecom

import "encoding/xml"

// inner is the decrypted XML: the union of all messages and events that matter
// here (documents 90239, 90240, 96302–96304). Numbers are kept as text, so one
// odd value does not lose the message.
type inner struct {
	XMLName      xml.Name `xml:"xml"`
	ToUserName   string
	FromUserName string
	CreateTime   string
	MsgType      string
	MsgID        string `xml:"MsgId"`
	AgentID      string

	Content     string
	MediaID     string `xml:"MediaId"`
	Recognition string
	FileName    string
	Title       string
	Description string
	URL         string `xml:"Url"`

	Label     string
	Lat       string `xml:"Location_X"`
	Lon       string `xml:"Location_Y"`
	Latitude  string
	Longitude string

	Event        string
	EventKey     string
	ChangeType   string
	UserID       string
	NewUserID    string
	ID           string `xml:"Id"`
	TagID        string `xml:"TagId"`
	TaskID       string `xml:"TaskId"`
	ResponseCode string
}
