# Every command of the project. The work is done by cd/*.sh, which CI and people both call.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
home ?= examples/homes/house.yaml
# A summer's afternoon, a quarter-hour before the oven: within half a minute sun, oven and battery have moved.
start ?= $(if $(filter examples/homes/house.yaml,$(home)),17:45)

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: up
up: ## Set up what is missing, then start Crossbar and a home: make up home=examples/homes/flat.yaml
	@cd/setup.sh && exec .venv/bin/joulebus up $(home) $(if $(start),--start $(start))

.PHONY: plan
plan: ## Run a day of a home in memory, as fast as the machine allows
	@cd/setup.sh && exec .venv/bin/joulebus plan $(home) --days 1

.PHONY: setup
setup: ## Set up all that homes, tests and checks need, and stop there
	@cd/setup.sh test

.PHONY: test
test: ## Run the quick tests: Rust, then Python
	@cd/setup.sh test && cd/test.sh

.PHONY: test-all
test-all: ## Run all tests, also those that take minutes
	@cd/setup.sh test && cd/test.sh --all

.PHONY: check
check: ## Formatters, linters, types, arrows, stubs, style, generated files
	@cd/setup.sh test && cd/check.sh

.PHONY: images
images: ## Build the container images (BASE, BUILD_BASE, WEB_BASE, PREFIX, TAG: see cd/images.sh)
	@cd/setup.sh test && cd/images.sh

.PHONY: compose
compose: ## Build the images and start the house in containers, each device in one of its own
	@cd/setup.sh test && cd/compose.sh up

.PHONY: compose-test
compose-test: ## Run what needs a Docker engine: a day of the house in containers, switched, killed and audited
	@cd/setup.sh test && cd/compose.sh test

.PHONY: cluster
cluster: ## Start a home in a Kubernetes cluster (KUBECONFIG's, or kind, k3d, minikube): make cluster home=examples/homes/flat.yaml
	@cd/setup.sh test && cd/cluster.sh up $(home)

.PHONY: cluster-test
cluster-test: ## Run what needs a cluster: homes of pods, switched, broken and audited, and every command of the classroom
	@cd/setup.sh test && cd/cluster.sh test

.PHONY: cluster-down
cluster-down: ## Remove the homes from the cluster, and the cluster if make started it; journals stay where it stays
	@cd/setup.sh && cd/cluster.sh down

.PHONY: bench
bench: ## Measure speed and size, as ratios against a limit of the same run, and write BENCHMARKS.md
	@cd/setup.sh test && cd/bench.sh

.PHONY: ui
ui: ## Developers' server of the dashboard: builds again on each change, and leads to the home that is up
	@cd/setup.sh test && exec cd/ui.sh serve

.PHONY: ui-test
ui-test: ## Run the dashboard in a real Chromium before living homes, each check of its list by its number (make test has a short version)
	@cd/setup.sh test && JOULEBUS_UI_WHOLE=1 .venv/bin/python -m pytest -q tests/ui

.PHONY: schemas
schemas: ## Write what is generated from the words and the devices (schemas/)
	@cd/setup.sh && cd/schemas.sh schemas

.PHONY: format
format: ## Format Python and Rust
	@cd/setup.sh test && .venv/bin/ruff format . && .venv/bin/ruff check --fix . && cd components/core && cargo fmt

.PHONY: lock
lock: ## Write the lock files anew from infra/locks/*.in (upgrade=--upgrade for the newest that the pins allow)
	@cd/lock.sh $(upgrade)

.PHONY: clean
clean: ## Remove all that was built or installed here
	rm -rf .build .venv .venv-router infra/wampc/node_modules infra/specs/node_modules ui/node_modules components/core/target components/joulebus/dashboard
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
