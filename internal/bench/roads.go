package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
	"duban/seeds"
)

// How the roads are loaded.
const (
	roadCallers = 16
	roadRounds  = 2
	roadLength  = 5 * time.Second
	roadSchools = 600
)

// road is one way on which messages come. hand delivers one and returns when the platform
// has its acknowledgement: the answer on callbacks and on the smart bot's connection.
type road struct {
	name string
	hand func(ctx context.Context, s *stage.Stage, user, text string) error
	// said counts the answers that come apart from the acknowledgement; nil where they are one.
	said func(s *stage.Stage) int
}

var callbackRoads = []road{
	{name: "WeCom app, callback", hand: func(ctx context.Context, s *stage.Stage, user, text string) error {
		d, err := s.WeCom.Deliver(ctx, s.WeComCallback(), simwecom.Incoming{User: user, Text: text})
		return answered(d.Reply != nil && d.Attempts == 1, err)
	}},
	{name: "WeCom bot, callback", hand: func(ctx context.Context, s *stage.Stage, user, text string) error {
		shown, _, err := s.SmartBot.Deliver(ctx, s.SmartBotCallback(), simwecom.BotIncoming{User: user, Text: text})
		return answered(shown != nil, err)
	}},
	{name: "DingTalk, callback", hand: func(ctx context.Context, s *stage.Stage, user, text string) error {
		shown, _, err := s.DingTalk.Deliver(ctx, s.DingTalkCallback(), simdingtalk.Incoming{UserID: user, Text: text})
		return answered(shown != nil, err)
	}},
}

var connectionRoads = []road{
	{name: "WeCom bot, connection", hand: func(ctx context.Context, s *stage.Stage, user, text string) error {
		shown, err := s.SmartBot.DeliverSocket(ctx, simwecom.BotIncoming{User: user, Text: text})
		return answered(shown != nil, err)
	}},
	{name: "DingTalk, stream", hand: func(ctx context.Context, s *stage.Stage, user, text string) error {
		return s.DingTalk.DeliverStream(ctx, simdingtalk.Incoming{UserID: user, Text: text})
	}, said: func(s *stage.Stage) int { return len(s.DingTalk.Sent()) }},
}

func answered(yes bool, err error) error {
	if err == nil && !yes {
		return errors.New("a message was not answered")
	}
	return err
}

// measured is what one bot did on one road.
type measured struct {
	result
	cpu    time.Duration
	memory string
}

// roads compares duban on every road with the floor, which verifies, stores once and
// answers, and with the same on the platforms' own Node libraries.
func roads(ctx context.Context, admin, redis string) error {
	// All fakes call from this process; as many connections as callers are kept.
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 2 * roadCallers
	duban, clean, err := programs(ctx)
	if err != nil {
		return err
	}
	defer clean()
	set, err := crowdOf(roadSchools, "wecom", "dingtalk")
	if err != nil {
		return err
	}
	fmt.Printf("%-22s %-6s %10s %9s %9s %13s %12s\n", fmt.Sprintf("%d callers, %d rounds", roadCallers, roadRounds), "", "messages/s", "p50", "p99", "CPU a message", "memory")
	for _, part := range []struct {
		roads       []road
		connections bool
	}{{callbackRoads, false}, {connectionRoads, true}} {
		if err := along(ctx, admin, redis, duban, set, part.roads, part.connections); err != nil {
			return err
		}
	}
	return nil
}

// along measures the roads that one set of processes can serve.
func along(ctx context.Context, admin, redis, duban string, set *seeds.Set, list []road, connections bool) error {
	dsn, drop, err := database(ctx, admin)
	if err != nil {
		return err
	}
	defer drop()
	peers, end, err := openPeers(ctx, dsn, redis, duban, set, connections)
	if err != nil {
		return err
	}
	defer end()
	sent := map[string]int{}
	for _, r := range list {
		got := map[string]measured{}
		for range roadRounds {
			for _, p := range peers {
				m, err := r.load(ctx, p)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", r.name, p.name, err)
				}
				sent[p.name] += len(m.took)
				got[p.name] = got[p.name].with(m)
			}
		}
		show(r.name, got)
	}
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, p := range peers {
		if n, err := p.stored(ctx, db); err != nil || n != sent[p.name] {
			return fmt.Errorf("%s took %d messages and stored %d: %w", p.name, sent[p.name], n, err)
		}
	}
	return nil
}

func (m measured) with(more measured) measured {
	return measured{merge([]result{m.result, more.result}), m.cpu + more.cpu, more.memory}
}

func show(name string, got map[string]measured) {
	for _, bot := range []string{theFloor, theDuban, theNode} {
		m := got[bot]
		fmt.Printf("%-22s %-6s %10.0f %9s %9s %13s %12s\n", name, bot, m.rate(), m.at(0.50).Round(10*time.Microsecond), m.at(0.99).Round(10*time.Microsecond),
			(m.cpu / time.Duration(len(m.took))).Round(10*time.Microsecond), m.memory)
		name = ""
	}
	share := func(a, b string) float64 { return 100 * got[a].rate() / got[b].rate() }
	fmt.Printf("%-22s duban reaches %.0f %% of the floor and %.0f %% of the Node bot; the floor %.0f %% of the Node bot\n", "",
		share(theDuban, theFloor), share(theDuban, theNode), share(theFloor, theNode))
}

// load has the callers write to a bot for a round.
func (r road) load(ctx context.Context, p *peer) (measured, error) {
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var done sync.WaitGroup
	said := 0
	if r.said != nil {
		said = r.said(p.stage)
	}
	cpu := used(p.cmd.Process.Pid)
	started := time.Now()
	for i := range roadCallers {
		done.Go(func() {
			var took []time.Duration
			var err error
			for n := i; err == nil && time.Since(started) < roadLength; n += roadCallers {
				t := time.Now()
				if err = r.hand(ctx, p.stage, user(n%roadSchools), fmt.Sprintf("%s %d%%", item, 1+messages.Add(1)%99)); err == nil {
					took = append(took, time.Since(t))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if err != nil {
				failed = err
			}
		})
	}
	done.Wait()
	span := time.Since(started)
	if failed == nil && r.said != nil { // what is still to be said belongs to this round
		failed = r.quiet(ctx, p.stage, said+len(all))
	}
	return measured{result{all, span}, used(p.cmd.Process.Pid) - cpu, resident(p.cmd.Process.Pid)}, failed
}

// quiet waits until so many answers have been given.
func (r road) quiet(ctx context.Context, s *stage.Stage, want int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for r.said(s) < want {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d answers after a minute", r.said(s), want)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

// used reads the processor time of a process, which the system counts in hundredths of a
// second; 0 where it does not tell.
func used(pid int) time.Duration {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(raw), ") ") // the name may hold blanks
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}
