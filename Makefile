# Everything a person needs, one word each. `make` alone lists them.

PYTHON ?= python3
PORT ?= 8000
# Tests run three at a time, file by file, each of the three on a PostgreSQL of its own: stories wait for their browsers,
# so that two would leave two cores idle a third of the time. WORKERS=0 for one at a time. What is long comes first
# (tests/conftest.py), and short files fill the end. What Python has compiled it keeps, whatever the machine says: it would
# compile all of it again for each of some hundred processes.
WORKERS ?= 3
PY := .venv/bin/python
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps
# apt-get needs root; without it, sudo that asks no password, or a clear sentence.
# libevent has another name in each release of Debian; Tor's package knows it.
FETCH_PROXIES = apt-get download nginx tor $$(apt-cache depends tor | awk '/Depends: libevent/ {print $$2}')
# What it takes to run these here, which depends on what is here: apt-get says it without installing anything.
PEERS = postfix dovecot-core dovecot-imapd kannel libnss-wrapper libuid-wrapper
FETCH_PEERS = apt-get download $$({ printf '%s\n' $(PEERS); \
	apt-get -s install --no-install-recommends $(PEERS) | awk '/^Inst/ {print $$2}'; } | sort -u)
SUDO := $(if $(filter 0,$(shell id -u)),,sudo -n)

.DEFAULT_GOAL := help
.PHONY: help demo test screenshots check format bench bench-peers chaos attack messages lock js install install-dev chromium attackers proxies peers node clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | \
		while IFS='|' read -r word what; do printf '  make %-13s %s\n' "$$word" "$$what"; done

demo: .venv/.app ## four whole helplines with invented staff (PORT=8000)
	@$(PY) -m helpline demo --port $(PORT)

test: .venv/.dev node_modules/.ready chromium attackers proxies peers ## every test (ARGS="tests/live -k resume" for some)
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

screenshots: .venv/.dev chromium ## docs/screenshots, taken anew by the stories in tests/flows
	@SCREENSHOTS=yes $(PY) -m pytest -m flow $(ARGS)

check: .venv/.dev node_modules/.ready ## format, lint, types, imports, migrations, file lengths
	@.venv/bin/ruff format --check --quiet . || { echo "Run: make format" >&2; exit 1; }
	@.venv/bin/ruff check --quiet .
	@.venv/bin/lint-imports --no-cache
	@$(PY) -m mypy --no-error-summary
	@npm run --silent check
	@$(PY) -W ignore -m helpline makemigrations --check --dry-run
	@$(PY) -m pytest -q tests/test_architecture.py -k 400_lines
	@echo "All checks passed."

format: .venv/.dev ## write the house format
	@.venv/bin/ruff format --quiet . && .venv/bin/ruff check --fix --quiet .

bench: .venv/.dev ## speed and memory, one JSON object a line (benchmarks/README.md)
	@$(PY) -m benchmarks

bench-peers: .venv/.dev ## the same against Prosody and Synapse (installs both)
	@$(PY) -m benchmarks.peers

chaos: .venv/.dev node_modules/.ready ## 1,000 faults: no acknowledged message lost; 500 kills: nobody in the queue lost; 300: no text
	@$(PY) -m benchmarks.chaos
	@$(PY) -m benchmarks.chaos.queue
	@$(PY) -m benchmarks.chaos.texting

attack: .venv/.dev attackers proxies ## the attack tools at length, and 100,000 strangers (half an hour)
	@ATTACK=long $(PY) -m pytest --timeout 5400 tests/attack $(ARGS)

messages: .venv/.dev ## sentences of the interface into the catalogue of te reo Māori, and that compiled
	@$(PY) -m tests.languages.messages

lock: .venv/.dev ## new versions and hashes in requirements/, from pyproject.toml
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		pyproject.toml -o requirements/app.txt
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		pyproject.toml --extra dev --constraint requirements/app.txt -o requirements/dev.txt
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		requirements/attack.in -o requirements/attack.txt

js: node_modules/.ready ## what browsers load as one file: the desk, its styles and the site's, keys' npm packages
	@npm run --silent build

install: .venv/.app ## .venv with what the system needs to run
install-dev: .venv/.dev ## .venv with what its makers need

clean: ## throw away the environment, the demonstration's data and all caches
	@rm -rf .venv var node_modules .ruff_cache .hypothesis

# What follows makes a bare machine ready, and does nothing the second time.

