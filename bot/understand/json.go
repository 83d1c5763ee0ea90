package understand

import (
	"encoding/json"
)

// MarshalJSON writes {"command": …, "slots": {…}}. A slot that the message did
// not give is absent; missing and guard are lists inside slots; a range is
// "from/to" in dates. A sensitive report carries its type and nothing else.
func (i Intent) MarshalJSON() ([]byte, error) {
	slots := i.Slots.fields()
	if i.Command == Sensitive {
		slots = map[string]any{"type": i.Slots.Type}
	}
	if len(i.Missing) > 0 {
		slots["missing"] = i.Missing
	}
	return json.Marshal(map[string]any{"command": i.Command, "slots": slots})
}

type fields map[string]any

func (f fields) text(key, v string) {
	if v != "" {
		f[key] = v
	}
}

func (f fields) number(key string, v int) {
	if v != 0 {
		f[key] = v
	}
}

func (f fields) flag(key string, v bool) {
	if v {
		f[key] = true
	}
}

func (f fields) list(key string, v []string) {
	if len(v) > 0 {
		f[key] = v
	}
}

func (f fields) party(key string, v Party) {
	if !v.IsZero() {
		f[key] = v
	}
}

func (s Slots) fields() map[string]any {
	f := fields{}
	s.references(f)
	s.report(f)
	s.question(f)
	s.hazard(f)
	s.parties(f)
	s.dialogue(f)
	return f
}

func (s Slots) references(f fields) {
	if s.Task != nil {
		f["task_ref"] = s.Task
	}
	if s.Hazard != nil {
		f["hazard_ref"] = s.Hazard
	}
	if len(s.HazardIDs) > 0 {
		f["hazard_ids"] = s.HazardIDs
	}
	f.number("keep", s.Keep)
	f.number("attachments", s.Attachments)
	f.list("guard", s.Guard)
}

func (s Slots) report(f fields) {
	if s.Percent != nil {
		f["percent"] = *s.Percent
	}
	if s.Figure != nil {
		f["metric"] = s.Figure
	}
	f.text("status", s.Status)
	f.text("text", s.Text)
	f.text("period", s.Period)
	f.text("subject", s.Subject)
	f.text("report_date", s.ReportDate.String())
	f.text("fix_date", s.FixDate.String())
	f.text("eta", s.ETA.String())
}

func (s Slots) question(f fields) {
	f.text("scope", s.Scope)
	if s.ScopeDept != "" {
		f["scope"] = Party{Dept: s.ScopeDept}
	}
	switch len(s.Filter) {
	case 0:
	case 1:
		f["filter"] = s.Filter[0]
	default:
		f["filter"] = s.Filter
	}
	if s.Range != nil {
		f["range"] = s.Range.String()
	}
	f.text("field", s.Field)
	f.number("stale_days", s.StaleDays)
	f.text("group_by", s.GroupBy)
	f.text("metric", s.Statistic)
	f.text("form", s.Form)
	f.text("what", s.What)
	f.text("format", s.Format)
}

func (s Slots) hazard(f fields) {
	f.text("category", s.Category)
	f.text("location", s.Location)
	f.text("desc", s.Desc)
	f.text("school", s.School)
	f.text("level", s.Level)
	f.flag("urgent", s.Urgent)
	f.flag("anonymous", s.Anonymous)
}

func (s Slots) parties(f fields) {
	f.party("target", s.Target)
	f.party("to", s.To)
	f.party("lead", s.Lead)
	f.list("co", s.Co)
	f.list("cc", s.CC)
	f.text("result", s.Result)
	f.text("reason", s.Reason)
	f.text("new_due", s.NewDue.String())
	f.number("delta_days", s.Delta)
	f.text("title", s.Title)
	f.text("due", s.Due.String())
	f.text("source", s.Source)
	f.text("recur", s.Recur)
	f.text("reporters", s.Reports)
}

func (s Slots) dialogue(f fields) {
	if !s.Until.IsZero() {
		f["until"] = s.Until.Format("2006-01-02T15:04")
	}
	f.text("topic", s.Topic)
	f.text("name", s.Name)
	f.text("phone", s.Phone)
	f.flag("rebind", s.Rebind)
	f.number("n", s.N)
	f.text("kw", s.Keyword)
	f.text("correction", s.Correction)
	f.text("type", s.Type)
}

// String returns "2025-09-01/2025-09-30".
func (r DateRange) String() string { return r.From.String() + "/" + r.To.String() }
