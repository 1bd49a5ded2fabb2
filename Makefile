.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv)
# uv installs the same versions in a third of the time.
INSTALL := $(if $(UV),uv pip install -q --python $(BIN)/python,$(BIN)/pip install -q --no-compile --disable-pip-version-check)

# make bench record=1, and every other bench target: keeps the ratios as those of this release.
RECORD = $(if $(record),--record)

# Tests start the service and commands hundreds of times: none is compiled again each time.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup serve test quick test-postgres test-domain check check-heavy test-faults test-browser test-schemathesis random soak dist release sdk lint-openapi lint-actions api-changes shim test-shim test-docker bench bench-all bench-beside bench-crowd bench-fleet bench-workers profile bench-dataplane bench-docker bench-harness bench-pages bench-shim bench-statements bench-wine demo openapi fidelity conformance conformance-kube-proxy conformance-flannel conformance-felix conformance-docker dockerd migration

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.developing ## install everything a developer needs into .venv

serve: $(VENV)/.serving ## run the service on ./hnsemu.db, http://127.0.0.1:8420
	@$(BIN)/hnsemu serve

test: $(VENV)/.developing ## run the tests; on PostgreSQL too when HNSEMU_TEST_POSTGRES_URL is set
	$(BIN)/python -m pytest -q -n auto

quick: $(VENV)/.developing ## format, lint, types and the tests nearest to what changed; under a minute
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m tools.quick

test-postgres: $(VENV)/.developing ## run the tests on SQLite and on a throw-away PostgreSQL
	tools/postgres $(MAKE) test

test-domain: $(VENV)/.developing ## run the tables of values alone: they reach 95 % of the domain
	$(BIN)/python -m pytest -q --cov=hnsemu.domain tests/domain

check: $(VENV)/.developing ## format, lint, types, layers, words, migrations, OpenAPI
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.words
	$(BIN)/codespell $$(git ls-files)
	rm -f $(VENV)/check.db
	HNSEMU_DATABASE_URL=sqlite:///$(VENV)/check.db $(BIN)/alembic upgrade head
	HNSEMU_DATABASE_URL=sqlite:///$(VENV)/check.db $(BIN)/alembic check
	$(BIN)/python -m tools.openapi --check
	$(BIN)/python -m tools.fidelity --check

check-heavy: test-faults test-browser test-schemathesis ## the three that follow

test-faults: $(VENV)/.developing ## full disks, dying databases, fronts; needs PostgreSQL, Patroni, etcd, nginx, HAProxy, root
	$(BIN)/python -m pytest -q tests/faults

test-browser: $(VENV)/.developing ## pages in a browser; needs Chromium
	$(BIN)/python -m pytest -q tests/browser

test-schemathesis: $(VENV)/.developing ## generated requests
	$(BIN)/python -m pytest -q -n 2 tests/schemathesis

random: $(VENV)/.developing ## run 20,000 operations of random clients
	HNSEMU_TEST_OPERATIONS=20000 $(BIN)/python -m pytest -q --timeout 7200 tests/e2e/test_random_clients.py

soak: $(VENV)/.developing ## play an hour's worth of bursts of clients on both databases, in minutes; needs PostgreSQL
	HNSEMU_TEST_BURSTS=$(or $(bursts),60) tools/postgres $(BIN)/python -m pytest -q --timeout 7200 tests/e2e/test_soak.py

dist: $(VENV)/.developing ## build wheel, source distribution and image into dist/, and try them; needs PyPI, mingw-w64
	@$(BIN)/python -m tools.dist

release: $(VENV)/.developing ## write the next version into the files that carry one: make release version=1.2.3
	@$(BIN)/python -m tools.release $(version)

sdk: $(VENV)/.developing ## run Testcontainers samples, and clients of five HTTP stacks and twelve generators; needs npm, go, maven, mono-mcs, mono-runtime, curl, cargo
	$(BIN)/python -m pytest -q tests/sdk
	@$(BIN)/python -m tools.sdk

lint-openapi: $(VENV)/.developing ## lint the OpenAPI document with Redocly and Spectral; needs npm
	@$(BIN)/python -m tools.lint_openapi

lint-actions: ## lint the GitHub Actions and the workflows of examples/github with actionlint; needs go
	@tools/lint-actions

api-changes: $(VENV)/.developing ## list what breaks clients of the last version, or of ref=COMMIT
	@$(BIN)/python -m tools.api_changes $(ref)

shim: ## build the DLLs that Windows programs call; needs mingw-w64
	@command -v x86_64-w64-mingw32-gcc >/dev/null \
		|| { echo "no x86_64-w64-mingw32-gcc; install gcc-mingw-w64-x86-64"; exit 1; }
	$(MAKE) -s -C shim

test-shim: shim $(VENV)/.developing ## run the DLLs under Wine and their portable parts under sanitizers
	$(BIN)/python -m pytest -q -n 2 tests/shim

test-docker: $(VENV)/.developing ## drive hosts by the docker CLI, Compose and Docker's SDKs; needs the docker CLI, go
	@tools/docker-compose
	$(BIN)/python -m pytest -q -n 2 tests/e2e/docker

bench: $(VENV)/.developing ## measure every hot operation beside its floor and the previous release; takes minutes
	$(BIN)/python -m bench.run $(RECORD)

bench-beside: $(VENV)/.developing ## measure requests and starts beside another commit: make bench-beside base=COMMIT
	$(BIN)/python -m bench.beside $(base) $(RECORD)

