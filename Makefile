# Everything a newcomer needs: `make demo`, `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test check audit soak bench docs clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .stamps/run ## rehearse Okta and Entra against the embedded reference server and write the report
	$(BIN)/scimulator run --profile marketbeam --idp okta --idp entra

test: .stamps/dev ## run the tests
	$(BIN)/python -m pytest -n $(WORKERS) -q

check: .stamps/dev ## lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .stamps/dev ## write the generated documents again
	$(BIN)/python -m pytest -q -n $(WORKERS) tests/detection/test_defects.py --update-documents
	$(BIN)/python -m pytest -q tests/detection/test_matrix.py tests/detection/test_document.py tests/documents tests/harness/test_editor.py tests/simulators/test_readmes.py --update-documents

audit: .stamps/audit ## look for known holes in what is installed (needs a network, and says so when there is none)
	$(BIN)/python -m pip check
	$(BIN)/python -m tests.audit

soak: .stamps/dev ## a quarter of an hour of load and faults on PostgreSQL and SQLite, too long for CI
	$(BIN)/python -m tests.soak

bench: .stamps/peers ## measure against the peers, as ratios in one run
	$(BIN)/python -m benchmarks

clean: ## remove what was made
	rm -rf $(VENV) .stamps runs .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "scimulator needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

.stamps/run: pyproject.toml | $(BIN)/python
	$(PIP) install -e .
	@mkdir -p .stamps && touch $@

.stamps/dev: pyproject.toml | $(BIN)/python
	$(PIP) install -e '.[dev]'
	@mkdir -p .stamps && touch $@ .stamps/run

.stamps/audit: pyproject.toml | $(BIN)/python
	$(PIP) install -e '.[dev,audit]'
	@mkdir -p .stamps && touch $@ .stamps/dev .stamps/run

.stamps/peers: pyproject.toml | $(BIN)/python
	$(PIP) install -e '.[dev,peers]'
	@mkdir -p .stamps && touch $@ .stamps/dev .stamps/run
