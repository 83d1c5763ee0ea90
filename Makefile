# make test is the one command that says whether the tree is good; `make help` lists the rest.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

GO       ?= go
SERVICES := .ci/services.sh
LINT     := $(GO) tool -modfile=.ci/lint/go.mod
STARTED  := $(shell date +%s)
COMMIT   := $(shell git rev-parse --short=12 HEAD 2>/dev/null)

# Two packages at a time: the tests share one Redis with fifteen databases.
JOBS ?= 2

# Packages without tests are not worth a line; pipefail keeps the exit code.
QUIET := sed '/\[no test files\]/d'

# What runs in several goroutines, or is called from several.
RACE := ./bot/... ./handlers/... ./internal/app/... ./internal/clock/... ./internal/notify/... ./internal/queue/... \
        ./internal/sim/... ./internal/store/... ./internal/supervise/...

# What is left out there: whole years, conversations and corpora, played by one goroutine.
ALONE = TestYear.*|TestTalk|TestRolesAnd.*|TestCorpus|TestUnseen.*|TestModels|TestTheSameTextIsUnderstoodTheSame|TestTenThousandLines

# The scenarios in which several nodes or deliveries meet.
MEETINGS = $(shell grep -o '^func Test[A-Za-z]*' internal/scenario/nodes_test.go | cut -d' ' -f2 | paste -sd'|')

# Packages with tests in a real browser.
BROWSER = $(shell grep -rl --include='*_test.go' '^//go:build browser' . | xargs -r -n1 dirname | sort -u)

# The program is pure Go. Tests without the race detector are built the same way.
export CGO_ENABLED ?= 0

.PHONY: build
build: ## the program, ./duban
	$(GO) build -trimpath -buildvcs=false -ldflags '-s -w -X main.commit=$(COMMIT)' -o duban .

.PHONY: test
test: lint ## everything: lint, then all tests with MariaDB, Redis, the race detector, Chromium and LibreOffice
	@$(SERVICES) -- env DUBAN_TEST_REQUIRE=mysql,redis,chromium,libreoffice $(MAKE) --no-print-directory suite

# The parts of `make test` that need the services.
.PHONY: suite
suite:
	@echo '== all packages, on SQLite and MySQL'
	@$(GO) test -p $(JOBS) -count=1 -timeout 10m ./... | $(QUIET)
	@echo '== again with the race detector, where things run at once'
	@CGO_ENABLED=1 $(GO) test -race -p $(JOBS) -count=1 -timeout 15m -skip '^($(ALONE))$$' $(RACE) | $(QUIET)
	@CGO_ENABLED=1 $(GO) test -race -count=1 -timeout 15m -run '^($(MEETINGS))$$' ./internal/scenario
	@echo '== in the browser'
	@$(GO) test -tags browser -p 1 -count=1 -timeout 10m $(BROWSER)
	@echo "== all good: SQLite, MySQL, Redis, race detector, browser; $$(($$(date +%s) - $(STARTED)))s without the services' start"

.PHONY: test-fast
test-fast: ## all tests that need nothing but Go: SQLite, in-process Redis
	@env -u DUBAN_TEST_MYSQL_DSN -u DUBAN_TEST_REDIS_URL -u DUBAN_TEST_REQUIRE $(GO) test -p $(JOBS) ./... | $(QUIET)

# npm ci installs exactly what the lock file names.
NPM_CI = npm ci --no-audit --no-fund --loglevel=error --prefix

.PHONY: conformance
conformance: ## the fakes and the callbacks against the platforms' own Node libraries
	@$(SERVICES) --node -- env DUBAN_TEST_REQUIRE=npm $(MAKE) --no-print-directory conform

# The parts of `make conformance` that need Node.js.
.PHONY: conform
conform:
	@$(NPM_CI) internal/conformance
	@$(GO) test -count=1 -timeout 5m ./internal/conformance

.PHONY: bench
bench: ## measurements, on a database that flushes at every commit; one part: BENCH='-only roads'
	@$(GO) test ./bot/understand -run '^$$' -bench . -cpu 1 | grep -E '^Benchmark'
	@$(SERVICES) --durable -- $(MAKE) --no-print-directory measure

# The parts of `make bench` that need the services.
.PHONY: measure
measure:
	@$(NPM_CI) internal/bench/peers
	@$(GO) run ./internal/bench $(BENCH)

# SEED repeats the plan of an earlier run, ROUNDS changes its length.
SEED   ?= 0
ROUNDS ?= 60

.PHONY: soak
soak: ## real nodes and servers killed, cut off and refused at random, for a few minutes
	@$(SERVICES) --programs -- $(GO) run ./internal/soak -seed $(SEED) -rounds $(ROUNDS)

# How long the connections are cut.
FOR ?= 3m

.PHONY: soak-lines
soak-lines: ## the two long connections, cut, frozen and refused every few seconds, for FOR (3m)
	@$(GO) run ./internal/soak/lines -seed $(SEED) -for $(FOR)

# Without a bound the time goes into shortening inputs that broke nothing.
FUZZTIME ?= 20s

.PHONY: fuzz
fuzz: ## every fuzz test for FUZZTIME (20s)
	@$(GO) test -list '^Fuzz' ./... \
	  | awk '/^Fuzz/ { names[n++] = $$1 } /^ok/ { for (i = 0; i < n; i++) print $$2, names[i]; n = 0 }' \
	  | while read -r package name; do \
	      echo "== $$package $$name"; \
	      $(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$package" </dev/null; \
	    done

.PHONY: lint
lint: ## gofmt, go vet and staticcheck (configured in staticcheck.conf)
	@unformatted=$$(gofmt -l .); \
	  [ -z "$$unformatted" ] || { echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; }
	@$(GO) vet ./...
	@$(GO) vet -tags browser $(BROWSER)
	@$(LINT) staticcheck -tags browser ./...

.PHONY: fmt
fmt: ## format all Go files
	@gofmt -w .

.PHONY: demo
demo: ## try it out: http://127.0.0.1:8080/demo/
	@$(GO) run . demo

.PHONY: docker
docker: ## the image duban:latest
	docker build --build-arg COMMIT=$(COMMIT) -t duban:latest .

.PHONY: clean
clean: ## remove what was built
	rm -rf duban bin

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
