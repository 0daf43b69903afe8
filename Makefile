# Short names for those who like make; nothing here is needed. A bare `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test lint demo reindex bench clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-10s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve the archive on http://127.0.0.1:8000
	@python3 start.py

test: ## run all tests, the browser tests included
	@python3 start.py test

lint: ## check style, format and types
	@python3 start.py lint

demo: ## serve a fresh demo archive that is thrown away at the end
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && NEWSARCHIVE_DATA="$$data" python3 start.py

reindex: ## build the search index anew
	@.venv/bin/python manage.py reindex

bench: ## measure; needs what `make test` installs
	@.venv/bin/python -m benchmarks

clean: ## remove what can be made again; the data folder stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -prune -exec rm -rf {} +
