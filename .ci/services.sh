#!/usr/bin/env bash
# Runs a command with the services the tests need, and leaves nothing running.
#
#   .ci/services.sh [--durable|--programs|--node] [--] command [argument …]
#
# Sets for the command, unless the caller has set them (then those are used):
#   DUBAN_TEST_MYSQL_DSN   go-sql-driver DSN without a database name, "user:password@tcp(host:port)/";
#                          the user may create and drop databases
#   DUBAN_TEST_REDIS_URL   redis://host:port/0; the tests may flush it
#   DUBAN_TEST_CHROMIUM    path of a Chromium or Chrome
#
# Where they come from, first that applies:
#   1. the variable;
#   2. MariaDB and Redis: docker compose, if an engine answers (.ci/docker-compose.test.yml);
#   3. Debian packages, installed if missing (as root), started as private
#      instances on loopback with a data folder of their own.
#
# A C compiler, which the race detector needs, is installed likewise; so are
# LibreOffice, which opens the documents, and poppler's programs, which look at them.
#
# --durable is for measurements: the database flushes to disk at every commit, as
# in production, and neither browser nor compiler nor LibreOffice is provided, but Node.js for
# the bots to compare with. Without it the data is not worth the flushing.
#
# --programs installs the programs of MariaDB and Redis and starts nothing: for a
# command that starts and kills its own.
#
# --node installs Node.js and npm and starts nothing: for what runs on the platforms' own
# libraries.
#
# The exit code is the command's. A signal or Ctrl-C ends the command first, then
# the services; only SIGKILL to this script leaves them behind.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly wait_seconds=60
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps servers
flush=0 full=1 start=1 servers=1 node=''
case ${1:-} in
--durable) flush=1 full='' node=1; shift ;;
--programs) start='' full=''; shift ;;
--node) start='' full='' servers='' node=1; shift ;;
esac
[ "${1:-}" = -- ] && shift
if [ $# -eq 0 ]; then
  echo "usage: $0 [--durable|--programs|--node] [--] command …" >&2
  exit 2
fi

note() { printf '[services] %s\n' "$*" >&2; }
die() { printf '[services] %s\n' "$*" >&2; exit 1; }

# --- tidying up -------------------------------------------------------------

work='' compose='' command_pid='' guard=''
pids=()

# stop ends one process group: politely, then for certain.
stop() {
  local pid=$1
  kill -TERM -- "-$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do
    kill -0 -- "-$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
}

tidy() {
  local code=$?
  trap '' INT TERM HUP
  trap - EXIT
  [ -z "$command_pid" ] || stop "$command_pid"
  for pid in ${pids[@]+"${pids[@]}"}; do stop "$pid"; done
  [ -z "$compose" ] || compose down --volumes --timeout 5 >/dev/null 2>&1 || true
  [ -z "$guard" ] || rm -f "$guard"
  [ -z "$work" ] || rm -rf "$work"
  exit "$code"
}
trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Job control gives every background job a process group of its own, so that
# Ctrl-C reaches this script alone and the order of stopping is ours.
set -m

# workdir makes the folder for everything private, once.
workdir() {
  [ -n "$work" ] && return
  work=$(mktemp -d "${TMPDIR:-/tmp}/duban-test.XXXXXX")
  chmod 755 "$work" # the database runs as another user
}

# --- helpers ----------------------------------------------------------------

random_word() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# free_port prints a loopback port nobody listens on just now.
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + (0x$(od -An -N2 -tx1 /dev/urandom | tr -d ' \n') % 12000)))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  die "no free port found"
}

# await polls until the command given succeeds; fails when the process dies.
await() {
  local what=$1 pid=$2 log=$3
  shift 3
  for _ in $(seq $((wait_seconds * 10))); do
    "$@" >/dev/null 2>&1 && return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$log" >&2 || true
  die "$what did not come up"
}

updated=''
# packages installs Debian packages, as far as a command they bring is missing.
packages() {
  local command=$1
  shift
  command -v "$command" >/dev/null && return
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] ||
    die "$command is missing: install $* (or set DUBAN_TEST_…, see the top of $0)"
  workdir
  note "installing $*"
  export DEBIAN_FRONTEND=noninteractive
  forbid_starting
  local apt=(apt-get -qy -o DPkg::Lock::Timeout=300) ok=1
  [ -n "$updated" ] || "${apt[@]}" update >"$work/apt.log" 2>&1 </dev/null || ok=''
  updated=1
  [ -z "$ok" ] || "${apt[@]}" install --no-install-recommends "$@" >>"$work/apt.log" 2>&1 </dev/null || ok=''
  [ -n "$ok" ] || { tail -n 20 "$work/apt.log" >&2; die "cannot install $*"; }
}

