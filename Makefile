# The two commands are `make up` and `make test`; `make help` lists the others.
SHELL := /bin/bash
.DEFAULT_GOAL := help
STACK ?= local
BIN := .venv/bin
DENO := DENO_NO_UPDATE_CHECK=1 ../$(BIN)/deno
RUN := tools/with-env $(STACK)
PY := supacron local tests benchmarks __main__.py
SH := .ci/run $(wildcard tools/ci/*) tools/bootstrap tools/lib.sh tools/lock tools/supabase-cli tools/up tools/with-env tools/engine/build tools/engine/command-plugin
export DATABASE_URL PROJECT_URL WAIVE

.PHONY: help
help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do printf '  %-12s %s\n' "$$name" "$$text"; done

.PHONY: up
up: ## Install what is needed, start the local stack, apply it, run batch-processor-30min once
	@tools/up

.PHONY: down
down: ## Stop the local stack; its data stays
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local down; fi

.PHONY: preview
preview: bootstrap ## Show what `pulumi up` would change (STACK=local)
	@$(RUN) pulumi preview --stack $(STACK) --diff

.PHONY: destroy
destroy: bootstrap ## Unschedule what the stack owns; data stays (STACK=local)
	@$(RUN) pulumi destroy --stack $(STACK) --yes

.PHONY: test
test: check ## Every check and every test, with the coverage gate
	@tools/supabase-cli
	@rm -f .coverage .coverage.*
	@tools/with-env none $(BIN)/pytest -n 4 --dist loadgroup --cov --cov-report=term:skip-covered

.PHONY: test-fast
test-fast: bootstrap ## The tests that need no server, in seconds
	@$(BIN)/pytest -n 2 -m 'not slow'

.PHONY: check
check: bootstrap ## Linters, types, import boundaries, Edge Functions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(wildcard $(PY))
	$(BIN)/lint-imports --no-cache
	$(BIN)/shellcheck -x $(SH)
	cd functions && $(DENO) fmt --check && $(DENO) lint --quiet && $(DENO) check --quiet . && $(DENO) test --quiet --no-prompt .

# What the workflows run; each runs here, too.
STACKS ?= dev staging prod
BASE ?= origin/main
REPORT ?= /dev/stdout
AUDITED ?= stacks functions .github

.PHONY: validate
validate: bootstrap ## Every mistake in the stacks' files
	@$(BIN)/supacron validate $(if $(wildcard policy.yaml),--policy policy.yaml)

.PHONY: audit
audit: bootstrap ## Literal tokens in the files of AUDITED="stacks functions .github"
	@$(BIN)/supacron audit --only files $(patsubst %,--path %,$(AUDITED))

.PHONY: render-diff
render-diff: bootstrap ## What changes in the SQL since BASE=origin/main, as Markdown (REPORT=file)
	@tools/ci/render-diff $(BASE) >>$(REPORT)

.PHONY: preview-report
preview-report: bootstrap ## Plans and previews of STACKS="dev staging prod", as Markdown (REPORT=file)
	@tools/ci/preview-report $(STACKS) >>$(REPORT)

.PHONY: comment
comment: ## Put REPORT=file on the pull request PR=number, in place of the last time's
	@gh pr comment $(PR) --edit-last --create-if-none --body-file $(REPORT)

.PHONY: changed-stacks
changed-stacks: bootstrap ## Which stacks to update since BASE=commit, as a line for GitHub's outputs
	@echo "stacks=$$(tools/ci/changed-stacks $(BASE))" >>$(REPORT)

.PHONY: deploy
deploy: bootstrap ## `pulumi up` of STACK=local, without a question
	@$(RUN) pulumi up --stack $(STACK) --yes

.PHONY: promote
promote: bootstrap ## Write what is live in FROM= as the definitions of TO= (WAIVE="gate=reason")
	@tools/with-env none supacron promote $(FROM) $(TO) $(if $(WAIVE),--waive "$$WAIVE")

.PHONY: promotion-pr
promotion-pr: ## A pull request of what `make promote` wrote
	@tools/ci/promotion-pr $(FROM) $(TO)

.PHONY: drift
drift: bootstrap ## Fail when STACK=local was changed outside
	@$(RUN) supacron drift --stack $(STACK)

.PHONY: acceptance
acceptance: bootstrap ## End-to-end tests on DATABASE_URL=... PROJECT_URL=... (else on the local stack)
	@$(RUN) $(BIN)/pytest -m acceptance --no-cov tests

.PHONY: bench
bench: bootstrap ## Measure, on a database of its own
	@tools/with-env none $(BIN)/python -m benchmarks

.PHONY: lock
lock: ## Write requirements.txt from pyproject.toml (tools/lock --upgrade for newer versions)
	@tools/lock

.PHONY: clean
clean: down ## Remove what was built here: .venv, the engine, caches (data and state stay)
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.* dist

.PHONY: bootstrap
bootstrap:
	@tools/bootstrap
