# From a fresh clone: 'make serve' or 'make test'. 'make help' lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
TORCH := $(shell grep '^torch==' constraints.txt)
TORCH_CPU_INDEX := https://download.pytorch.org/whl/cpu
BROWSER ?= yes
WORKERS ?= 2
EXAMPLES ?= 500
SECONDS ?= 180
MINUTES ?= 60

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help serve test quick check lint formatting types page-check tests browser
.PHONY: screenshots page-figures docs fuzz load soak worst-case crash format clean

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{printf "make %-12s %s\n", $$1, $$2}'

serve: $(VENV)/installed ## install, take in seeds/ and serve on http://127.0.0.1:8000
	$(BIN)/pullquote serve

test: check tests ## install what the tests need and run all checks and tests

quick: $(VENV)/installed-for-tests lint ## in less than two minutes: the tests that need no model and no browser
	$(BIN)/pytest -q --numprocesses auto -m 'not model' --ignore tests/browser

check: lint formatting types $(if $(filter no,$(BROWSER)),,page-check) ## the checks that run no code

lint: $(VENV)/installed-for-tests ## ruff's rules
	$(BIN)/ruff check

formatting: $(VENV)/installed-for-tests ## ruff's formatting
	$(BIN)/ruff format --check

types: $(VENV)/installed-for-tests ## mypy, strict
	$(BIN)/mypy

page-check: node_modules/.package-lock.json ## the page's types and eslint's rules
	npm run --silent check

tests: $(VENV)/installed-for-tests $(if $(filter no,$(BROWSER)),,browser) ## pytest, with the floor under branch coverage; with BROWSER=no, without the page
	$(if $(filter no,$(BROWSER)),,$(BIN)/pytest --cov --cov-fail-under 0 -n $(WORKERS) tests/browser)
	$(BIN)/pytest --cov $(if $(filter no,$(BROWSER)),,--cov-append) -n $(WORKERS) --ignore tests/browser

browser: node_modules/.package-lock.json ## what the tests of the page need: Chromium and Node.js

screenshots: $(VENV)/installed-for-tests browser ## pictures of the page's main states, into screenshots/
	$(BIN)/python -m tests.browser.screenshots screenshots

page-figures: $(VENV)/installed-for-tests browser ## the page's size, and how soon an answer is seen
	$(BIN)/python -m tests.browser.figures

docs: $(VENV)/installed ## write what docs/ has of the settings and commands anew
	$(BIN)/python docs/generate.py

fuzz: $(VENV)/installed-for-tests ## generated requests over the whole HTTP interface; EXAMPLES=500 an operation
	$(BIN)/python -m benchmarks.fuzz --examples $(EXAMPLES)

load: $(VENV)/installed-for-load ## for SECONDS=180, more load than the service can carry
	$(BIN)/python -m benchmarks.load --seconds $(SECONDS)

soak: $(VENV)/installed-for-tests ## everything at once for MINUTES=60, with what may not grow
	$(BIN)/python -m benchmarks.soak --minutes $(MINUTES)

worst-case: $(VENV)/installed-for-tests ## articles and questions made to be slow, stage by stage
	$(BIN)/python -m benchmarks.worst_case

crash: $(VENV)/installed-for-tests ## kill, fill and damage libraries on purpose, many times
	$(BIN)/python -m benchmarks.crash

format: $(VENV)/installed-for-tests ## put the code into ruff's formatting
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## remove the environment and all caches; the library stays
	rm -rf $(VENV) node_modules build dist *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

node_modules/.package-lock.json: package.json package-lock.json tests/browser/set-up.sh
	@tests/browser/set-up.sh
	npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(VENV)/installed: $(VENV)/torch pyproject.toml constraints.txt
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/torch pyproject.toml constraints.txt
	$(PIP) install --quiet -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-for-load: $(VENV)/installed-for-tests
	$(PIP) install --quiet -c constraints.txt -e '.[load]'
	@touch $@

# PyTorch goes first, and alone: on Linux its CPU build is on its own index, and everything that
# needs it then finds it installed. Only when that index does not answer within five seconds does
# it come from the configured index, which may have the far larger CUDA build. The alarm ends the
# probe even while a name is being resolved, which no time-out of a connection covers.
$(VENV)/torch: $(VENV)/made constraints.txt
	@if [ "$$(uname -s)" = Linux ] && $(BIN)/python -c \
	    'import signal, urllib.request; signal.alarm(5); urllib.request.urlopen("$(TORCH_CPU_INDEX)/torch/")' \
	    2>/dev/null; then \
	  echo "taking $(TORCH) from $(TORCH_CPU_INDEX)"; \
	  $(PIP) install --quiet --no-deps --index-url $(TORCH_CPU_INDEX) '$(TORCH)'; \
	else \
	  echo "taking $(TORCH) from the configured index"; \
	  $(PIP) install --quiet -c constraints.txt '$(TORCH)'; \
	fi
	@touch $@

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: '$(PYTHON)' is not Python 3.11 or newer ($$($(PYTHON) --version 2>&1)):" \
	    "name one that is, as in 'make PYTHON=python3.12'" >&2; \
	  exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@
