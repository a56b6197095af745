# Two commands do all the set-up on a machine with Python 3.11 or newer and make: `make serve` and `make test`.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help serve test clients engines lint wheel clean

help: ## Say what can be made.
	@awk -F ' ## ' '/^[a-z]+:.* ## / {split($$1, target, ":"); printf "make %-8s %s\n", target[1], $$2}' $(MAKEFILE_LIST)

serve: .venv/serve ## Install, build the store, and serve it on http://127.0.0.1:8000/ (PORT=… for another port).
	$(BIN)/equipoise build
	$(BIN)/equipoise serve --port $(PORT)

test: .venv/test ## Install with the test tools, and run all tests, a file at a time on each core (of four at most).
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

clients: ## Fetch the JavaScript clients that tests ask with, into build/clients (needs npm).
	mkdir -p build/clients
	cp tests/clients/package.json build/clients/
	cd build/clients && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error

FUSEKI := 5.6.0

engines: build/engines/jena-fuseki-server-$(FUSEKI).jar ## Fetch, with Maven, the engine of the tests that is no package of pip or Debian.

build/engines/jena-fuseki-server-$(FUSEKI).jar:
	mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy -Dartifact=org.apache.jena:jena-fuseki-server:$(FUSEKI) -DoutputDirectory=build/engines

lint: .venv/lint ## Check style and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	mkdir -p build/types
	ln -sfn ../.. build/types/equipoise
	$(BIN)/mypy

wheel: .venv/lint ## Build the source distribution, and the wheel from it, into build/dist.
	rm -rf build/dist
	$(BIN)/python -m build --outdir build/dist

clean: ## Remove what was made here; releases in the data folder stay.
	rm -rf .venv build

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another with PYTHON=…")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "This Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/serve: .venv/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/test: .venv/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@ .venv/serve

.venv/lint: .venv/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	touch $@ .venv/serve .venv/test
