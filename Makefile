# What one can do here. `make` alone lists it; every target does its own set-up, and is quick when that is done.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PACKAGES := sync edge_node central fixtures
WORKERS ?= 4

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup compiled demo test check messages bench bench-links soak chaos clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/tests-ready node_modules/ready  ## make .venv and node_modules, with all that tests and demo need

demo: $(VENV)/ready compiled  ## centre, township and village on this machine; ONCE=1 ends after the comparison
	$(BIN)/yizhan demo $(if $(ONCE),--once)

# All tests are shared out to workers, file by file, the long ones first; the few that ARGS names run in one process.
test: setup compiled  ## run every test, or some: ARGS="tests/unit -k receipt"; what this machine lacks is skipped and named (in CI it fails)
	$(BIN)/python -m pytest $(or $(ARGS),--numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder)

check: $(VENV)/tests-ready  ## lint, format, types, and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

messages: $(VENV)/ready  ## bring the message files in line with what code and templates say; texts are then written into them
	@for package in sync edge_node central; do \
		for file in messages description; do \
			if [ $$file = description ]; then marks="--no-default-keywords --keyword D_"; else marks=; fi; \
			$(BIN)/pybabel --quiet extract --mapping-file babel.cfg $$marks --add-location file --no-wrap --project yizhan --copyright-holder "" \
				--output-file $$package/$$file.pot $$package && \
			$(BIN)/pybabel --quiet update --domain $$file --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap \
				--init-missing --locale zh_Hans_CN --input-file $$package/$$file.pot --output-dir $$package/translations || exit 1; \
			rm $$package/$$file.pot; \
		done; \
	done

bench: setup  ## measure the store and a station at work beside their peers in one run; ONLY="write read" for some sections
	$(BIN)/python -m fixtures.bench $(ONLY)

bench-links: setup  ## measure weak links beside the peers in one run; ONLY="push idle" for some, SEEDS="1 2", STATIONS=500, WINDOW=600
	$(BIN)/python -m fixtures.bench_links $(ONLY) $(if $(SEEDS),--seeds "$(SEEDS)") $(if $(STATIONS),--stations $(STATIONS)) $(if $(WINDOW),--window-seconds $(WINDOW))

soak: setup  ## 32 clients on one server for 10 minutes, and nothing may go wrong; SECONDS=60 for less
	$(BIN)/python -m fixtures.soak --seconds $(or $(SECONDS),600)

chaos: setup  ## village, township and centre while everything breaks, for long: SEED=1 MINUTES=30
	$(BIN)/python -m tests.faults.road $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES))

clean:  ## remove whatever the other targets made
	rm -rf $(VENV) node_modules build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Once for the hundreds of processes that tests start, also where the environment keeps Python from writing what it compiled.
compiled: $(VENV)/ready
	@$(BIN)/python -m compileall -q $(PACKAGES)

# Each file named `ready` says that the set-up before it ended well; it is older than what it was made from when that changed.

$(VENV)/ready: setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/tests-ready: $(VENV)/ready
	$(PIP) --editable '.[test]'
	@touch $@

# No install scripts: what we use brings its binaries, and one optional package would download and compile its own.
# Without npm the tests that need it are skipped, so its absence ends nothing here; nor does it count as ready.
node_modules/ready: package.json package-lock.json
	@if command -v npm >/dev/null; then \
		npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@; \
	else \
		echo "npm is not installed: what needs PouchDB will not be tested"; \
	fi
