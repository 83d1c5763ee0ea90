package obs

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what the operator watches. A nil *Metrics counts nothing, so
// tests and small tools pass nil. No label ever holds a person, a unit or
// anything else without a small fixed set of values.
type Metrics struct {
	registry *prometheus.Registry

	received *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	outgoing *prometheus.CounterVec
	backlog  prometheus.Gauge
	lag      prometheus.Gauge
	steps    *prometheus.CounterVec
	sweeps   *prometheus.CounterVec
	tasks    *prometheus.CounterVec
	missing  prometheus.Gauge
	termless prometheus.Gauge
	unsealed prometheus.Gauge
	sealLag  prometheus.Gauge
	stream   prometheus.Gauge
	lost     prometheus.Gauge
	trouble  prometheus.Gauge
	calls    *prometheus.CounterVec
	quotas   *prometheus.GaugeVec
}

// answerBuckets bracket the limits of the platforms: 1 s for a URL check, 2 s
// for a DingTalk card, 2.5 s our own budget, 5 s for WeCom.
var answerBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2, 2.5, 5, 10}

// NewMetrics returns metrics in a registry of their own, with those of the Go
// runtime and of the process.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		received: counter("duban_messages_received_total", "Messages received, by what became of them.", "platform", "kind", "outcome"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "duban_message_seconds",
			Help: "Time from the callback's arrival to its answer.", Buckets: answerBuckets}, []string{"platform"}),
		outgoing: counter("duban_outgoing_total", "Outgoing messages that reached a state, with the reason.", "platform", "kind", "state", "reason"),
		backlog:  gauge("duban_outgoing_backlog", "Outgoing messages that are due and not yet sent."),
		lag:      gauge("duban_outgoing_lag_seconds", "Age of the oldest outgoing message that is due and not yet sent."),
		steps:    counter("duban_steps_total", "Reminder and escalation steps carried out, by kind and result.", "kind", "result"),
		sweeps:   counter("duban_sweeper_runs_total", "Runs of the sweeper.", "result"),
		tasks:    counter("duban_queue_tasks_total", "Queued tasks carried out.", "task", "result"),
		missing:  gauge("duban_calendar_missing_years", "Years in use without working-day data; anything but 0 is an alarm."),
		termless: gauge("duban_calendar_missing_terms", "Kinds of school in use without terms; anything but 0 is an alarm."),
		unsealed: gauge("duban_journal_unsealed", "Lines of history that are not sealed yet."),
		stream:   gauge("duban_stream_connected", "1 while this process holds a stream connection to DingTalk, 0 while it is to and does not."),
		sealLag:  gauge("duban_journal_unsealed_seconds", "Age of the oldest line of history that is not sealed yet."),
		lost:     gauge("duban_media_missing", "Stored photos and files that are not in their place; anything but 0 is an alarm."),
		trouble:  gauge("duban_media_store_failing", "1 if the store of photos failed when it was tried out last."),
		calls:    counter("duban_platform_calls_total", "Calls to a platform's API, for watching its quotas.", "platform", "api", "result"),
	}
	m.quotas = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "duban_quota_used_ratio", Help: "Share of a platform's monthly quota that all processes have used."}, []string{"platform", "use"})
	m.registry.MustRegister(m.quotas, m.received, m.seconds, m.outgoing, m.backlog, m.lag, m.steps, m.sweeps, m.tasks, m.missing, m.termless, m.unsealed, m.sealLag, m.lost, m.trouble, m.calls,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

// Handler serves the metrics in the Prometheus text format.
func (m *Metrics) Handler() http.Handler {
	if m == nil {
		return http.NotFoundHandler()
	}
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Gatherer gives the registry to tests; nil on a nil Metrics.
func (m *Metrics) Gatherer() prometheus.Gatherer {
	if m == nil {
		return nil
	}
	return m.registry
}

// MessageReceived counts a message: kind is text, image …, outcome is answered,
// duplicate, refused, queued …
func (m *Metrics) MessageReceived(platform, kind, outcome string) {
	if m != nil {
		m.received.WithLabelValues(platform, kind, outcome).Inc()
	}
}

// MessageTook records how long a callback took from arrival to answer.
func (m *Metrics) MessageTook(platform string, d time.Duration) {
	if m != nil {
		m.seconds.WithLabelValues(platform).Observe(d.Seconds())
	}
}

// Outgoing counts an outgoing message that reached a state; reason is the named
// reason of the stage that decided, or "".
func (m *Metrics) Outgoing(platform, kind, state, reason string) {
	if m != nil {
		m.outgoing.WithLabelValues(platform, kind, state, reason).Inc()
	}
}

// Stream sets whether the stream connection stands.
func (m *Metrics) Stream(connected bool) {
	if m != nil && connected {
		m.stream.Set(1)
	} else if m != nil {
		m.stream.Set(0)
	}
}

// OutgoingBacklog sets how many outgoing messages are due and how old the
// oldest of them is.
func (m *Metrics) OutgoingBacklog(due int, oldest time.Duration) {
	if m != nil {
		m.backlog.Set(float64(due))
		m.lag.Set(max(oldest, 0).Seconds())
	}
}

// Step counts a step of the reminder and escalation engine.
func (m *Metrics) Step(kind, result string) {
	if m != nil {
		m.steps.WithLabelValues(kind, result).Inc()
	}
}

// SweeperRun counts a run of the sweeper.
func (m *Metrics) SweeperRun(result string) {
	if m != nil {
		m.sweeps.WithLabelValues(result).Inc()
	}
}

// QueueTask counts a queued task.
func (m *Metrics) QueueTask(task, result string) {
	if m != nil {
		m.tasks.WithLabelValues(task, result).Inc()
	}
}

// CalendarMissing sets how many years in use have no working days and how many
// kinds of school no terms.
func (m *Metrics) CalendarMissing(years, kinds int) {
	if m != nil {
		m.missing.Set(float64(years))
		m.termless.Set(float64(kinds))
	}
}

// JournalUnsealed sets how many lines of history are not sealed yet and how old
// the oldest of them is.
func (m *Metrics) JournalUnsealed(lines int, oldest time.Duration) {
	if m != nil {
		m.unsealed.Set(float64(lines))
		m.sealLag.Set(max(oldest, 0).Seconds())
	}
}

// MediaMissing sets how many stored files are not in their place.
func (m *Metrics) MediaMissing(files int) {
	if m != nil {
		m.lost.Set(float64(files))
	}
}

// MediaFailing sets whether the store of photos failed when it was tried out.
func (m *Metrics) MediaFailing(failing bool) {
	if m != nil {
		m.trouble.Set(map[bool]float64{true: 1}[failing])
	}
}

// PlatformCall counts a call to a platform: result is ok or a class of error.
func (m *Metrics) PlatformCall(platform, api, result string) {
	if m != nil {
		m.calls.WithLabelValues(platform, api, result).Inc()
	}
}

// QuotaUsed sets which share of a monthly quota has been used.
func (m *Metrics) QuotaUsed(platform, use string, share float64) {
	if m != nil {
		m.quotas.WithLabelValues(platform, use).Set(share)
	}
}
