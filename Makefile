# Every command installs what it needs into .venv/; run without a target for the list.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
BOOTSTRAP := $(PYTHON) deploy/bootstrap.py
# Side by side; PYTEST_ARGS=-n0 runs them one after another. In the order that they were collected
# in: tests that empty the database come after those that need what its migrations put there.
PYTEST := $(VENV_PYTHON) -m pytest -n auto --dist loadgroup --no-loadscope-reorder
PYTEST_ARGS ?=
BENCH_ARGS ?=
LOAD_ARGS ?=
CHAOS_ARGS ?=
FUZZ_ARGS ?=
SCREENS_ARGS ?=
BROWSERS_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-browsers screens bench load plots chaos fuzz lint audit fresh requirements clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# `exec`: Ctrl-C reaches the demo itself, with no shell in between.
demo:  ## a running product with two agencies and pictures; HOST= and PORT= move it
	@$(BOOTSTRAP) base engine
	@exec $(VENV_PYTHON) -m config.demo

test:  ## every test, on SQLite and then on a real PostgreSQL; PYTEST_ARGS= narrows
	@$(BOOTSTRAP) base engine test e2e audit
	@$(VENV_PYTHON) -m tests.chromium
	@$(VENV_PYTHON) -m tests.exiftool
	@$(VENV_PYTHON) -m tests.redis_server
	@$(PYTEST) $(PYTEST_ARGS)
	@$(VENV_PYTHON) -m tests.postgres -- $(PYTEST) $(PYTEST_ARGS)

test-browsers:  ## from sign-in to a picture in Firefox and WebKit, installed where they are missing
	@$(BOOTSTRAP) base engine test e2e
	@$(VENV_PYTHON) -m tests.other_browsers $(BROWSERS_ARGS)

screens:  ## every page in every look: axe reads it, docs/screens/ shows it; SCREENS_ARGS= names some
	@$(BOOTSTRAP) base engine test e2e
	@$(VENV_PYTHON) -m tests.chromium
	@$(VENV_PYTHON) -m tests.screens $(SCREENS_ARGS)

bench:  ## figures beside their rivals, some minutes of them; BENCH_ARGS= names some, --jobs N
	@$(BOOTSTRAP) base engine test
	@$(VENV_PYTHON) -m tests.bench $(BENCH_ARGS)

load:  ## 10,000 jobs in flight at once, and jobs a minute of this host; 40 minutes; LOAD_ARGS="--in-flight 1000"
	@$(BOOTSTRAP) base engine test
	@$(VENV_PYTHON) -m tests.load --in-flight 10000 --table docs/growth/flight.tsv $(LOAD_ARGS)

plots:  ## draw docs/growth/*.png from the tables beside them, which make load and tests.load.growth write
	@$(BOOTSTRAP) base engine test plots
	@$(VENV_PYTHON) -m tests.load.plots

chaos:  ## kill everything at every moment, cut hosts off, then compare the books; an hour, goes on where it was
	@$(BOOTSTRAP) base engine test
	@$(VENV_PYTHON) -m tests.redis_server
	@$(VENV_PYTHON) -m tests.hosts
	@$(VENV_PYTHON) -m tests.chaos $(CHAOS_ARGS)

fuzz:  ## the API, called with whatever its document allows and more; some minutes, FUZZ_ARGS="--seed N"
	@$(BOOTSTRAP) base engine test
	@$(VENV_PYTHON) -m tests.fuzz $(FUZZ_ARGS)

lint:  ## everything that reads the code
	@$(BOOTSTRAP) base engine test e2e
	@$(VENV_PYTHON) -m deploy.lint

audit:  ## every version in requirements/*.txt beside the published advisories; fails unanswered
	@$(BOOTSTRAP) base audit
	@$(VENV_PYTHON) -m deploy.advisories

fresh:  ## demo and test in a bare Debian, as root and as a plain user (needs root)
	@$(PYTHON) deploy/fresh.py

# In this order: each set is held to the versions of the ones before it.
requirements:  ## compile requirements/*.in again: the newest versions, with their hashes
	@$(BOOTSTRAP) uv
	@set -e; for name in base engine sentry test e2e audit plots uv; do \
		echo "Compiling requirements/$$name.txt"; \
		.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-header --no-annotate \
			requirements/$$name.in --output-file requirements/$$name.txt; \
	done

clean:  ## remove .venv/ and the caches; var/ (data) stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
