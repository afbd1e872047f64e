# Everything a developer or a CI runs. `make` alone lists the verbs.
PYTHON ?= python3
# One more than the smallest machine that builds us has processors: a test that waits for a server leaves one idle.
WORKERS ?= 3
BIN := .venv/bin
# Behind a package mirror that only pip knows of, say: make setup INSTALL='.venv/bin/pip install --quiet'
INSTALL ?= $(BIN)/uv pip install --quiet --python $(BIN)/python
LOCK := cd requirements && UV_CUSTOM_COMPILE_COMMAND='make lock' ../$(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)

# Compiled modules are kept, whatever the environment says: without them each start compiles for two seconds again.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help setup run test prove fidelity same check fix words look bench migrate migration lock
.DELETE_ON_ERROR:

help:
	@echo 'make setup    create .venv and install faktura with its pinned libraries'
	@echo 'make run      start a sandbox with example data; ARGS="--port 8080" passes options on'
	@echo 'make test     run every test on SQLite and on PostgreSQL; ARGS="-k contacts" narrows them down'
	@echo 'make prove    run proofs, what is asked at random and the walk over pages at full length; SEED=… runs the same history again'
	@echo 'make fidelity run every test that a fact of the contracts names, and write docs/fidelity/README.md'
	@echo 'make same     ask AGAINST=<commit> and this tree 10,000 requests, and show what they answer otherwise'
	@echo 'make check    formatting, lint, types, import contracts and the rules of the repository'
	@echo 'make fix      repair what the formatter and the linter can repair by themselves'
	@echo 'make words    bring the translations of the pages up to date and say what they lack'
	@echo 'make look     take the pictures of pages again that the tests compare with'
	@echo 'make bench    measure the speed as ratios, or go on with a run that was interrupted; QUICK=1 for a short one,'
	@echo '              PEERS=1 against Directus, too, which npm installs'
	@echo 'make migrate  bring the database that FAKTURA_DATABASE_URL names to the newest tables'
	@echo 'make migration NAME=0002_what_changes'
	@echo '              write the migration to the records as they are declared now'
	@echo 'make lock     pin the libraries anew; UPGRADE=--upgrade takes newer versions'

# A start compiles nothing. Libraries do not change between installations; what is ours does with each pull.
setup: .venv/compiled.stamp
	@$(BIN)/python -m compileall -q src

run: setup
	@$(BIN)/faktura sandbox $(ARGS)

# A file stays with one worker, which starts its servers once. Long files come first, as they are collected: proofs, then
# tests/, then src/, whose short ones fill the end.
test: .venv/test.stamp
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

# One at a time: some of them measure what others wait for.
prove: .venv/test.stamp
	FAKTURA_PROVE=1 FAKTURA_SEED=$(SEED) $(BIN)/pytest tests/proofs tests/test_fuzz_*.py tests/pages/test_*page*.py tests/pages/test_other_states.py $(ARGS)

# One engine: what is only spelled is asked once, and `make test` asks the rest of both.
fidelity: .venv/test.stamp
	FAKTURA_TEST_ENGINE=sqlite $(BIN)/python -m tests.fidelity $(ARGS)

# Two sandboxes, one after the other; the commit is unpacked into a folder that is gone at the end.
same: .venv/test.stamp
	$(BIN)/python -m tests.recorded --against $(or $(AGAINST),HEAD) --seed $(or $(SEED),1) $(ARGS)

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest tests/test_repository.py

fix: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Sorted, so that two who add sentences seldom meet; what is no longer said is taken out.
words: .venv/test.stamp
	$(BIN)/pybabel -q extract --mapping-file src/faktura/web/babel.cfg --keywords lazy_gettext --no-location --omit-header \
		--sort-output --output-file .venv/pages.pot src/faktura/web
	$(BIN)/pybabel -q update --input-file .venv/pages.pot --output-dir src/faktura/web/translations --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date --width 120
	@$(BIN)/pytest -q src/faktura/web/tests/test_translations.py

look: .venv/test.stamp
	FAKTURA_LOOK=1 $(BIN)/pytest -q tests/pages/test_look.py

bench: .venv/test.stamp
	$(BIN)/python -m bench $(if $(QUICK),--quick) $(if $(PEERS),--peers) $(ARGS)

migrate: setup
	$(BIN)/faktura db upgrade $(ARGS)

# Nothing was released yet: a change of records goes into 0001_first_tables, which this writes anew.
migration: .venv/dev.stamp
	$(BIN)/faktura db migration $(or $(NAME),0001_first_tables)
	$(BIN)/ruff check --quiet --fix src/faktura/store/migrations/versions
	$(BIN)/ruff format --quiet src/faktura/store/migrations/versions

# Each file is limited by the smaller set before it, so that a library has one version everywhere.
lock: .venv/uv.stamp
	$(LOCK) uv.in -o uv.txt
	$(LOCK) runtime.in -o runtime.txt
	$(LOCK) rules.in -o rules.txt
	$(LOCK) -c runtime.txt -c rules.txt test.in -o test.txt
	$(LOCK) -c test.txt dev.in -o dev.txt

# uv, itself pinned by hash, installs in two seconds what takes pip half a minute.
.venv/uv.stamp: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'faktura needs Python 3.11 or newer; name one with PYTHON=python3.11'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo 'Python cannot create virtual environments; on Debian: apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/runtime.stamp: requirements/runtime.txt pyproject.toml .venv/uv.stamp
	$(INSTALL) --require-hashes -r $<
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/compiled.stamp: .venv/runtime.stamp
	$(BIN)/python -m compileall -q -j 0 .venv/lib
	@touch $@

.venv/test.stamp .venv/dev.stamp: .venv/%.stamp: requirements/%.txt .venv/runtime.stamp
	$(INSTALL) --require-hashes -r $<
	@touch $@
