package scenario

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/redis/go-redis/v9"
)

// metricsToken opens the metrics of a scenario that looks into them.
const metricsToken = "a-token-for-the-scenario-only"

// places returns everything that outlives a message or leaves the program, by name, to be
// searched for words that must be nowhere.
func (w *world) places(said string) map[string]string {
	w.t.Helper()
	places := map[string]string{"messages": said, "database": w.dump(), "files": w.files(), "metrics": w.metrics()}
	var logs strings.Builder
	for _, line := range w.logs.Lines(-8) {
		logs.WriteString(line.String() + "\n")
	}
	places["logs"] = logs.String()
	if w.redis != "" {
		places["redis"] = w.redisDump()
	}
	for place, least := range map[string]int{"database": 1000, "logs": 100, "metrics": 100} {
		if len(places[place]) < least {
			w.t.Fatalf("the %s is empty: this proves nothing", place)
		}
	}
	return places
}

// redisDump is every key with its value.
func (w *world) redisDump() string {
	w.t.Helper()
	opts, err := redis.ParseURL(w.redis)
	w.ok(err)
	c := redis.NewClient(opts)
	defer c.Close()
	var b strings.Builder
	keys := c.Scan(w.ctx, 0, "*", 1000).Iterator()
	for keys.Next(w.ctx) {
		fmt.Fprintln(&b, keys.Val(), redisValue(w.ctx, c, keys.Val()))
	}
	w.ok(keys.Err())
	return b.String()
}

func redisValue(ctx context.Context, c *redis.Client, key string) any {
	switch c.Type(ctx, key).Val() {
	case "hash":
		return c.HGetAll(ctx, key).Val()
	case "list":
		return c.LRange(ctx, key, 0, -1).Val()
	case "set":
		return c.SMembers(ctx, key).Val()
	case "zset":
		return c.ZRange(ctx, key, 0, -1).Val()
	case "stream":
		return c.XRange(ctx, key, "-", "+").Val()
	}
	return c.Get(ctx, key).Val()
}

// files is the content of every file the program keeps, a SQLite database and its log
// included: what was written and deleted again would be found there too.
func (w *world) files() string {
	w.t.Helper()
	dirs := []string{w.config().Data.Dir, w.config().Media.Dir}
	if path, ok := strings.CutPrefix(w.config().Database.DSN.Reveal(), "sqlite:"); ok {
		dirs = append(dirs, filepath.Dir(path))
	}
	var b strings.Builder
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return nil // a folder that was never made holds nothing
			}
			data, err := os.ReadFile(path)
			b.WriteString(path + "\n")
			b.Write(data)
			return err
		})
		w.ok(err)
	}
	return b.String()
}

func (w *world) metrics() string {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, "http://"+w.nodes[0].Addr()+"/metrics", nil)
	w.ok(err)
	req.Header.Set("Authorization", "Bearer "+metricsToken)
	resp, err := http.DefaultClient.Do(req)
	w.ok(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	w.ok(err)
	if resp.StatusCode != http.StatusOK {
		w.t.Fatalf("metrics: %s", resp.Status)
	}
	return string(body)
}
