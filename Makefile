# Zhanggui: `make` lists the commands. Everything is installed into the project (.uv, .venv) and stored under var/.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
PY := .venv/bin/python
INSTALLED := .venv/installed
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3.10 python3 python $(wildcard $(HOME)/.pyenv/versions/3.10*/bin/python))
NO_PYTHON := No Python 3.10 found (tried: $(CANDIDATES)); Rasa 3.6 runs on no other. Install it (apt install python3.10 python3.10-venv, or pyenv install 3.10), or name it: make install PYTHON=/path/to/python3.10
FIND_PYTHON = for python in $(CANDIDATES); do \
	$$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null && { echo $$python; break; }; done

.PHONY: help install run chat test train validate check e2e bench domain
help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): uv.lock pyproject.toml tools/install.py
	@python=$$($(FIND_PYTHON)); test -n "$$python" || { echo "$(NO_PYTHON)" >&2; exit 1; }; \
	$$python -I tools/install.py && touch $(INSTALLED)

install: $(INSTALLED)  ## install everything into the project (nothing outside it)
	@echo "[install] .venv fits uv.lock"

run: $(INSTALLED)  ## start the bank, the actions and Rasa; trains first when the data changed
	@$(PY) -m tools run

chat: $(INSTALLED)  ## talk in the terminal as a demo customer (needs make run in another one)
	@$(PY) -m tools chat

test: $(INSTALLED)  ## everything CI runs: checks, unit tests, training, conversation tests
	@$(PY) -m tools test

train: $(INSTALLED)  ## train a model, unless one fits the data already
	@$(PY) -m tools train

validate: $(INSTALLED)  ## check the domain and the training data, ours and Rasa's checks
	@$(PY) -m tools validate

check: $(INSTALLED)  ## lint, types, import rules and data checks, under a minute
	@$(PY) -m tools check

e2e: $(INSTALLED)  ## conversation tests against the real processes
	@$(PY) -m tools e2e

bench: $(INSTALLED)  ## measure speed, CPU and memory
	@$(PY) -m tools bench

domain: $(INSTALLED)  ## join domain/*.yml into domain.yml
	@$(PY) -m tools domain
