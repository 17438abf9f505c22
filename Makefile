# What a person types. Everything installs itself into .venv from the lock files, and again only when they have changed.
# A setting of .env.example can be given on the command line: make run PORT=8080 CTGOV_API_URL=http://127.0.0.1:9001/api/v2

PORT ?= 8000
STANDIN_PORT ?= 9001
RECORDS ?=
TESTS ?= -n auto
export PORT

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: audit chaos fuzz load soak bench bench-scale help run test test-servers lint format lock evaluate standin clean

help:  ## List what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r target text; do printf '%-18s %s\n' "$$target" "$$text"; done

# --- Install --------------------------------------------------------------------------------------------------------------
# The first Python of 3.11 or newer that can make a virtual environment. PYTHON=/path/to/python chooses another.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  echo "Making $(VENV) with $$("$$python" --version)"; \
	  exec "$$python" -m venv --clear $(VENV); \
	done; \
	echo "TrialTracker needs Python 3.11 or newer with its venv module, and found none." >&2; \
	echo "On Debian or Ubuntu: apt-get install python3 python3-venv; else see https://www.python.org/downloads/." >&2; \
	echo "If it is installed out of the way: make run PYTHON=/path/to/python3" >&2; \
	exit 1

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

$(VENV)/run.lock: requirements.lock | $(BIN)/python
	@echo "Installing what TrialTracker runs on (about half a minute, this once)"
	@$(INSTALL) -r requirements.lock
	@cp requirements.lock $@

$(VENV)/dev.lock: requirements-dev.lock | $(BIN)/python
	@echo "Installing what its tests and linters need (about a minute, this once)"
	@$(INSTALL) -r requirements-dev.lock
	@cp requirements-dev.lock $@

$(VENV)/stress.lock: requirements-stress.lock | $(VENV)/dev.lock
	@echo "Installing what fuzzing and load need (about half a minute, this once)"
	@$(INSTALL) -r requirements-stress.lock
	@cp requirements-stress.lock $@

# --- Use ------------------------------------------------------------------------------------------------------------------
run: $(VENV)/run.lock  ## Install, bring in the trials, and serve them at http://127.0.0.1:8000
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
	  { echo "Port $(PORT) is taken or no port: choose another one, as in make run PORT=8080" >&2; exit 1; }
	@$(MANAGE) prepare
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/honcho --env /dev/null start

standin: $(VENV)/run.lock  ## Serve a stand-in of the registry from files (RECORDS=...), to develop without a network
	@$(BIN)/python -m tests.standin $(RECORDS) --port $(STANDIN_PORT)

# --- Check ----------------------------------------------------------------------------------------------------------------
test: $(VENV)/dev.lock  ## Run the whole suite on all cores; TESTS='tests/trials -k sync' runs a part of it on one
	@$(BIN)/python -m pytest $(TESTS)

test-servers: $(VENV)/dev.lock  ## Run the suite on a throw-away PostgreSQL and Redis of its own
	@$(BIN)/python -m tests.servers $(BIN)/python -m pytest $(TESTS)

OURS := alerts therapies trials trialtracker gunicorn.conf.py manage.py
lint: $(VENV)/dev.lock  ## Check style, risky calls, templates, the Dockerfile, migrations and settings
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(OURS)
	@$(BIN)/hadolint --failure-threshold warning Dockerfile
	@find alerts templates therapies trials trialtracker -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	@$(MANAGE) makemigrations --check --dry-run
	@$(MANAGE) check --fail-level WARNING
	@BEHIND_TLS=true $(MANAGE) check --deploy --fail-level WARNING

audit: $(VENV)/dev.lock  ## Ask an advisory service for known weaknesses of the dependencies; needs the network
	@$(BIN)/python -m tests.audit

format: $(VENV)/dev.lock  ## Bring Python and templates into their form
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@find alerts templates therapies trials trialtracker -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

chaos: $(VENV)/dev.lock  ## Cause every fault of the table against real processes, and say what became of each; ROWS='nulls disk-full'
	@$(BIN)/python -m tests.chaos $(ROWS)

fuzz: $(VENV)/stress.lock  ## Feed all that takes in words from outside with what atheris makes up; TARGETS='record token' INPUTS=1000
	@$(BIN)/python -m tests.fuzz $(TARGETS) $(if $(INPUTS),--inputs $(INPUTS))

load: $(VENV)/stress.lock  ## Twice the readers that one web process can serve, and what becomes of them; MINUTES=20
	@$(BIN)/python -m tests.load load $(if $(MINUTES),--minutes $(MINUTES))

soak: $(VENV)/stress.lock  ## An hour of readers and syncs: what grows; MINUTES=60 EVERY=5
	@$(BIN)/python -m tests.load soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(EVERY),--every $(EVERY))

evaluate: $(VENV)/dev.lock  ## Measure the classifier and the eligibility reader against their labelled records
	@$(BIN)/python -m tests.evaluation

bench: $(VENV)/dev.lock  ## Measure ingest, refresh, memory, pages, workers and growth against their floors, on SQLite and PostgreSQL
	@$(BIN)/python -m benchmarks

bench-scale: $(VENV)/dev.lock  ## Measure the list page at 500,000 trials and the nearest of 3,000,000 sites; DATA=/where/they/are/kept (13 GB)
	@$(BIN)/python -m benchmarks scale $(if $(DATA),--data $(DATA))

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-emit-index-url --no-emit-find-links
lock:  ## Pin everything again after a change of requirements*.txt; LOCK=--upgrade moves what they pull in
	@test -x $(BIN)/uv || $(MAKE) $(VENV)/dev.lock
	@$(COMPILE) $(LOCK) requirements.txt --output-file requirements.lock
	@$(COMPILE) $(LOCK) --constraint requirements.lock requirements-dev.txt --output-file requirements-dev.lock
	@$(COMPILE) $(LOCK) --constraint requirements-dev.lock requirements-stress.txt --output-file requirements-stress.lock

clean:  ## Remove .venv and caches; the data in var/ stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
