# What a contributor or a visitor types; `make` alone lists it.
# Needs python3 (3.10 or newer) and a package registry, and nothing else installed by hand.

# The interpreter that the environments are made of.
PYTHON ?= python3
# Packages published after this day are not seen: today's release of somebody else cannot break
# yesterday's commit. `make test AS_OF=` takes the newest of everything.
AS_OF ?= 2026-11-21
# make demo: a file (JSON lines or CSV) or a folder of these or of text files, instead of the sample.
DOCUMENTS ?=
# make demo: how that file is written, where it has other columns, another delimiter or encoding.
TEXT_COLUMN ?=
ID_COLUMN ?=
LANGUAGE_COLUMN ?=
DELIMITER ?=
ENCODING ?=
# make demo: key, or entra for bearer tokens.
SIGN_IN ?= key
# make demo: where the results are written.
OUTPUT ?= demo-output

LAYOUT = $(if $(TEXT_COLUMN),--text-column "$(TEXT_COLUMN)") $(if $(ID_COLUMN),--id-column "$(ID_COLUMN)") \
	$(if $(LANGUAGE_COLUMN),--language-column "$(LANGUAGE_COLUMN)") \
	$(if $(DELIMITER),--delimiter "$(DELIMITER)") $(if $(ENCODING),--encoding "$(ENCODING)")

VENV := .venv
BIN := $(VENV)/bin
UV := $(or $(shell command -v uv),$(BIN)/uv)
DATED := $(if $(AS_OF),--exclude-newer $(AS_OF))
# Its name carries the day, so that another day means another installation.
INSTALLED := $(VENV)/.installed-$(or $(AS_OF),today)
# A package that is installed from this folder, and its tests, are compiled once and not in each process.
export PYTHONDONTWRITEBYTECODE :=
# Airflow writes a configuration, logs and a database into its home on the first import of it.
export AIRFLOW_HOME := $(CURDIR)/.cache/airflow

# More than a small machine has cores, since some tests wait for a real Airflow while others work.
PROCESSES ?= 5
# make test-matrix: versions of Airflow, instead of the oldest and the newest; make browser: instead of
# the one that is installed.
VERSIONS ?=
# make test-matrix: yes to test what is tested each day: the oldest, and by key tests the newest, which
# `make test` has tested, and one between, another each day.
IN_TURN ?=

# Packages whose every line and branch is to be run by a test.
FULLY_COVERED := airflow_provider_language/protocol airflow_provider_language/transports
# make browser: yes to renew the pictures in the documentation.
PICTURES ?=

.DEFAULT_GOAL := help
.PHONY: help demo up test lint foreign docs test-matrix browser release-check bench chaos clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(INSTALLED)  ## Run a corpus on a real Airflow: make demo [DOCUMENTS=path] [SIGN_IN=entra] [OUTPUT=folder]
	$(BIN)/python -m tests.system.demo $(if $(DOCUMENTS),--documents "$(DOCUMENTS)") $(LAYOUT) \
		--sign-in "$(SIGN_IN)" --output "$(OUTPUT)"

up: $(INSTALLED)  ## Keep Airflow, the emulator and the example DAGs running until Ctrl-C
	$(BIN)/python -m tests.system.up

test: $(INSTALLED)  ## Check the code and run all tests, a real Airflow among them
	@$(MAKE) --no-print-directory --jobs=2 lint foreign
	$(BIN)/python -m pytest -n $(PROCESSES) --ignore=tests/matrix $(FULLY_COVERED:%=--cov=%) --cov-report=
	$(BIN)/coverage report --show-missing --skip-covered --fail-under=100

lint: $(INSTALLED)  ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

foreign: $(INSTALLED)  ## Install the other programs that the tests drive the emulator with
	@$(BIN)/python -m tests.foreign --uv "$(UV)" --as-of "$(AS_OF)"

docs: $(INSTALLED) foreign  ## Make the site of the documentation, in build/site
	$(BIN)/python -m tests.site.building

bench: $(INSTALLED)  ## Measure against peers and bounds, and print the tables
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.emulator

test-matrix: $(INSTALLED)  ## Test the built wheel on the oldest and the newest Airflow; IN_TURN=yes: as each day; or on VERSIONS="3.0.6"
	$(BIN)/python -m tests.matrix --uv "$(UV)" --python "$(PYTHON)" --as-of "$(AS_OF)" $(if $(IN_TURN),--in-turn) $(VERSIONS)

browser: $(INSTALLED)  ## Walk through Airflow's pages in Chromium; on VERSIONS="2.11.2 3.1.8"; PICTURES=yes: renew those of the docs
	$(BIN)/python -m tests.browser --uv "$(UV)" --python "$(PYTHON)" --as-of "$(AS_OF)" $(if $(PICTURES),--pictures) $(VERSIONS)

release-check: $(INSTALLED) foreign  ## Build what is to be released twice, check it and the workflows; walk in a browser; play with Celery
	$(BIN)/python -m tests.release --uv "$(UV)" --python "$(PYTHON)" --as-of "$(AS_OF)"
	@$(MAKE) --no-print-directory browser
	$(BIN)/python -m tests.chaos 3.3.2 -k celery --uv "$(UV)" --python "$(PYTHON)" --as-of "$(AS_OF)"

chaos: $(INSTALLED) foreign  ## Kill, stop and mislead a real Airflow, old and new, and draw more examples
	LANGUAGE_DRAWS=all $(BIN)/python -m pytest -n $(PROCESSES) -m draws
	$(BIN)/python -m tests.chaos --uv "$(UV)" --python "$(PYTHON)" --as-of "$(AS_OF)"

clean:  ## Remove the environments, the caches and the demo's output
	rm -rf .venv .venv-* .cache .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -rf .hypothesis build dist demo-output

# --upgrade, because a new day or a changed pyproject.toml may ask for other versions than are there;
# --compile-bytecode, because Airflow's every process would else compile for seconds.
$(INSTALLED): pyproject.toml | $(UV) $(BIN)/python
	@echo 'Installing into $(VENV) what was published until $(or $(AS_OF),today)'
	@$(UV) pip install --quiet --python $(BIN)/python $(DATED) --upgrade --compile-bytecode \
		-r pyproject.toml --all-extras --group dev -e .
	@rm -f $(VENV)/.installed-*
	@touch $@

$(BIN)/python:
	$(if $(filter $(BIN)/uv,$(UV)),$(PYTHON) -m venv $(VENV),$(UV) venv --quiet --python $(PYTHON) $(VENV))

$(BIN)/uv: | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
