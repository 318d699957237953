# more.sh - more at a terminal: forward, back, search, a new size.
exec python3 tests/shell/more.py
