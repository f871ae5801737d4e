# Everything runs in .venv, which the first target that needs it makes from requirements.lock.
PYTHON ?= python3
BIN = .venv/bin
READY = .venv/ready

.DEFAULT_GOAL := help
.PHONY: help setup run test test-all test-s3 check lock topics bench clean

help:  ## Show this help.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## Set everything up (needs the network once).

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Dateline needs Python 3.11, 3.12 or 3.13; say which with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/pip check
	@touch $@

run: $(READY)  ## Run the main job: raw/ to warehouse/.
	$(BIN)/dateline run raw

test: $(READY)  ## Run the tests.
	$(BIN)/python -m pytest

test-all: $(READY)  ## Run the tests, the slow ones too.
	$(BIN)/python -m pytest -m ""

test-s3: $(READY) .venv-s3/ready  ## Run the tests that need an S3 server, which is set up here (Debian, root).
	$(BIN)/python -m pytest -m s3 tests/s3

.venv-s3/ready: tests/s3/requirements.lock
	command -v memcached || { apt-get update -qq && apt-get install -y -qq --no-install-recommends memcached liberasurecode1; }
	$(PYTHON) -m venv .venv-s3
	.venv-s3/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

check: $(READY)  ## Lint, format and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock:  ## Resolve the dependencies anew (needs uv on the PATH).
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--all-extras pyproject.toml --output-file requirements.lock

topics: $(READY)  ## Build the word x topic table anew from our seed words.
	$(BIN)/python -m transforms.rules.build_topics

bench: $(READY)  ## Measure the ratios of benchmarks/README.md.
	$(BIN)/python -m benchmarks

clean:  ## Remove what can be made again, but for the warehouse.
	rm -rf .venv .venv-s3 build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