profile: $(VENV)/.developing ## show where the service spends the time of a create
	$(BIN)/python -m bench.profile

bench-statements: $(VENV)/.developing ## measure the statements of a create alone, beside the whole use case
	$(BIN)/python -m bench.statements $(RECORD)

bench-all: ## run every benchmark, one after another; takes long, needs PostgreSQL and Wine; base=COMMIT measures beside that, too; record=1 keeps the ratios
	-$(MAKE) bench
	$(if $(base),-$(MAKE) bench-beside base=$(base))
	$(if $(base),-tools/postgres $(MAKE) bench-beside base=$(base))
	-$(MAKE) bench-statements
	-$(MAKE) bench-dataplane
	-$(MAKE) bench-crowd
	-$(MAKE) bench-fleet
	-$(MAKE) bench-workers
	-$(MAKE) bench-pages
	-$(MAKE) bench-docker
	-$(MAKE) bench-harness
	-$(MAKE) bench-shim
	-$(MAKE) bench-wine

bench-crowd: $(VENV)/.developing ## measure requests on a host with endpoints=100000 beside one with few; takes minutes
	$(BIN)/python -m bench.crowd $(if $(endpoints),--endpoints $(endpoints)) $(RECORD)

bench-fleet: $(VENV)/.developing ## measure whether the rate of hnsemu fleet create holds; takes minutes
	$(BIN)/python -m bench.fleet $(RECORD)

bench-workers: $(VENV)/.developing ## measure workers and the price of commits on PostgreSQL; needs PostgreSQL; takes minutes
	$(BIN)/python -m bench.workers $(RECORD)

bench-dataplane: $(VENV)/.developing ## measure traces, matrices and changes on a full host
	$(BIN)/python -m bench.data_plane $(RECORD)

bench-shim: shim $(VENV)/.developing ## measure a call through the DLL beside a native one
	$(BIN)/python -m bench.shim $(RECORD)

bench-pages: $(VENV)/.developing ## measure the pages of a full host, and what open pages cost; takes minutes
	$(BIN)/python -m bench.pages $(RECORD)

bench-docker: $(VENV)/.developing ## measure Docker's calls beside HNS' own, and on a host with 10,000 containers; takes minutes
	$(BIN)/python -m bench.docker $(RECORD)

bench-harness: $(VENV)/.developing ## measure what a test with an emulated host of its own costs
	$(BIN)/python -m bench.harness $(RECORD)

bench-wine: shim $(VENV)/.developing ## measure hnsemu-wine beside bare Wine, and beside base=WORKTREE
	$(BIN)/python -m bench.wine $(if $(base),--base $(base)) $(RECORD)

demo: $(VENV)/.developing ## play what real clients send and what tests find, and show the resulting hosts
	$(BIN)/python -m demo

openapi: $(VENV)/.developing ## write the documents in openapi/
	$(BIN)/python -m tools.openapi

fidelity: $(VENV)/.developing ## write the tables of docs/fidelity.md
	$(BIN)/python -m tools.fidelity

conformance: $(VENV)/.developing shim ## run tests of Microsoft, CNI, containerd and ours as Windows programs; needs wine64, mingw-w64, go
	@$(BIN)/python -m tools.conformance

conformance-kube-proxy: $(VENV)/.developing shim ## build kube-proxy and trace packets to its services; takes 10 minutes
	@$(BIN)/python -m tools.conformance kube-proxy

conformance-flannel: $(VENV)/.developing shim ## build flanneld and look at its networks; takes 5 minutes
	@$(BIN)/python -m tools.conformance flannel

conformance-felix: $(VENV)/.developing shim ## run Calico Felix' Windows dataplane and trace packets; takes 5 minutes
	@$(BIN)/python -m tools.conformance felix felix-policysets

conformance-docker: $(VENV)/.developing shim ## ask dockerd.exe and the Docker door the same; needs wine64, mingw-w64, go
	@$(BIN)/python -m tools.conformance_docker

dockerd: $(VENV)/.developing shim ## build Docker's own daemon for Windows; needs wine64, mingw-w64, go
	@$(BIN)/python -m tools.dockerd build

migration: $(VENV)/.developing ## draft a migration: make migration m="verb noun"
	@test -n "$(m)" || { echo 'name it: make migration m="verb noun"'; exit 1; }
	rm -f $(VENV)/draft.db
	HNSEMU_DATABASE_URL=sqlite:///$(VENV)/draft.db $(BIN)/alembic upgrade head
	HNSEMU_DATABASE_URL=sqlite:///$(VENV)/draft.db $(BIN)/alembic revision --autogenerate \
		-m "$(m)" --rev-id $$(printf %04d $$(($$(ls migrations/versions/*.py | wc -l) + 1)))
	@echo 'Read the draft; name it in app/hnsemu/storage/versions.py (HEAD); give new tables and columns'
	@echo 'rows in tests/storage/revisions/; then make check, and pytest tests/storage.'

# pip is the last thing that venv installs: without it the environment is half there.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make setup PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "$(PYTHON) -m venv failed; install python3-venv"; exit 1; }

$(VENV)/.serving: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "installing what serving needs into $(VENV) with $(if $(UV),uv: about 5 s,pip: about 20 s)"
	@$(INSTALL) -c constraints.txt -e .
	@touch $@

$(VENV)/.developing: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "installing what developing needs into $(VENV) with $(if $(UV),uv: about 10 s,pip: about 30 s)"
	@$(INSTALL) -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.serving
