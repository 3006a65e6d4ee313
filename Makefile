# Two commands: make demo, make test. Both set themselves up in var/.
PYTHON ?= python3
PORT ?= 8000
SEED ?= 1
BIN = var/venv/bin

.PHONY: help setup setup-dev demo demo-reset test lint types imports templates migrations texts unit race browser bench pictures format

help:
	@echo "make demo [PORT=8000] [SEED=1]   a living city on this machine"
	@echo "make demo-reset                  remove its state (var/, but not the environment)"
	@echo "make test                        everything that is checked; each stage alone:"
	@echo "                                 lint types imports templates migrations texts unit race browser"
	@echo "make bench                       speed, against raw PostgreSQL"
	@echo "make pictures                    the pages as they look, into docs/pictures"

setup:
	@$(PYTHON) tools/setup.py

setup-dev:
	@$(PYTHON) tools/setup.py --dev

demo: setup
	@exec $(BIN)/xianfeng demo --port $(PORT) --seed $(SEED)

demo-reset:
	@$(PYTHON) tools/reset.py

test: setup-dev
	@exec $(BIN)/python tools/check.py

lint types imports templates migrations texts unit race browser: setup-dev
	@exec $(BIN)/python tools/check.py $@

pictures: setup-dev
	@XIANFENG_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/journeys/test_pictures.py tests/journeys/test_loop.py

format: setup-dev
	@$(BIN)/python -m ruff check --fix-only -q . ; $(BIN)/python -m ruff format -q .

bench: setup-dev
	@exec $(BIN)/xianfeng bench
