# Everything goes into .venv/ and var/. Python 3.11 to 3.13 is all that is needed beforehand.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: help install demo test check bench audit lock clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

install: $(INSTALLED) ## Install what is needed, from the lock file

$(INSTALLED): requirements.lock pyproject.toml
	@echo "Installing from requirements.lock; the first time this takes a few minutes."
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "Python 3.11 to 3.13 is needed (whisperx runs on no other); set PYTHON=..." >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $@

demo: ## A stand-in of Zoom delivers a sample call; its report is e-mailed (KEEP=1 leaves the web app running)
	@test -e $(INSTALLED) && test -z "$$(find requirements.lock pyproject.toml -newer $(INSTALLED))" && echo "Everything is installed." || true
	@$(MAKE) --no-print-directory install
	@$(BIN)/partnering demo $(if $(KEEP),--keep)

test: install check ## Run the whole test suite, with the real models
	$(BIN)/pytest

check: install ## Lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install ## Run the benchmarks; figures go to bench/out/
	$(BIN)/partnering bench

audit: install ## Ask the package index for known weaknesses of what is locked (for maintainers)
	$(BIN)/uv tool run pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock

lock: ## Resolve the dependencies anew (for maintainers)
	$(BIN)/uv pip compile pyproject.toml --extra speech --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock

clean: ## Remove what was installed and made
	rm -rf .venv var bench/out
