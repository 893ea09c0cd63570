# The two commands: `make demo` and `make test`. Each sets up what it needs and says so.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= data/demo

.PHONY: help install demo demo-reset test check bench screenshots lock clean

help:
	@echo "make demo         a whole synthetic province to click through, at a printed address"
	@echo "make demo-reset   forget the demonstration's data; the next 'make demo' starts over"
	@echo "make test         everything it needs, then every check and test"
	@echo "make bench        speeds, side by side with bare baselines"
	@echo "make install      set up only; leaves the command at $(BIN)/yingshang"
	@echo "make screenshots  draw the pictures of the README again"
	@echo "make lock         pin the dependencies again"

install:
	@$(PYTHON) scripts/set_up.py

demo: install
	@YINGSHANG_DATA=$(DEMO_DATA) $(BIN)/yingshang demo

demo-reset:
	@rm -rf $(DEMO_DATA)
	@echo "The demonstration's data is gone; 'make demo' starts over."

test:
	@$(PYTHON) scripts/set_up.py --for-tests
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

bench:
	@$(PYTHON) scripts/set_up.py --for-bench
	$(BIN)/python -m bench

screenshots:
	@$(PYTHON) scripts/set_up.py --for-tests
	$(BIN)/python scripts/screenshots.py

lock:
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev --extra bench -c requirements-dev.lock pyproject.toml -o requirements-bench.lock

clean:
	rm -rf $(VENV) node_modules evaluation/static/dist build *.egg-info
