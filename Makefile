# Everything a fresh machine needs is Python >= 3.11, make and git.
# DEVSTACK_PORT_BASE moves all ports of the local stack; DEVSTACK_SPEED makes time pass faster.
.POSIX:
.PHONY: help venv demo test up down reset status check console types countries schema bench

PYTHON_BIN = .venv/bin/python
TEST_PORT_BASE ?= 25320

help: ## Say what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 10

venv: .venv/.installed

.venv/.installed: requirements-dev.lock pyproject.toml devstack/bootstrap.sh
	@PYTHON='$(PYTHON)' sh devstack/bootstrap.sh

demo: venv ## Set everything up and show the call centre at work
	@$(PYTHON_BIN) -m devstack.demo

up: venv ## Local Supabase, simulated Twilio and the service, in the background
	@$(PYTHON_BIN) -m devstack up

down: venv ## End all of it; the data stays
	@$(PYTHON_BIN) -m devstack down

reset: venv ## Like up, with an empty database
	@$(PYTHON_BIN) -m devstack reset

status: venv ## What runs, on which port
	@$(PYTHON_BIN) -m devstack status

test: venv ## Every test, on stacks of its own
	@result=0; \
	TEST_PORT_BASE=$(TEST_PORT_BASE) $(PYTHON_BIN) -m pytest -n 2 --dist loadgroup || result=$$?; \
	TEST_PORT_BASE=$(TEST_PORT_BASE) $(PYTHON_BIN) -m devstack.testing; exit $$result

check: venv ## Lint, types, layers, dependencies, migrations
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/deptry callcenter webhooks
	@.venv/bin/deptry devstack bench tests --ignore DEP002,DEP004
	@.venv/bin/squawk supabase/migrations/*.sql
	@$(PYTHON_BIN) -m devstack console --check

console: venv ## Build the console, which the service serves at /console
	@$(PYTHON_BIN) -m devstack console

types: venv ## Write the console's types anew, after a change of the API; the stack must be up
	@$(PYTHON_BIN) -m devstack types

countries: venv ## Write the migration of countries' numbers anew, after an update of phonenumbers
	@PYTHONPATH=. $(PYTHON_BIN) -m tests.database.countries

schema: venv ## Write tests/schema.sql anew, after a migration changed it
	@TEST_PORT_BASE=$(TEST_PORT_BASE) PYTHONPATH=. $(PYTHON_BIN) tests/database/schema_dump.py

bench: venv ## Measure; see bench/
	@$(PYTHON_BIN) -m bench
