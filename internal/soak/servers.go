package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"

	"github.com/go-sql-driver/mysql"
	"github.com/redis/go-redis/v9"
)

// server is a database or Redis server of the soak's own, in a directory of its
// own. Killed and started again it must find there what it has acknowledged.
type server struct {
	process
	addr    string
	answers func(context.Context) error // nil when it takes connections
}

// up starts the server unless it runs and waits until it answers.
func (s *server) up(ctx context.Context) error {
	if err := s.start(); err != nil {
		return err
	}
	return until(ctx, filepath.Base(s.program), s.answers)
}

// openRedis starts a Redis as production has it: every write is on disk before it
// is acknowledged (ADR 0006).
func (w *world) openRedis(ctx context.Context) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &server{addr: fmt.Sprintf("127.0.0.1:%d", port)}
	s.process = process{program: "redis-server", dir: w.dir, log: filepath.Join(w.dir, "redis.log"),
		args: []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", w.dir, "--save", "", "--appendonly", "yes", "--appendfsync", "always"}}
	w.redis = redis.NewClient(&redis.Options{Addr: s.addr})
	s.answers = func(ctx context.Context) error { return w.redis.Ping(ctx).Err() }
	w.later(func() { _ = w.redis.Close() })
	w.later(s.stop)
	return s, s.up(ctx)
}

// databaseName is the soak's database on its own server.
const databaseName = "duban_soak"

// openMySQL installs and starts a MariaDB that flushes at every commit, with a
// user and an empty database, and returns the nodes' account.
func (w *world) openMySQL(ctx context.Context) (*server, *mysql.Config, error) {
	dir, err := w.databaseDir()
	if err != nil {
		return nil, nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, nil, err
	}
	who := []string{}
	if os.Getuid() == 0 { // it refuses to run as root
		who = []string{"--user=mysql"}
	}
	data, sock := filepath.Join(dir, "data"), filepath.Join(dir, "sock")
	install := append([]string{"--no-defaults", "--datadir=" + data, "--skip-test-db", "--force", "--auth-root-authentication-method=normal"}, who...)
	if out, err := exec.CommandContext(ctx, "mariadb-install-db", install...).CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("install database: %w: %s", err, out)
	}
	s := &server{addr: fmt.Sprintf("127.0.0.1:%d", port)}
	s.process = process{program: "mariadbd", dir: dir, log: filepath.Join(w.dir, "mysql.log"), args: append([]string{"--no-defaults",
		"--datadir=" + data, "--socket=" + sock, "--pid-file=" + filepath.Join(dir, "pid"), "--bind-address=127.0.0.1", "--port=" + strconv.Itoa(port),
		"--skip-log-bin", "--skip-name-resolve", "--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci",
		"--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=128M", "--max-allowed-packet=64M"}, who...)}
	root, err := sql.Open("mysql", "root@unix("+sock+")/")
	if err != nil {
		return nil, nil, err
	}
	w.later(func() { _ = root.Close() })
	w.later(s.stop)
	s.answers = root.PingContext
	if err := s.up(ctx); err != nil {
		return nil, nil, err
	}
	account, err := createAccount(ctx, root, s.addr)
	return s, account, err
}

// databaseDir makes a directory that the database's user may write.
func (w *world) databaseDir() (string, error) {
	dir, err := os.MkdirTemp("", "duban-soak-db-")
	if err != nil {
		return "", err
	}
	w.later(func() { _ = os.RemoveAll(dir) })
	if os.Getuid() != 0 {
		return dir, nil
	}
	u, err := user.Lookup("mysql")
	if err != nil {
		return "", err
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return dir, errors.Join(err1, err2, os.Chown(dir, uid, gid))
}

func createAccount(ctx context.Context, root *sql.DB, addr string) (*mysql.Config, error) {
	cfg := mysql.NewConfig()
	cfg.User, cfg.Passwd, cfg.Net, cfg.Addr, cfg.DBName = "duban", rand.Text(), "tcp", addr, databaseName
	for _, q := range []string{
		"CREATE DATABASE " + databaseName + " CHARACTER SET utf8mb4",
		"CREATE USER 'duban'@'127.0.0.1' IDENTIFIED BY '" + cfg.Passwd + "'",
		"GRANT ALL ON " + databaseName + ".* TO 'duban'@'127.0.0.1'",
	} {
		if _, err := root.ExecContext(ctx, q); err != nil {
			return nil, fmt.Errorf("create account: %w", err)
		}
	}
	return cfg, nil
}
