# Short names for those who like make; nothing here is needed. A bare `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test chaos payloads lint demo messages screens reindex bench bench-stock bench-growth bench-worst bench-rooms bench-quality bench-pages bench-tour bench-import bench-ready clean

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-15s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve the archive on http://127.0.0.1:8000
	@python3 start.py

test: ## run all tests, the browser tests included
	@python3 start.py test

chaos: ## kill processes 200 times, and fill a disk at 20 sizes, let one fail 40 times: KILLS=, SIZES=, FAILS=, SEED=
	@KILLS=$(or $(KILLS),200) SIZES=$(or $(SIZES),20) FAILS=$(or $(FAILS),40) python3 start.py test -n0 -q -s tests/faults

payloads: ## try the texts of others in every field: PAYLOADS= a folder of scripts, NAUGHTY= strings that break programs
	@PAYLOADS='$(PAYLOADS)' NAUGHTY='$(NAUGHTY)' python3 start.py test -n0 -q tests/attack -k given

lint: ## check style, format and types
	@python3 start.py lint

demo: ## serve a fresh demo archive that is thrown away at the end
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && NEWSARCHIVE_DATA="$$data" python3 start.py

SITE ?= http://127.0.0.1:8000
screens: ## take the pictures of docs/screens from a demo archive that is served: SITE=, PASSWORD= of its admin
	@PASSWORD='$(PASSWORD)' .venv/bin/python -m tests.browser.screens $(SITE)

messages: ## bring the translations in locale/ up to date with the code, and compile them
	@.venv/bin/python manage.py messages

reindex: ## build the search index anew
	@.venv/bin/python manage.py reindex

# What is measured can be told: make bench ARTICLES=100000 CORPUS=one.jsonl.gz,two.jsonl ENGINES=ours,fts5 NAME=mine
# make bench-pages SIZE=100000 PLACE=~/kept keeps there what it builds; the next run finds it.
ARTICLES ?= 10000
SIZE ?= $(ARTICLES)
ENGINES ?= ours,fts5,tantivy,xapian,postgresql
NAME ?= speed
BENCH = .venv/bin/python -W ignore -m benchmarks

bench: bench-ready ## this engine beside others, then as bench-pages: ARTICLES=, CORPUS=, ENGINES=, NAME=
	@$(BENCH) speed --articles $(ARTICLES) --engines $(ENGINES) --name $(NAME) $(if $(CORPUS),--corpus $(CORPUS))
	@$(BENCH) pages --articles $(SIZE) $(if $(PLACE),--folder $(PLACE))

bench-stock: bench-ready ## the same beside stock Haystack + Whoosh, whose index takes long to build
	@$(BENCH) speed --articles $(ARTICLES) --engines ours,archive,stock,whoosh --questions 60 --name stock

bench-growth: bench-ready ## how each class of question grows, to 1,000,000 articles
	@$(BENCH) growth --questions 60

bench-worst: bench-ready ## the slowest questions that are accepted: ARTICLES=
	@$(BENCH) worst --articles $(ARTICLES)

bench-rooms: bench-ready ## where the time goes in the engine: ARTICLES=
	@$(BENCH) rooms --articles $(ARTICLES)

bench-quality: bench-ready ## how well engines rank
	@$(BENCH) quality

bench-pages: bench-ready ## the whole search page beside a stock one, and its parts: SIZE=, PLACE=
	@$(BENCH) pages --articles $(SIZE) $(if $(PLACE),--folder $(PLACE))

bench-tour: bench-ready ## each page of readers, in a small archive and a large one: SIZE=, PLACE=
	@$(BENCH) tour --articles $(SIZE) $(if $(PLACE),--folder $(PLACE))

bench-import: bench-ready ## how well and how fast files are read: PARTS="html page_texts rate web_archive", SIZES= MEGABYTES=
	@.venv/bin/python -W ignore -m benchmarks.imports $(PARTS)

bench-ready:
	@python3 -c 'import start; start.get_ready((*start.TO_DEVELOP, "requirements-bench.txt"))'

clean: ## remove what can be made again; the data folder stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -prune -exec rm -rf {} +
