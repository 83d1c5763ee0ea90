package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/internal/calendar"
	"duban/internal/store"
	"duban/internal/testkit"
)

var (
	ctx  = context.Background()
	noon = time.Date(2025, 9, 1, 4, 0, 0, 0, time.UTC)
)

// each is testkit.Each with a shorter name.
func each(t *testing.T, fn func(*testing.T, *store.Store)) {
	t.Helper()
	testkit.Each(t, fn)
}

// do runs fn in a transaction that has to succeed.
func do(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Within(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// exec prepares rows that no repository method writes.
func exec(t *testing.T, s *store.Store, query string, args ...any) {
	t.Helper()
	if _, err := s.SQL().ExecContext(ctx, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func count(t *testing.T, s *store.Store, query string, args ...any) int {
	t.Helper()
	var n int
	if err := s.SQL().QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// race runs n copies of fn at the same time and returns their errors joined.
func race(n int, fn func(i int) error) error {
	start, list := make(chan struct{}), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { <-start; list[i] = fn(i) })
	}
	close(start)
	wg.Wait()
	return errors.Join(list...)
}

// fill gives every field of the struct a value of its own, so that a field that
// gets lost or swapped on the way shows.
func fill[T any](t *testing.T) T {
	t.Helper()
	var v T
	n := 0
	fillValue(t, reflect.ValueOf(&v).Elem(), &n)
	return v
}

func fillValue(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(noon.Add(time.Duration(*n) * time.Millisecond)))
		return
	case time.Duration:
		v.SetInt(int64(time.Duration(*n) * time.Millisecond))
		return
	case calendar.Date:
		v.Set(reflect.ValueOf(calendar.Of(2025, 9, *n)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(t, v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillValue(t, v.Index(0), n)
		fillValue(t, v.Index(1), n)
	case reflect.String:
		v.SetString(fmt.Sprintf("字%d", *n)) // short enough for the narrowest column
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint64:
		v.SetUint(1<<63 | uint64(*n)) // all bits count
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.1)
	case reflect.Bool:
		v.SetBool(true)
	default:
		t.Fatalf("fill: no value for %s", v.Type())
	}
}

func instant(ms int64) time.Time { return time.UnixMilli(ms) }
