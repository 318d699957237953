# programs_text.sh - the filters: what they print for what they read.
#
# RUN=host sh tests/shell/programs_text.sh runs the same with this machine's.
exec python3 tests/shell/programs_cases.py tests/shell/programs_text.cases
