# Everything lives in .venv and data/; a fresh machine needs only Python ≥ 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT ?= 8000
# Files are tested side by side; after them, one by one, the tests that watch the clock (marked "alone").
WORKERS ?= auto
# What takes long to build is built once for both.
export COUNTYGRID_TEST_SHARED := $(abspath build/tests)

.PHONY: setup run test lint fuzz bench bench-siting bench-network bench-cases pictures lock clean

setup: $(VENV)/.ready
	@$(BIN)/countygrid setup

run: setup
	@$(BIN)/countygrid serve

test: $(VENV)/.ready-test
	@$(BIN)/python -m maps.assets
	@$(BIN)/lint-imports
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@rm -rf $(COUNTYGRID_TEST_SHARED)
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile -m "not alone"
	@$(BIN)/pytest -m alone
	@rm -rf $(COUNTYGRID_TEST_SHARED)

lint: $(VENV)/.ready-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/lint-imports
	$(BIN)/mypy

# Ten minutes of schemathesis against the toy county: no 500, nothing that the API does not say of itself.
# FOR=60 make fuzz is a quick look.
fuzz: $(VENV)/.ready-test
	$(BIN)/python -m tests.fuzzing.fuzz_api $(FOR)

bench: $(VENV)/.ready-test bench-siting bench-network
	$(BIN)/python -m tests.benchmarks.bench_build

# Beside spopt; PARTS="pmed counties" runs only those and renews their tables in tests/benchmarks/siting.md.
bench-siting: $(VENV)/.ready-test
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.benchmarks.bench_siting $(PARTS)

# Beside scipy and networkx, and RoutingKit, igraph and pandana after `pip install -e .[peers]`; PARTS="county region"
# runs only those and renews their tables in tests/benchmarks/network.md. BASE=<commit> measures beside that version.
bench-network: $(VENV)/.ready-test
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.benchmarks.bench_network $(if $(BASE),--beside $(BASE)) $(PARTS)

# Thirty thousand invented cases: stored, replayed, their ledger counted again by another program. N=1000 is a quick look.
bench-cases: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.bench_cases $(N)

# Takes README's picture from this code; needs Chromium on the PATH.
pictures: setup $(VENV)/.ready-test
	@$(BIN)/python -m tests.take_pictures

# Renews the exact versions from pyproject.toml; needs uv on the PATH.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
		--upgrade pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
		--constraint requirements.lock --extra test pyproject.toml --output-file requirements-test.lock

clean:
	rm -rf $(VENV) node_modules data maps/static/vendor

$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.ready-test: $(VENV)/.ready requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-test.lock
	touch $@
