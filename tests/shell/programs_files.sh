# programs_files.sh - the programs that change files and folders.
#
# RUN=host sh tests/shell/programs_files.sh runs the same with this machine's.
exec python3 tests/shell/programs_cases.py tests/shell/programs_files.cases
