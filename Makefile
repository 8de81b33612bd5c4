# `make` prints this menu. Set-up happens by itself: every target prepares what it needs first.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
ifeq ($(PYTHON),)
$(error Python 3.11 or later is needed and was not found. On Debian or Ubuntu: apt install python3 python3-venv)
endif
BIN := .venv/bin
CODE := kernel engine domain handlers webapp
# One more than the two cores of a small machine: tests wait a third of their time for other processes.
WORKERS ?= 3
MINUTES ?= 30

.DEFAULT_GOAL := help
.PHONY: help run test test-scale soak check conformance format migrate deploy demo lock mutants bench bench-compare

help: ## print this menu
	@echo "Zujian: the life of a city's common components, driven by BPMN processes"; echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: ## install what is needed, prepare data, start, and print how to sign in
	@$(PYTHON) tools/setup.py run && exec $(BIN)/zujian run --prepare --samples

test: ## install what is needed and run all tests, with a real PostgreSQL and a real browser
	@$(PYTHON) tools/setup.py test && PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/pytest -n $(WORKERS) --dist loadscope

test-scale: ## jobs on many processes: real Redis, real PostgreSQL, real SIGKILL
	@$(PYTHON) tools/setup.py test-scale && PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/pytest tests/scale

soak: ## kill processes under load for MINUTES (30) on both databases and judge what is left
	@$(PYTHON) tools/setup.py check && $(BIN)/python -m tests.reliability.soak --minutes $(MINUTES)

bench: ## measure the engine, five minutes; LONG=1 adds a million stored instances
	@$(PYTHON) tools/setup.py check && $(BIN)/python -m tests.benchmarks $(if $(LONG),--long) $(BENCH)

bench-compare: ## set two results of make bench side by side: A=build/bench-….json B=…
	@$(BIN)/python -m tests.benchmarks.compare $(A) $(B)

check: ## formatting, lint, types, import contracts, templates, spelling
	@$(PYTHON) tools/setup.py check && $(PYTHON) tools/check.py

mutants: ## change the compiler and the runtime in thousands of ways; the tests must notice (ARGS="--sample 200")
	@$(PYTHON) tools/setup.py test && $(BIN)/python -m tools.mutants $(ARGS)

conformance: ## try the seeded faults that changed, then write the matrix of requirements (ARGS="--all" tries every fault)
	@$(PYTHON) tools/setup.py test && $(BIN)/python -m tools.conformance $(ARGS)

format: ## put Python, templates and front-end code into the common form
	@$(PYTHON) tools/setup.py check && $(BIN)/ruff check --fix . ; $(BIN)/ruff format .

migrate: ## bring the database to the newest schema
	@$(PYTHON) tools/setup.py run && $(BIN)/zujian migrate

deploy: ## deploy the shipped processes that changed
	@$(PYTHON) tools/setup.py run && $(BIN)/zujian deploy

demo: ## show the whole life of the sample components in the terminal, then how to browse it
	@$(PYTHON) tools/setup.py run && $(BIN)/zujian demo

lock: ## resolve the dependencies anew and write the lock files, with hashes
	@$(PYTHON) tools/setup.py check && $(PYTHON) tools/lock.py
