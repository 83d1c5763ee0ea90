package simdingtalk

// Push builds the JSON of a robot push, the same for HTTP and stream mode, and
// opens its reply session. It counts against the push quota: once that is used
// up the push carries errorCode 20001 instead of content.
func (s *Sim) Push(in Incoming) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	if in.MsgID == "" {
		in.MsgID = s.next("msg-")
	}
	key := s.next("session-")
	open := session{groupID: in.GroupID, ends: now.Add(sessionLife)}
	if in.GroupID == "" {
		open.userID = in.UserID
	}
	s.sessions[key] = open
	push := map[string]any{
		"msgId":                     in.MsgID,
		"createAt":                  now.UnixMilli(),
		"senderId":                  "$:LWCP_v1:$" + in.UserID,
		"senderNick":                s.nick(in),
		"chatbotCorpId":             s.cfg.CorpID,
		"chatbotUserId":             "$:LWCP_v1:$robot",
		"robotCode":                 s.cfg.RobotCode,
		"isAdmin":                   false,
		"senderPlatform":            "Android",
		"sessionWebhook":            s.base + "/robot/sendBySession?session=" + key,
		"sessionWebhookExpiredTime": now.Add(sessionLife).UnixMilli(),
	}
	if !in.Outsider {
		push["senderCorpId"] = s.cfg.CorpID
		push["senderStaffId"] = in.UserID
	}
	s.conversation(push, in)
	if s.pushUsed.take(now) {
		s.content(push, in)
	} else {
		push["msgtype"] = kindOf(in)
		push["errorCode"], push["errorMessage"] = "20001", "本月推送额度已用完"
	}
	if in.Edit != nil {
		in.Edit(push)
	}
	return push
}

func (s *Sim) nick(in Incoming) string {
	if in.Nick != "" {
		return in.Nick
	}
	return s.users[in.UserID].Name
}

func (s *Sim) conversation(push map[string]any, in Incoming) {
	if in.GroupID == "" {
		push["conversationType"] = "1"
		push["conversationId"] = "cid-private-" + in.UserID
		return
	}
	push["conversationType"] = "2"
	push["conversationId"] = in.GroupID
	push["conversationTitle"] = s.groups[in.GroupID].Title
	push["isInAtList"] = true
	push["atUsers"] = []map[string]any{{"dingtalkId": "$:LWCP_v1:$robot"}}
}

// kindOf names the message type. Several pictures, and text with pictures, are
// one rich text.
func kindOf(in Incoming) string {
	switch {
	case in.Kind != "":
		return in.Kind
	case len(in.Codes) == 0:
		return "text"
	case len(in.Codes) == 1 && in.Text == "" && in.GroupID == "":
		return "picture"
	default:
		return "richText"
	}
}

func (s *Sim) content(push map[string]any, in Incoming) {
	kind := kindOf(in)
	push["msgtype"] = kind
	code := ""
	if len(in.Codes) > 0 {
		code = in.Codes[0]
	}
	switch kind {
	case "text":
		text := map[string]any{"content": s.mention(in)}
		if in.Quote != nil {
			text["isReplyMsg"] = true
			text["repliedMsg"] = in.Quote.push()
		}
		push["text"] = text
	case "picture":
		push["content"] = map[string]any{"downloadCode": code, "pictureDownloadCode": "broken-" + code}
	case "richText":
		push["content"] = map[string]any{"richText": richText(s.mention(in), in.Codes)}
	case "audio":
		push["content"] = map[string]any{"downloadCode": code, "duration": 4000, "recognition": in.Text}
	case "video":
		push["content"] = map[string]any{"downloadCode": code, "duration": "4000", "videoType": "mp4"}
	case "file":
		push["content"] = map[string]any{"downloadCode": code, "fileName": in.FileName, "spaceId": "1", "fileId": "2"}
	default:
		push["content"] = map[string]any{"unknownMsgType": "不支持的消息类型"}
	}
}

// mention is the text as the platform passes it on: in groups it removes the
// leading @robot but leaves the blank behind it.
func (s *Sim) mention(in Incoming) string {
	switch {
	case in.GroupID == "":
		return in.Text
	case in.Mention:
		return "@" + s.cfg.RobotName + " " + in.Text
	default:
		return " " + in.Text
	}
}

func richText(text string, codes []string) []map[string]any {
	items := []map[string]any{}
	if text != "" {
		items = append(items, map[string]any{"text": text})
	}
	for _, code := range codes {
		items = append(items, map[string]any{
			"type": "picture", "downloadCode": code, "pictureDownloadCode": "broken-" + code,
		})
	}
	return items
}

func (q *Quoted) push() map[string]any {
	kind := q.Kind
	content := map[string]any{}
	switch {
	case len(q.Codes) > 1 || len(q.Codes) == 1 && q.Text != "":
		kind, content["richText"] = "richText", richText(q.Text, q.Codes)
	case len(q.Codes) == 1:
		content["downloadCode"] = q.Codes[0]
		if kind == "" {
			kind = "picture"
		}
	default:
		kind, content["text"] = "text", q.Text
	}
	if q.FileName != "" {
		content["fileName"] = q.FileName
	}
	return map[string]any{"msgType": kind, "msgId": q.MsgID, "senderId": "$:LWCP_v1:$quoted", "content": content}
}
