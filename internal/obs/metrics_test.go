package obs

import (
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// record calls every method once; with nil it shows that nothing panics.
func record(m *Metrics) {
	m.MessageReceived("wecom", "text", "answered")
	m.MessageReceived("wecom", "text", "answered")
	m.MessageTook("wecom", 30*time.Millisecond)
	m.Outgoing("dingtalk", "digest", "sent", "")
	m.OutgoingBacklog(4, 90*time.Second)
	m.Step("remind", "done")
	m.SweeperRun("ok")
	m.QueueTask("send", "retry")
	m.CalendarMissing(1, 2)
	m.JournalUnsealed(3, 40*time.Second)
	m.MediaMissing(2)
	m.MediaFailing(true)
	m.PlatformCall("wecom", "message/send", "ok")
}

func TestMetricsAreServed(t *testing.T) {
	m := NewMetrics()
	record(m)
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	body, err := io.ReadAll(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(body)) {
		if strings.HasPrefix(line, "duban_") && !strings.Contains(line, "_bucket") && !strings.Contains(line, "_sum") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	want := []string{
		"duban_calendar_missing_years 1",
		"duban_calendar_missing_terms 2",
		"duban_journal_unsealed 3",
		"duban_journal_unsealed_seconds 40",
		"duban_media_missing 2",
		"duban_media_store_failing 1",
		`duban_message_seconds_count{platform="wecom"} 1`,
		`duban_messages_received_total{kind="text",outcome="answered",platform="wecom"} 2`,
		"duban_outgoing_backlog 4",
		"duban_outgoing_lag_seconds 90",
		`duban_outgoing_total{kind="digest",platform="dingtalk",reason="",state="sent"} 1`,
		`duban_platform_calls_total{api="message/send",platform="wecom",result="ok"} 1`,
		`duban_queue_tasks_total{result="retry",task="send"} 1`,
		`duban_steps_total{kind="remind",result="done"} 1`,
		`duban_sweeper_runs_total{result="ok"} 1`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	if !strings.Contains(string(body), `duban_message_seconds_bucket{platform="wecom",le="2.5"} 1`) ||
		!strings.Contains(string(body), "go_goroutines") {
		t.Error("the budget's bucket or the runtime's metrics are missing")
	}
}

func TestNilMetricsCountNothing(t *testing.T) {
	record(nil)
	rec := httptest.NewRecorder()
	(*Metrics)(nil).Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	if rec.Code != 404 || (*Metrics)(nil).Gatherer() != nil {
		t.Errorf("nil metrics answered %d", rec.Code)
	}
}

func TestNegativeLagIsZero(t *testing.T) {
	m := NewMetrics()
	m.OutgoingBacklog(0, -time.Second)
	families, err := m.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "duban_outgoing_lag_seconds" && f.GetMetric()[0].GetGauge().GetValue() != 0 {
			t.Errorf("lag = %v", f.GetMetric()[0])
		}
	}
}
