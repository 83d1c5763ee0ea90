package testkit

import (
	"context"
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestRedisIsEmptyAndOnesOwn(t *testing.T) {
	ctx := context.Background()
	client := func(t *testing.T) *redis.Client {
		opts, err := redis.ParseURL(Redis(t))
		if err != nil {
			t.Fatal(err)
		}
		c := redis.NewClient(opts)
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	for range 20 { // more often than there are numbers: each is given back
		t.Run("a test", func(t *testing.T) {
			mine, other := client(t), client(t)
			if err := mine.Set(ctx, "k", "v", 0).Err(); err != nil {
				t.Fatal(err)
			}
			n, err := other.DBSize(ctx).Result()
			if err != nil || n != 0 {
				t.Fatalf("keys of another test: %d, %v", n, err)
			}
		})
	}
}

func TestRedisURL(t *testing.T) {
	opts, err := redis.ParseURL("redis://u:p%40ss@h:1/3")
	if err != nil {
		t.Fatal(err)
	}
	if got := redisURL(opts, 7); got != "redis://u:p%40ss@h:1/7" {
		t.Errorf("got %s", got)
	}
}
