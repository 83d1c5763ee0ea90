package understand

import "strings"

// as reads the message as command c, whichever way it was found to be that.
func (m *message) as(c Command) (Intent, bool) {
	it := m.read(c)
	it.Command = c
	return it, true
}

// read takes the details of a message that is known to be command c. It refuses
// nothing: what the message does not tell is missing.
func (m *message) read(c Command) Intent {
	switch c {
	case ReportProgress:
		return m.readProgress()
	case ZeroReport:
		return m.readZero()
	case QueryTask:
		return m.readTaskQuery()
	case QueryHazard:
		return m.readHazardQuery()
	case ReportHazard:
		return m.readFiling()
	case HazardFix:
		return m.readFix()
	case HazardReview:
		return m.readReview()
	case HazardReopen:
		return m.aboutHazard(Slots{Text: m.body})
	case HazardClose, HazardSupervise:
		return m.aboutHazard(Slots{})
	case HazardGrade:
		return m.readGrade()
	case HazardVoid:
		return m.aboutHazard(Slots{Reason: reasonOf(m.text)})
	case HazardMerge:
		return m.readMerge()
	}
	return m.readOffice(c)
}

// readOffice is read for what is not about a school's own work.
func (m *message) readOffice(c Command) Intent {
	switch c {
	case Urge:
		return m.readUrge()
	case Reassign:
		return m.readReassign()
	case Delegate:
		return m.readDelegate()
	case Extend:
		return m.readExtend()
	case ReviewExtend:
		return m.readExtendReview()
	case ReviewTask:
		return m.readTaskReview()
	case CreateTask:
		return m.readOrder()
	case Stats:
		return m.readStats()
	case Digest:
		return m.readDigest()
	case Export:
		return m.readExport()
	case Ack:
		return m.readAck()
	}
	return m.readTalk(c)
}

// readTalk is read for what is about the conversation and the person.
func (m *message) readTalk(c Command) Intent {
	switch c {
	case Quiet:
		return Intent{Slots: Slots{Until: m.quietUntil()}}
	case Bind:
		return m.readBind()
	case Feedback:
		return Intent{Slots: Slots{Text: m.body}}
	case Help:
		return Intent{Slots: Slots{Topic: string(m.helpTopic())}}
	case Emergency:
		return m.readEmergency()
	case Sensitive:
		return m.readSensitive()
	case Clarify:
		return Intent{Missing: []string{"intent"}}
	case Select:
		if it, ok := dialogueWord(m); ok && it.Command == Select {
			return it
		}
		return Intent{Slots: Slots{Keyword: pointer.ReplaceAllString(m.core, "")}}
	case Deny:
		if it, ok := dialogueWord(m); ok && it.Command == Deny {
			return it
		}
		if _, rest, ok := strings.Cut(halfWidth.Replace(m.body), ","); ok { // 错了，三号楼
			return Intent{Slots: Slots{Correction: strings.TrimSpace(rest)}}
		}
		return Intent{Slots: Slots{Correction: correction(m.core)}}
	}
	return Intent{}
}

// pointer are the words around the name of a choice.
var pointer = compile(`^(?:就是|就|是|选|要|我说的是|我指的是|应该是)+|(?:的)?(?:那|这)?(?:一)?(?:个|条|项|处)$`)
