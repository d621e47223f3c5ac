PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: brief test quality check bench clean

brief: $(VENV)/.installed
	@$(BIN)/briefing --config seeds/briefing.toml build --all

