# One entry point. `make help` lists what it does.

SHELL := /bin/bash
.DEFAULT_GOAL := help
CARGO ?= cargo
BIN := target/debug/fengsui
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.PHONY: help run dev build ui test test-rust test-postgres tools-postgres test-clickhouse tools-clickhouse test-ui test-browser manual check fmt lint reference bench bench-peers tools

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: ui ## builds everything and runs the demo: a night in Jilin
	$(CARGO) build --locked --release --bin fengsui
	target/release/fengsui demo

dev: ## runs the demo from a debug build, and the UI with hot reload beside it
	$(CARGO) build --locked --bin fengsui
	trap 'kill 0' EXIT; $(BIN) demo & (cd ui && npm ci && npx vite) & wait

build: ui ## builds the release binary with the UI inside
	$(CARGO) build --locked --release --bin fengsui

ui: ui/dist/index.html ## builds the web UI into ui/dist

UI_SOURCES := $(shell find ui/src ui/scripts ui/public -type f 2>/dev/null) ui/index.html ui/package.json ui/package-lock.json ui/vite.config.ts
ui/dist/index.html: $(UI_SOURCES)
	cd ui && npm ci --no-audit --no-fund && npm run build
	touch ui/dist/index.html

test: export SKIP_NOTHING = 1
# Stories kill processes, not machines: their files are as safe in memory, where no
# synchronisation waits for a disk that the build is still writing to.
test: export SCRATCH = $(shell test "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -ge 6291456 2>/dev/null && echo /dev/shm || echo $${TMPDIR:-/tmp})
test: tools test-ui ui test-rust test-postgres test-clickhouse test-browser ## installs what is missing, then runs every test and skips none

test-rust: ## format, lint and tests of the Rust side
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) test --locked --workspace

test-postgres: tools-postgres ## runs the stories of every stage on a PostgreSQL of their own
	scripts/with-postgres $(CARGO) test --locked -p host -p trust -p atlas -p survey -p sense -p assess -p alert -p respond -- --include-ignored
	scripts/with-postgres $(CARGO) test --locked -p server --bin fengsui chronicle

test-clickhouse: tools-clickhouse ## tells the stories of the series to a ClickHouse too, which is stopped and killed in some
	$(CARGO) clippy --locked -p clickhouse --features server --all-targets -- -D warnings
	scripts/with-clickhouse $(CARGO) test --locked -p clickhouse --features server
	scripts/with-clickhouse $(CARGO) test --locked -p server --test it -- --ignored copy::

test-ui: ## types, unit tests and size budgets of the web UI
	cd ui && npm ci --no-audit --no-fund && npm run check

test-browser: ui ## the story from rain to task, in a real browser on a running demo
	$(CARGO) build --locked --bin fengsui
	cd ui && npm run story

manual: ui ## takes the pictures of docs/manual anew, from the browser story
	$(CARGO) build --locked --bin fengsui
	mkdir -p docs/manual/pictures
	cd ui && MANUAL_PICTURES=1 npm run story

check: test-ui test-rust ## what a change must pass before it is handed over

fmt: ## formats the Rust side
	$(CARGO) fmt --all

lint: ## lints the Rust side
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

reference: ## writes docs/reference and the UI's types from the code
	$(CARGO) build --locked --bin fengsui
	$(BIN) reference openapi > docs/reference/openapi.json
	$(BIN) reference config > docs/reference/config.md
	$(BIN) reference facts > docs/reference/facts.md
	$(BIN) reference permissions > docs/reference/permissions.md
	$(BIN) reference protocols > docs/reference/protocols.md
	cd ui && npm ci --no-audit --no-fund && npm run api

bench: ## measures, and prints what bench/README.md quotes
	$(CARGO) build --locked --release --bin fengsui --examples
	bench/run.sh

bench-peers: ## measures beside VictoriaMetrics, PostgreSQL, ClickHouse and Mosquitto (Debian's packages), 5 min each
	$(CARGO) build --locked --release --bin fengsui --examples
	mkdir -p bench/out
	node bench/peers.mjs target/release/fengsui | tee bench/out/peers.txt

tools: ## installs what a bare Debian 12 with cargo and node lacks
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	fc-list 2>/dev/null | grep -qi 'Noto Sans CJK' || missing="$$missing fonts-noto-cjk fontconfig"; \
	command -v cc >/dev/null || missing="$$missing build-essential"; \
	command -v xmllint >/dev/null || missing="$$missing libxml2-utils"; \
	test -x /usr/sbin/sshd || missing="$$missing openssh-server"; \
	command -v sftp >/dev/null || missing="$$missing openssh-client"; \
	command -v mosquitto_pub >/dev/null || missing="$$missing mosquitto-clients"; \
	/usr/bin/python3 -c 'import paho.mqtt.client' 2>/dev/null || missing="$$missing python3-paho-mqtt"; \
	/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || missing="$$missing python3-aiosmtpd"; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	fi
	@cargo fmt --version >/dev/null && cargo clippy --version >/dev/null

tools-postgres: ## installs Debian's PostgreSQL, which only test-postgres needs
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null; then \
	  echo "installing postgresql"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; \
	fi

tools-clickhouse: ## installs Debian's ClickHouse, which only test-clickhouse needs
	@if ! test -x /usr/sbin/clickhouse-server && ! command -v clickhouse-server >/dev/null; then \
	  echo "installing clickhouse-server"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends clickhouse-server >/dev/null; \
	fi
