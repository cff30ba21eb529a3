# Two commands: `make run` starts everything from nothing, `make test` runs the whole suite.
# Also: make test-fast | check | bench [BENCH=board] | screenshots [DIR=folder] | tour | lock | messages | envs | clean

SHELL := /bin/bash
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The site is many processes: without compiled files each would read three thousand modules as text at every start.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell for name in python3.11 python3; do \
	$$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
UV_VERSION := $(shell sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements/site.txt)
BIN := .venv/bin
PACKAGES := platform/pyproject.toml grading/pyproject.toml notebooks/client/pyproject.toml
# $(call step,name,command): run it quietly, tell what it was and how long it took, show its output if it fails.
step = @began=$$(date +%s); out=$$(mktemp); if ( $(2) ) >$$out 2>&1; \
	then printf '  %-32s %6.1f s\n' "$(1)" $$(( $$(date +%s) - began )); rm -f $$out; \
	else echo "  $(1) failed:"; cat $$out; rm -f $$out; exit 1; fi

.PHONY: run test test-fast check bench screenshots tour lock messages envs verifiers machine clean

# What `make run` and the tests need besides the site's own environment; NOTEBOOKS=off leaves JupyterLab out.
ENVIRONMENTS := .venvs/runner/.packages $(if $(filter off,$(NOTEBOOKS)),,.venvs/notebook/.packages)
# Other people's readers of Open Badges, for the tests alone.
VERIFIERS := tests/verifiers/node_modules/.packages .venvs/verifiers/.packages .venvs/schemas/.packages

run: .venv/.packages node_modules/.packages $(ENVIRONMENTS)
	@exec $(BIN)/campus up

test: .venv/.packages node_modules/.packages $(ENVIRONMENTS) $(VERIFIERS) machine
	@$(BIN)/pytest -n 2 --dist loadgroup --durations=40 --durations-min=5

test-fast: .venv/.packages node_modules/.packages $(ENVIRONMENTS) $(VERIFIERS)
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not slow and not browser"

check: .venv/.packages node_modules/.packages
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet --configuration pyproject.toml platform/campus
	$(BIN)/python -m campus.stack.messages --check
	@$(BIN)/campus settings --markdown | diff -u docs/settings.md - \
		|| { echo "docs/settings.md is out of date: campus settings --markdown > docs/settings.md"; exit 1; }

bench: .venv/.packages node_modules/.packages
	@$(BIN)/python -m tests.benchmarks $(BENCH)

screenshots: .venv/.packages node_modules/.packages
	@$(BIN)/python -m tests.browser.screenshots $(DIR)

# The pictures of docs/tour/.
tour: .venv/.packages node_modules/.packages
	@$(BIN)/python -m tests.browser.tour

# Write new and changed texts into each app's Japanese catalogue, for somebody to translate.
messages: .venv/.packages
	@$(BIN)/python -m campus.stack.messages

lock: .venv/.uv
	for name in site runner notebook verifiers; do \
		$(BIN)/uv pip compile --python-version 3.11 --generate-hashes -q --no-header requirements/$$name.in -o requirements/$$name.txt \
			$$([ ! -f requirements/$$name.overrides ] || echo --overrides requirements/$$name.overrides) || exit 1; done

# What executes submissions, and what learners run: environments of their own, without the site.
envs: .venvs/runner/.packages .venvs/notebook/.packages

# What tests need from the machine; as root it is installed, else the tests that need it are skipped and say so.
machine:
	@missing=""; \
	command -v bwrap >/dev/null || missing="$$missing bubblewrap"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	[ -n "$$(fc-list :lang=ja 2>/dev/null)" ] || missing="$$missing fonts-noto-cjk"; \
	[ -z "$$missing" ] && exit 0; \
	if [ $$(id -u) = 0 ] && command -v apt-get >/dev/null; then \
		echo "  installing$$missing"; \
		apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing >/dev/null \
			|| echo "  could not install$$missing; tests that need it are skipped"; \
	else echo "  missing here:$$missing (apt-get install$$missing); tests that need it are skipped"; fi

.venv/.uv: requirements/site.txt
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer with venv is needed: apt-get install python3-venv"; exit 1; }
	$(call step,python environment,$(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q uv==$(UV_VERSION))
	@touch $@

.venv/.packages: .venv/.uv requirements/site.txt $(PACKAGES)
	$(call step,python packages,$(BIN)/uv pip sync -q --python $(BIN)/python requirements/site.txt)
	@touch $@

# The few front-end files that pages load; the packages hold forty times as much.
FRONT_END := chart.js/dist/chart.umd.min.js chart.js/dist/chart.umd.min.js.map @digital-go-jp/design-tokens/dist/tokens.css
LAY_CONTEXTS := platform/campus/badges/credentials/lay_contexts.mjs
node_modules/.packages: .venv/.packages package.json package-lock.json $(LAY_CONTEXTS) Makefile
	$(call step,front-end packages,$(BIN)/npm ci --silent --ignore-scripts \
		&& for file in $(FRONT_END); do install -D -m 644 -t node_modules/.static/$$(basename $${file%/dist/*} .js) node_modules/$$file; done \
		&& $(BIN)/node $(LAY_CONTEXTS) node_modules/.contexts)
	@touch $@

# Compiled at once: sandboxes mount it read-only, and would compile everything anew at every start.
.venvs/%/.packages: .venv/.uv requirements/%.txt $(PACKAGES)
	$(call step,$* environment,$(BIN)/uv venv -q --allow-existing --python $(BIN)/python .venvs/$* \
		&& $(BIN)/uv pip sync -q --compile-bytecode --python .venvs/$*/bin/python requirements/$*.txt)
	@touch $@

verifiers: $(VERIFIERS)

tests/verifiers/node_modules/.packages: .venv/.packages tests/verifiers/package.json tests/verifiers/package-lock.json
	$(call step,badge verifiers,$(BIN)/npm ci --prefix tests/verifiers --silent --ignore-scripts)
	@touch $@

# The official JSON schemas of Open Badges: the source archive of openbadgeslib carries them, its wheel does not.
.venvs/schemas/.packages: .venv/.packages
	$(call step,badge schemas,rm -rf $(@D) && mkdir -p $(@D) && grep -A3 '^openbadgeslib==' requirements/site.txt >$(@D)/lock.txt \
		&& $(BIN)/python -m pip download -q --no-deps --no-binary openbadgeslib --require-hashes -r $(@D)/lock.txt -d $(@D) \
		&& tar xzf $(@D)/openbadgeslib-*.tar.gz -C $(@D) --strip-components=4 --wildcards '*/ob_schemas/*.json')
	@touch $@

# Leaves var/ alone: that is people's work.
clean:
	rm -rf .venv .venvs node_modules tests/verifiers/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find platform grading notebooks tests -name __pycache__ -prune -exec rm -rf {} +
	find platform -name '*.mo' -delete