.venv/bin/python:
	@test ! -e .venv -o -w .venv || { echo "The folder .venv belongs to another user. Clone Helpline into a folder of your own." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Helpline needs Python 3.11 or newer. Choose one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@# Debian's python3 may lack ensurepip, pip, or both.
	@$(PYTHON) -m venv --clear .venv >/dev/null 2>&1 \
		|| { $(PYTHON) -m venv --clear --without-pip .venv \
			&& $(PYTHON) -m pip --python $(PY) install -qq --disable-pip-version-check pip; } >/dev/null 2>&1 \
		|| { $(SUDO) apt-get install -y -qq python3-venv && $(PYTHON) -m venv --clear .venv; } >/dev/null 2>&1 \
		|| { rm -f $(PY); echo "Python cannot make an environment here. As root: apt-get install python3-venv" >&2; exit 1; }

.venv/.app: requirements/app.txt | .venv/bin/python
	@echo "Installing what Helpline needs (once) ..."
	@$(PIP_INSTALL) -r $< && touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/python
	@echo "Installing what its makers need (once) ..."
	@$(PIP_INSTALL) -r $< && touch $@ .venv/.app

node_modules/.ready: package-lock.json package.json | node
	@npm ci --silent --no-audit --no-fund && touch $@

node:
	@command -v npm >/dev/null || $(SUDO) apt-get install -y -qq nodejs npm >/dev/null 2>&1 \
		|| { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq nodejs npm; } >/dev/null 2>&1 \
		|| { echo "The checks of the browser's code need npm. As root: apt-get install nodejs npm" >&2; exit 1; }

# The whole browser, and its shell without windows (tests/browser.py).
chromium:
	@command -v chromium >/dev/null && command -v chromium-headless-shell >/dev/null \
		|| $(SUDO) apt-get install -y -qq chromium chromium-headless-shell >/dev/null 2>&1 \
		|| { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq chromium chromium-headless-shell; } >/dev/null 2>&1 \
		|| { echo "The tests need a real browser. As root: apt-get install chromium chromium-headless-shell" >&2; exit 1; }

# In an environment of their own: what attacks us should not stand among what we run on.
var/attackers/.ready: requirements/attack.txt | .venv/bin/python
	@echo "Installing what attacks Helpline in its tests (once) ..."
	@rm -rf var/attackers && mkdir -p var && $(PY) -m venv --without-pip var/attackers
	@$(PY) -m pip --python var/attackers/bin/python install -qq --disable-pip-version-check --require-hashes --no-deps -r $< && touch $@

attackers: var/attackers/.ready
	@command -v sqlmap >/dev/null && command -v wapiti >/dev/null || $(SUDO) apt-get install -y -qq sqlmap wapiti >/dev/null 2>&1 \
		|| { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq sqlmap wapiti; } >/dev/null 2>&1 \
		|| { echo "The tests attack the system with sqlmap and wapiti. As root: apt-get install sqlmap wapiti" >&2; exit 1; }

# nginx and Tor, taken out of their packages and not installed: nothing of theirs runs but when a test starts it.
var/proxies/.ready:
	@echo "Fetching the proxies that the recipes are tried with (once) ..."
	@rm -rf var/proxies && mkdir -p var/proxies/packages
	@cd var/proxies/packages && { $(FETCH_PROXIES) || { $(SUDO) apt-get update -qq && $(FETCH_PROXIES); }; } >/dev/null 2>&1 \
		|| { echo "The recipes are tried with nginx and Tor, from Debian's packages: apt-get download nginx tor" >&2; exit 1; }
	@cd var/proxies && for package in packages/*.deb; do dpkg-deb -x $$package .; done && touch .ready

proxies: var/proxies/.ready
	@command -v openssl >/dev/null || $(SUDO) apt-get install -y -qq openssl >/dev/null 2>&1 \
		|| { echo "The recipes are tried with openssl. As root: apt-get install openssl" >&2; exit 1; }

# Mail servers and an SMPP gateway that are not ours, taken out of their packages and not installed: nothing of theirs
# runs but when a test starts it, without root. Dovecot looks for its modules at one fixed place; it is told another.
var/peers/.ready:
	@echo "Fetching Postfix, Dovecot and Kannel, which mail and text messages are tried with (once) ..."
	@mkdir -p var/peers && cd var/peers && rm -rf packages bin etc lib usr var && mkdir packages
	@cd var/peers/packages && { $(FETCH_PEERS) || { $(SUDO) apt-get update -qq && $(FETCH_PEERS); }; } >/dev/null 2>&1 \
		|| { echo "Mail and texts are tried with servers from Debian's packages: apt-get download $(PEERS)" >&2; exit 1; }
	@cd var/peers && for package in packages/*.deb; do dpkg-deb -x $$package .; done
	@cd var/peers && grep -rlZ /usr/lib/dovecot/modules usr/lib/dovecot \
		| xargs -0 sed -i 's|/usr/lib/dovecot/modules|/proc/self/cwd///modules|g' && touch .ready

peers: var/peers/.ready
