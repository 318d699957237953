# sh_terminal.sh - the shell at a terminal: line editing, history, jobs.
exec python3 tests/shell/sh_terminal.py
