package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// redisClaim bounds how long a crashed test keeps a database of a Redis server.
const redisClaim = 10 * time.Minute

// Redis returns the URL of an empty Redis database that no other test uses: one
// of the databases 1 to 15 of the server in RedisEnv, or an in-process Redis.
// Claims are kept in the server's database 0.
func Redis(t testing.TB) string {
	t.Helper()
	server := os.Getenv(RedisEnv)
	if server == "" {
		if required("redis") {
			t.Fatalf("%s asks for redis, but %s is empty", RequireEnv, RedisEnv)
		}
		return "redis://" + miniredis.RunT(t).Addr() + "/0"
	}
	opts, err := redis.ParseURL(server)
	if err != nil {
		t.Fatalf("%s is not a redis:// URL", RedisEnv)
	}
	opts.DB = 0
	claims := redis.NewClient(opts)
	t.Cleanup(func() { _ = claims.Close() })
	db := claimRedis(t, claims)
	flushRedis(t, *opts, db)
	t.Cleanup(func() { flushRedis(t, *opts, db) })
	return redisURL(opts, db)
}

// claimRedis reserves a database number; its release runs after the flush that
// is registered later.
func claimRedis(t testing.TB, claims *redis.Client) int {
	t.Helper()
	ctx, owner := context.Background(), rand.Text()
	for db := 1; db <= 15; db++ {
		key := fmt.Sprintf("duban.test.db.%d", db)
		won, err := claims.SetNX(ctx, key, owner, redisClaim).Result()
		if err != nil {
			t.Fatalf("claim a redis database: %v", err)
		}
		if won {
			t.Cleanup(func() { claims.Del(ctx, key) })
			return db
		}
	}
	t.Fatal("all redis databases are claimed by other tests")
	return 0
}

func flushRedis(t testing.TB, opts redis.Options, db int) {
	t.Helper()
	opts.DB = db
	client := redis.NewClient(&opts)
	defer client.Close()
	if err := client.FlushDB(context.Background()).Err(); err != nil {
		t.Fatalf("empty the redis database: %v", err)
	}
}

func redisURL(opts *redis.Options, db int) string {
	u := url.URL{Scheme: "redis", Host: opts.Addr, Path: fmt.Sprintf("/%d", db)}
	if opts.Password != "" {
		u.User = url.UserPassword(opts.Username, opts.Password)
	}
	return u.String()
}
