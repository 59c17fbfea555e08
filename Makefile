# Every target is the command itself; CI runs the same. `make help` lists them.
PYTHON ?= python3
CHECK ?=
BIN := $(CURDIR)/.venv/bin
NPM := PATH="$(BIN):$$PATH" $(BIN)/npm --prefix dashboard_extension
BUILT := saleor_lifecycle/static/dashboard/index.html
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help setup extension lock generate check test demo dist bench clean chromium generated

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/installed extension ## make or refresh .venv and the Dashboard extension

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; $(PYTHON) is another. Try: make PYTHON=python3.12"; exit 1; }
	@echo "set-up 1/4: .venv"
	@test -x .venv/bin/uv || { $(PYTHON) -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check uv; } || \
		{ echo "The environment could not be made; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "set-up 2/4: the locked packages"
	@.venv/bin/uv pip sync --python .venv/bin/python --quiet requirements.lock
	@.venv/bin/uv pip install --python .venv/bin/python --quiet --no-deps --no-build-isolation --editable .
	@touch $@

extension: $(BUILT) ## build the Dashboard extension, if its sources changed

dashboard_extension/node_modules/.installed: .venv/installed $(addprefix dashboard_extension/,package.json package-lock.json .npmrc)
	@echo "set-up 3/4: the extension's locked packages"
	@$(NPM) --loglevel=error ci
	@touch $@

$(BUILT): dashboard_extension/node_modules/.installed graphql/dashboard.graphql $(shell find dashboard_extension/src -type f 2>/dev/null) \
		$(addprefix dashboard_extension/,index.html generate.mjs vite.config.js tsconfig.json)
	@echo "set-up 4/4: the Dashboard extension"
	@$(NPM) --silent run generate
	@$(NPM) --silent run build >/dev/null
	@touch $@

lock: .venv/installed ## write requirements.lock from pyproject.toml
	.venv/bin/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet -o requirements.lock

generate: setup ## write the typed client and payloads from graphql/saleor, the extension's types from our schema
	@$(MAKE) generated
	@$(NPM) --silent run generate

generated:
	rm -rf .generate && mkdir -p .generate/operations .generate/subscriptions
	cp -r graphql/saleor/fragments graphql/saleor/queries graphql/saleor/mutations .generate/operations
	cp -r graphql/saleor/fragments graphql/saleor/subscriptions .generate/subscriptions
	$(BIN)/ariadne-codegen --config graphql/saleor/client.toml client
	$(BIN)/ariadne-codegen --config graphql/saleor/payloads.toml models_only
	rm -r .generate

check: setup ## lint, types, import contracts; migrations and generated code are current
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m saleor_lifecycle.embedded -- .venv/bin/python -m saleor_lifecycle makemigrations --check --dry-run
	.venv/bin/python -m saleor_lifecycle.embedded -- .venv/bin/python -m saleor_lifecycle export-schema --check
	rm -rf .cache/generated && mkdir -p .cache/generated/saleor_lifecycle/saleor && cp -r graphql .cache/generated
	$(MAKE) -C .cache/generated -f $(CURDIR)/Makefile BIN=$(BIN) generated
	diff -r -x __pycache__ .cache/generated/saleor_lifecycle/saleor/client saleor_lifecycle/saleor/client
	diff -r -x __pycache__ .cache/generated/saleor_lifecycle/saleor/payloads saleor_lifecycle/saleor/payloads
	$(NPM) --silent run check

test: setup chromium ## every test, the browser's included
	.venv/bin/pytest

demo: setup ## the whole app with a sandbox shop, until Ctrl-C; CHECK=1 plays a story of each flow headless and ends
	@.venv/bin/python -m saleor_lifecycle demo $(if $(CHECK),--check)

dist: setup extension ## the sdist, and the wheel made from it
	.venv/bin/python -m build --no-isolation --outdir dist

bench: .venv/installed ## every benchmark: ratios to floors
	.venv/bin/python -m saleor_lifecycle.embedded --folder .cache/bench -- .venv/bin/python -m saleor_lifecycle bench all

clean: ## remove what the targets above made; the demo's data (.demo) stay
	rm -rf .venv dashboard_extension/node_modules tests/federation/node_modules saleor_lifecycle/static/dashboard .cache .generate .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist

chromium:
	@if command -v chromium google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Chromium, for the browser tests"; \
		{ apt-get install -y -qq chromium || { apt-get update -qq && apt-get install -y -qq chromium; }; } >/dev/null 2>&1 \
			|| echo "Chromium could not be installed: the browser tests are skipped"; \
	else echo "No Chromium, and only root may install it: the browser tests are skipped"; fi
