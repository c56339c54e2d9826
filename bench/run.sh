#!/usr/bin/env bash
# Measures the release build, one thing after the other, and prints a table.
# `make bench` builds it first. Nothing here is a test: it prints, and asserts nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p bench/out
{
  echo "date    $(date -u +%FT%TZ)"
  echo "cpus    $(nproc), $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-)"
  echo "load    $(cut -d' ' -f1-3 /proc/loadavg)"
  echo
  echo "== node =="
  node bench/node.mjs target/release/fengsui
  echo
  echo "== facts (SQLite) =="
  target/release/examples/facts_rate
  echo
  echo "== commands during a backup =="
  target/release/examples/backup_wait
  echo
  echo "== import of 100 000 rows =="
  target/release/examples/import_rate
  echo
  echo "== fold (SQLite) =="
  target/release/examples/fold_rate
  echo
  echo "== series =="
  target/release/examples/rate
  echo
  echo "== SL 651 =="
  target/release/examples/sl651_rate
  echo
  echo "== rules =="
  target/release/examples/rules_rate
  echo
  echo "== duty desk =="
  target/release/examples/duty_desk
} | tee bench/out/last.txt
