# programs_system.sh - processes, /proc, usage texts, and deaths.
exec python3 tests/shell/programs_cases.py tests/shell/programs_system.cases
