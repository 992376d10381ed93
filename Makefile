# `make help` says what there is. Everything runs in .venv, which the first command makes.
PYTHON ?= python3
READY = $(PYTHON) -m scripts.preflight
MAILBOX = http://localhost:$(or $(PORT),8000)/mail/

.DEFAULT_GOAL := help
.PHONY: help run test check faults bench scan fix mail shell demo lock

help: ## What there is
	@echo "Pull Up a Chair"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## The whole app here, with a demo town; PORT=9000 for another port
	@$(READY) -m scripts.run

test: ## Every check and every test, in a few minutes
	@$(READY) --dev -m scripts.test

check: ## The quick half of it: lint, types, import rules, migrations, the suite on SQLite
	@$(READY) --dev -m scripts.test --quick

faults: ## The drills at full size, an hour at most; ONLY=mail or ONLY=seats for a part
	@$(READY) --dev -m scripts.test --faults $(ONLY)

bench: ## How fast it is, as ratios within one run; ONLY=speed for a part
	@$(READY) --dev -m benchmarks $(ONLY)

scan: ## Look for holes: bandit, and the rules of the house by semgrep; ONLY=wapiti for the running app, 15 minutes
	@$(READY) --dev -m scripts.scan$(if $(ONLY),_$(ONLY))

fix: ## Tidy the Python: sort imports, format, repair what can be repaired
	@$(READY) --dev -m ruff check --fix --exit-zero --quiet
	@$(READY) --dev -m ruff format

mail: ## Open the mailbox of the running app
	@echo $(MAILBOX)
	@$(PYTHON) -m webbrowser $(MAILBOX) >/dev/null 2>&1 || true

shell: ## A Python prompt with the models at hand
	@DEBUG=$${DEBUG-1} $(READY) manage.py shell

demo: ## Put the demo town into the database
	@DEBUG=$${DEBUG-1} $(READY) manage.py demo_town

lock: ## Choose and pin the newest versions that requirements/*.in allow
	@$(READY) --dev -m scripts.lock
