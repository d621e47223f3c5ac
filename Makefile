# make brief   today's brief from seeds/ into briefs/
# make test    style, types, layers and the suite
# make slow    its slow tests: kills, simulated years, floods, pages in a browser
# make postgresql  the tests that keep something, on a PostgreSQL server
# make quality what is measured on ../shared/data (skipped where that is not)
# make bench   seconds and memory of each stage

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
STARTER := --config seeds/briefing.toml

# `make postgresql KEEPING=tests` for all.
KEEPING = $(addprefix tests/test_,chart.py days.py mailing.py mailing_kill.py news.py pipeline.py retention.py schedule.py \
	schedules.py site_days.py store.py store_claims.py store_copy.py store_kill.py store_server.py subscribers.py verify.py)

# It takes a third more time; CI asks for it.
COVERAGE = $(if $(CI),--cov --cov-report=term)

.PHONY: brief test slow postgresql lint quality bench chromium golden lock clean

brief: $(VENV)/installed
	@$(BIN)/briefing build $(STARTER) --all

test: lint
	$(BIN)/pytest -q -n 3 -m "not quality and not slow" $(COVERAGE)

slow: $(VENV)/for-tests chromium
	$(BIN)/pytest -q -n 2 -m "slow and not quality"

postgresql: $(VENV)/for-tests
	$(BIN)/pytest -q -n 2 --postgresql -m "not quality" $(KEEPING)

lint: $(VENV)/for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

quality: $(VENV)/for-tests chromium
	$(BIN)/pytest -q -m quality -s --timeout 900

bench: $(VENV)/for-tests
	$(BIN)/python -m bench

# The committed edition, built again from seeds/ (then look at the difference).
golden: $(VENV)/installed
	@rm -rf build/golden && mkdir -p build/golden
	$(BIN)/briefing build $(STARTER) --all --now 2024-12-01T06:30+07:00 \
		--store build/golden/briefing.db --output briefs

# The newest versions the settings allow, written down once the suite passes with them.
lock: $(VENV)/for-tests
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade --upgrade-strategy eager --editable '.[test]'
	@{ echo "# The versions the suite passed with; \`make lock\` writes them again."; \
		$(BIN)/pip freeze --exclude-editable; } > constraints.txt

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "briefing needs Python 3.11 or later; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	@touch $@

$(VENV)/for-tests: $(VENV)/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/installed

# Browser tests use Debian's Chromium; where it may not be installed they say so and skip.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "No Chromium here: browser tests will be skipped."; fi

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
