package command

import (
	"regexp"
	"strings"

	"duban/internal/hazard"
	"duban/internal/org"
)

var (
	clauses = regexp.MustCompile(`[，,。；;！!\n]+`)
	// contained is what was done for now. The hazard itself may be that something is
	// closed or locked, so it has to be said that it was done.
	contained = regexp.MustCompile(`^(?:我们?|学校|现在|现场|目前)?(?:已经?|先|暂时|临时|暂)(?:让人|安排人|派人|把|将|用)?.{0,12}?(?:警戒|警示|围(?:挡|起来|住|好|了)|封闭|封了|封起来|停用|停电|断电|停气|关停|关闭|隔离|疏散|撤离|看守|值守|禁止|不让|锁(?:上|好|起来))`)
)

// controlSaid is the clause of a report that tells of a temporary control (临时管控), ""
// when none does. The first clause is the hazard.
func controlSaid(desc string) string {
	parts := clauses.Split(strings.TrimSpace(desc), -1)
	for _, part := range parts[1:] {
		if part = strings.TrimSpace(part); contained.MatchString(part) {
			return part
		}
	}
	return ""
}

// contain records the temporary control that a report tells of, where the reporter is one
// of those who answer for the hazard. Of others it is part of the words alone: somebody
// has to look first.
func (s *session) contain(h hazard.Hazard) hazard.Hazard {
	said := controlSaid(h.Desc)
	if said == "" || org.Can(s.actor, org.FixHazard, s.hazardSubject(h)) != nil {
		return h
	}
	h.Control, h.ControlledAt = said, s.now
	return h
}