# forbid_starting keeps Debian from starting what gets installed; lifted by tidy.
forbid_starting() {
  local policy=/usr/sbin/policy-rc.d
  [ ! -e "$policy" ] || return 0
  guard=$policy
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

# --- MariaDB ----------------------------------------------------------------

# start_mariadb starts a private server; the port may be taken between choosing
# and binding, so it tries again.
start_mariadb() {
  packages mariadbd mariadb-server
  packages mariadb mariadb-client
  workdir
  local dir=$work/mysql password port pid sock user=()
  password=$(random_word)
  sock=$work/mysql.sock # short: socket paths end at about 100 characters
  mkdir -p "$dir"
  if [ "$(id -u)" = 0 ]; then
    user=(--user=mysql)
    chown mysql "$dir"
    install -d -o mysql -m 755 "$work/run"
    sock=$work/run/db.sock
  fi
  mariadb-install-db --no-defaults ${user[@]+"${user[@]}"} --datadir="$dir" --skip-test-db --force \
    --auth-root-authentication-method=normal >"$work/mysql.log" 2>&1 ||
    { tail -n 20 "$work/mysql.log" >&2; die "mariadb-install-db failed"; }
  for _ in 1 2 3; do
    port=$(free_port)
    mariadbd --no-defaults ${user[@]+"${user[@]}"} --datadir="$dir" --socket="$sock" --pid-file="$dir/pid" \
      --bind-address=127.0.0.1 --port="$port" --skip-log-bin --skip-name-resolve \
      --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
      --innodb-flush-log-at-trx-commit="$flush" --innodb-buffer-pool-size=256M \
      --innodb-log-file-size=64M --max-connections=600 --max-allowed-packet=64M \
      >>"$work/mysql.log" 2>&1 </dev/null &
    pid=$!
    pids+=("$pid")
    sleep 0.3
    kill -0 "$pid" 2>/dev/null && break
  done
  await MariaDB "$pid" "$work/mysql.log" mariadb-admin --no-defaults --socket="$sock" -u root ping
  # The password goes by standard input: arguments are visible to all users.
  mariadb --no-defaults --socket="$sock" -u root <<SQL
CREATE USER 'duban'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL ON *.* TO 'duban'@'127.0.0.1';
SQL
  export DUBAN_TEST_MYSQL_DSN="duban:$password@tcp(127.0.0.1:$port)/"
  note "MariaDB on 127.0.0.1:$port, flush at commit: $flush"
}

# --- Redis ------------------------------------------------------------------

start_redis() {
  packages redis-server redis-server
  packages redis-cli redis-tools
  workdir
  local port pid
  for _ in 1 2 3; do
    port=$(free_port)
    mkdir -p "$work/redis"
    redis-server --bind 127.0.0.1 --port "$port" --dir "$work/redis" --save '' --appendonly no \
      >"$work/redis.log" 2>&1 </dev/null &
    pid=$!
    pids+=("$pid")
    sleep 0.2
    kill -0 "$pid" 2>/dev/null && break
  done
  await Redis "$pid" "$work/redis.log" redis-cli -h 127.0.0.1 -p "$port" ping
  export DUBAN_TEST_REDIS_URL="redis://127.0.0.1:$port/0"
  note "Redis on 127.0.0.1:$port"
}

# --- docker -----------------------------------------------------------------

compose() { docker compose -p "$compose" -f "$here/docker-compose.test.yml" "$@"; }

# have_docker says whether an engine answers and understands compose; a client
# alone is not enough.
have_docker() {
  command -v docker >/dev/null && timeout 10 docker info >/dev/null 2>&1 &&
    docker compose version >/dev/null 2>&1
}

# start_docker starts the services named and asks docker for their ports.
start_docker() {
  compose=duban-test-$$
  DUBAN_TEST_PASSWORD=$(random_word)
  export DUBAN_TEST_PASSWORD DUBAN_TEST_FLUSH=$flush
  note "starting $* with docker compose"
  compose up --detach --quiet-pull --wait --wait-timeout 180 "$@" >&2 ||
    { compose logs --tail 20 >&2; die "docker compose did not bring the services up"; }
  local service
  for service in "$@"; do
    case $service in
    mysql) DUBAN_TEST_MYSQL_DSN="root:$DUBAN_TEST_PASSWORD@tcp($(compose port mysql 3306))/" ;;
    redis) DUBAN_TEST_REDIS_URL="redis://$(compose port redis 6379)/0" ;;
    esac
  done
  export DUBAN_TEST_MYSQL_DSN DUBAN_TEST_REDIS_URL
}

# --- Chromium ---------------------------------------------------------------

find_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if command -v "$name" >/dev/null; then
      command -v "$name"
      return
    fi
  done
}

have_chromium() {
  local path
  path=$(find_chromium)
  if [ -z "$path" ]; then
    packages chromium chromium fonts-noto-cjk
    path=$(find_chromium)
  fi
  export DUBAN_TEST_CHROMIUM="$path"
}

# --- LibreOffice --------------------------------------------------------------

have_office() {
  packages soffice libreoffice-writer-nogui libreoffice-calc-nogui
  packages pdftoppm poppler-utils
  [ -n "$(fc-list :lang=zh 2>/dev/null)" ] || packages '' fonts-noto-cjk
}

# --- all together -----------------------------------------------------------

# The race detector needs a C compiler.
[ -z "$full" ] || packages cc gcc libc6-dev

if [ -n "$node" ]; then
  packages node nodejs
  packages npm npm
fi

if [ -z "$start" ] && [ -n "$servers" ]; then
  packages mariadbd mariadb-server
  packages redis-server redis-server
fi

needed=()
[ -z "$start" ] || [ -n "${DUBAN_TEST_MYSQL_DSN:-}" ] || needed+=(mysql)
[ -z "$start" ] || [ -n "${DUBAN_TEST_REDIS_URL:-}" ] || needed+=(redis)
if [ ${#needed[@]} -gt 0 ]; then
  if have_docker; then
    start_docker "${needed[@]}"
  else
    for service in "${needed[@]}"; do
      case $service in
      mysql) start_mariadb ;;
      redis) start_redis ;;
      esac
    done
  fi
fi
[ -z "$full" ] || [ -n "${DUBAN_TEST_CHROMIUM:-}" ] || have_chromium
[ -z "$full" ] || have_office
note "ready after ${SECONDS}s"

# In the background and waited for, so that a signal to this script is handled
# at once and not only when the command ends.
"$@" <&0 &
command_pid=$!
code=0
wait "$command_pid" || code=$?
command_pid=''
exit "$code"
