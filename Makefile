# What a contributor or a visitor types; `make` alone lists it.
# Needs python3 (3.10 or newer) and a package registry, and nothing else installed by hand.

# The interpreter that the environments are made of.
PYTHON ?= python3
# Packages published after this day are not seen: today's release of somebody else cannot break
# yesterday's commit. `make test AS_OF=` takes the newest of everything.
AS_OF ?= 2026-11-21
# make demo: a file (JSON lines or CSV) or a folder of text files, instead of the sample.
DOCUMENTS ?=
# make demo: where the results are written.
OUTPUT ?= demo-output

VENV := .venv
BIN := $(VENV)/bin
UV := $(or $(shell command -v uv),$(BIN)/uv)
DATED := $(if $(AS_OF),--exclude-newer $(AS_OF))
# Its name carries the day, so that another day means another installation.
INSTALLED := $(VENV)/.installed-$(or $(AS_OF),today)
# Airflow writes a configuration, logs and a database into its home on the first import of it.
export AIRFLOW_HOME := $(CURDIR)/.cache/airflow

# Packages whose every line and branch is to be run by a test.
FULLY_COVERED := airflow_provider_language/analysis/*,airflow_provider_language/transports/*

.DEFAULT_GOAL := help
.PHONY: help demo up test lint foreign test-matrix bench chaos clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(INSTALLED)  ## Run the example on a real Airflow: make demo [DOCUMENTS=path] [OUTPUT=folder]
	$(BIN)/python -m tests.system.demo $(if $(DOCUMENTS),--documents "$(DOCUMENTS)") --output "$(OUTPUT)"

up: $(INSTALLED)  ## Keep Airflow, the emulator and the example DAGs running until Ctrl-C
	$(BIN)/python -m tests.system.up

test: lint foreign  ## Check the code and run all tests, a real Airflow among them
	$(BIN)/python -m pytest --cov=airflow_provider_language --cov-report=
	$(BIN)/coverage report --skip-covered
	$(BIN)/coverage report --show-missing --include='$(FULLY_COVERED)' --fail-under=100

lint: $(INSTALLED)  ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

foreign: $(INSTALLED)  ## Install the other programs that the tests drive the emulator with
	@$(BIN)/python -m tests.foreign --uv "$(UV)" --as-of "$(AS_OF)"

bench: $(INSTALLED)  ## Measure against peers and bounds, and print the tables
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.emulator

test-matrix: $(INSTALLED)  ## Test the built wheel on the oldest and the newest supported Airflow
	$(BIN)/python -m tests.matrix --uv "$(UV)" --python "$(PYTHON)" --as-of "$(AS_OF)"

chaos: $(INSTALLED)  ## Kill, stop and mislead a real Airflow, old and new, and count what the service is asked
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
