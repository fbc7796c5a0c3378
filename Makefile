# The list of habits. Needs only make and Python 3.11 or newer; everything else goes into .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Tests on all cores, file by file: those that take longest first (`LONGEST` in tests/conftest.py). More than two
# processes on two cores are slower.
SHARED := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Thousands of small workspaces come and go in the tests: in memory where there is room for them.
IN_MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -Pm /dev/shm | awk 'NR==2 {print $$4}')" -ge 4000 ] && echo TMPDIR=/dev/shm)

.DEFAULT_GOAL := help
.PHONY: help run test truth real lint format bench soak sbom audit digest shots lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.ready  ## set everything up and open the dashboard
	@$(BIN)/python -m segmentation.cli app $(ARGS)

test: $(VENV)/.ready-dev  ## all tests but the longest, and a tenth or less of each simulation suite (ARGS="-k name" picks some)
	$(IN_MEMORY) $(BIN)/python -m pytest -m "not real" $(SHARED) $(ARGS)

truth: $(VENV)/.ready-dev  ## the whole simulation suites: results against a planted truth
	TESSERA_TRUTH=full $(BIN)/python -m pytest -m truth $(SHARED) $(ARGS)

real: $(VENV)/.ready-dev  ## published order files of real shops through the same door
	$(BIN)/python -m pytest -m real $(ARGS)

lint: $(VENV)/.ready-dev  ## style, types and the floors that imports may cross
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.ready-dev  ## let ruff put imports and layout in order
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(VENV)/.ready-dev  ## speed against the peers, into bench.json (QUICK=1: a tenth of the size)
	$(BIN)/python -m tests.benchmarks.run $(if $(QUICK),--quick) $(ARGS)

soak: $(VENV)/.ready-dev  ## 50 visitors of one server beside an import and a map, ten minutes, into soak.json
	$(BIN)/python -m tests.soak.run $(ARGS)

sbom: $(VENV)/.ready-dev  ## the list of parts with versions and hashes, as CycloneDX, into sbom.json
	$(BIN)/python -m tests.supply.sbom

audit: $(VENV)/.ready-dev  ## known vulnerabilities of what is locked (ARGS=--required: fail where none can be looked up)
	$(BIN)/python -m tests.supply.audit $(ARGS)

# Written where there was no Docker engine, and never run: the base image of the Dockerfile is still named by its tag.
BASE := python:3.12-slim
digest:  ## name the Dockerfile's base image by its digest (needs Docker and the network)
	@found=$$(docker buildx imagetools inspect $(BASE) --format '{{.Manifest.Digest}}') && \
	case "$$found" in sha256:*) sed -i "s|^FROM $(BASE).*|FROM $(BASE)@$$found|" Dockerfile ;; *) exit 1 ;; esac

shots: $(VENV)/.ready-dev  ## a picture of every screen, light and dark, wide and narrow, into shots/
	$(BIN)/python -m tests.browser.shots $(ARGS)

# One resolution for every Python from 3.11 on; the second file repeats the first and adds what developers need.
LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet

lock: $(VENV)/.ready  ## pin what pyproject.toml asks for (UPGRADE=1: newest versions)
	$(PIP) install uv
	$(LOCK) $(if $(UPGRADE),--upgrade) --output-file requirements.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:  ## remove .venv and everything the tools made; your workspace stays
	rm -rf $(VENV) shots bench.json soak.json sbom.json build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find segmentation dashboard sample_data tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. The stamps make a second `make` instant and are renewed when a lock or pyproject.toml changes. The project
# itself is installed with the locked setuptools, so that nothing outside the lock is ever fetched.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tessera needs Python 3.11 or newer, and $(PYTHON) is %d.%d. Try: make PYTHON=python3.12 run" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing (Debian: apt install python3-venv)."; exit 1; }

$(VENV)/.ready: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up in $(VENV): once, a minute or two …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Setting up in $(VENV), with the tools for tests: once, a minute or two …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.ready $@
