PYTHON ?= python3
VENV_PYTHON = .venv/bin/python
LOCK = $(VENV_PYTHON) -m uv pip compile --universal --generate-hashes --python-version 3.11 --quiet \
	--no-emit-index-url --custom-compile-command "make lock"
# `check --deploy` judges the settings as they are in production, with values that are used for nothing else.
PRODUCTION = ENVIRONMENT=production SECRET_KEY="$$($(VENV_PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	ALLOWED_HOSTS=elendihub.example

.DEFAULT_GOAL = help
.PHONY: help run test check format bench lock python site tools

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: site ## Serve the site; PORT, HOST, DATA_DIR, DATABASE_URL, SECRET_KEY and DEBUG are honoured
	@exec $(VENV_PYTHON) manage.py serve

test: tools ## Run every test on SQLite, browser tests included, then all others on PostgreSQL
	@$(VENV_PYTHON) -m tests.browser.chromium
	$(VENV_PYTHON) -m pytest -n 2
	$(VENV_PYTHON) -m tests.postgresql $(VENV_PYTHON) -m pytest -n 2 --ignore=tests/browser

check: tools ## Run every check that needs no test: style, types, templates, imports, migrations, deployment
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m ruff format --check
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m djlint --quiet --lint templates
	$(VENV_PYTHON) .venv/bin/lint-imports
	$(VENV_PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(VENV_PYTHON) manage.py check --deploy --fail-level WARNING

format: tools ## Put Python and templates in the house style
	$(VENV_PYTHON) -m ruff check --fix
	$(VENV_PYTHON) -m ruff format

bench: tools ## Measure what is said to stay fast, as ratios in one run
	$(VENV_PYTHON) -m bench

lock: tools ## Write both requirements files anew from pyproject.toml
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt

python:
	@command -v "$(PYTHON)" >/dev/null || { echo "$(PYTHON) is not here. Install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python %d.%d is too old. Use 3.11 or newer: make PYTHON=/path/to/python3" % sys.version_info[:2])'

site: python
	@"$(PYTHON)" bin/install.py requirements.txt

tools: python
	@"$(PYTHON)" bin/install.py requirements-dev.txt
