# `make` alone lists the targets
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export LC_ALL := C.UTF-8

VENV := .venv/.synced
LOCKS := requirements.txt requirements-dev.txt
SCRIPTS := .ci/run $(wildcard tools/*.sh bench/*.sh lab/*/*/*.sh lab/*/*.sh)
LAB_ENV = environment="$$(python -m lab env)" && eval "$$environment"

heading = @printf '\n== %s\n' '$(1)'

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

##@ Run
.PHONY: demo
demo: lab-up ## everything on this machine: set up, start the lab, run site.yml, show the status page
	$(call heading,site.yml against the lab)
	@$(LAB_ENV) && ansible-playbook site.yml
	$(call heading,status)
	@$(LAB_ENV) && ansible-playbook playbooks/status.yml

.PHONY: lab-up
lab-up: venv system ## start the lab (a cloud on this machine), and build what its VMs install
	$(call heading,lab)
	@python -m lab up
	@python -m lab ndb-archive

.PHONY: lab-down
lab-down: venv ## stop the lab and remove what it made
	$(call heading,lab)
	@python -m lab down

##@ Check
.PHONY: test
test: lint unit sanity build live ## the checks and tests below, less those that take long

.PHONY: test-all
test-all: lint unit sanity build live-all ## all checks and tests, which takes hours on a slow machine

.PHONY: live
live: venv system ## ndb and e2e side by side
	$(call heading,tests on what runs)
	@python -m lab image && python -m lab ndb-archive
	@tools/side_by_side.sh ndb e2e

.PHONY: live-all
live-all: venv system ## ndb, molecule and e2e-all side by side
	$(call heading,tests on what runs)
	@python -m lab image && python -m lab ndb-archive
	@tools/side_by_side.sh ndb molecule e2e-all

.PHONY: lint
lint: venv ## ruff, mypy, yamllint, shellcheck, ansible-lint, changelog
	$(call heading,lint)
	ruff check
	ruff format --check
	mypy
	yamllint --strict .
	shellcheck $(SCRIPTS)
	ansible-lint
	antsibull-changelog lint

.PHONY: unit
unit: venv ## unit tests, with the checks of the repository itself
	$(call heading,unit tests)
	pytest tests/unit --numprocesses auto

.PHONY: sanity
sanity: build ## ansible-test sanity on the built collection
	$(call heading,ansible-test sanity)
	python tools/sanity.py

.PHONY: build
build: venv ## the collection as a tarball in build/
	$(call heading,build)
	@rm -f build/lambdafs-cluster-*.tar.gz
	ansible-galaxy collection build --output-path build

.PHONY: ndb
ndb: venv system ## the NDB modules against a real cluster of plain processes
	$(call heading,NDB)
	@archive="$$(python -m lab ndb-archive)" && LAMBDAFS_NDB_ARCHIVE="$$archive" pytest tests/ndb --durations 10

.PHONY: molecule
molecule: venv system ## each role in containers of its own
	$(call heading,molecule)
	@mkdir -p build && python -m lab containers-conf build/containers.conf
	@image="$$(python -m lab image)" && archive="$$(python -m lab ndb-archive)" && \
	  LAMBDAFS_VM_IMAGE="$$image" LAMBDAFS_LAB_NDB_ARCHIVE="$$archive" \
	  CONTAINERS_CONF="$(CURDIR)/build/containers.conf" molecule test --all

# The longest module first
E2E = pytest tests/e2e/test_file_systems.py tests/e2e --numprocesses 2 --dist loadfile --durations 15

.PHONY: e2e
e2e: venv system ## the playbooks against the lab, less what takes long
	$(call heading,end-to-end tests)
	$(E2E) -m 'not long'

.PHONY: e2e-all
e2e-all: venv system ## the playbooks against the lab
	$(call heading,end-to-end tests)
	$(E2E)

.PHONY: bench
bench: venv system ## time site.yml (first run, rerun, AWS calls), the metadata schema and the registration of NameNodes
	$(call heading,bench)
	@bench/run.sh
	@PYTHONPATH=collections python -m bench.schema
	@python bench/whisk.py

##@ Set up
.PHONY: venv
venv: $(VENV) ## .venv with the locked Python packages

$(VENV): requirements-dev.txt tools/venv.sh
	$(call heading,Python packages)
	@tools/venv.sh requirements-dev.txt
	@touch $@

.PHONY: system
system: ## system packages that the lab needs (apt, as root)
	$(call heading,system packages)
	@tools/system_packages.sh tools/system-packages.txt

##@ Maintain
.PHONY: lock
lock: $(VENV) ## write the lock files anew from requirements*.in
	$(call heading,lock files)
	@tools/lock.sh

.PHONY: settings
settings: $(VENV) ## write group_vars/all.yml anew from roles/settings
	$(call heading,group_vars/all.yml)
	@python tools/group_vars.py

.PHONY: clean
clean: ## remove what was made in this checkout (run lab-down first)
	$(call heading,clean)
	rm -rf .venv .cache build .ansible .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -not -path './collections/*' -prune -exec rm -rf {} +
