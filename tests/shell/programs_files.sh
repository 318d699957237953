# programs_files.sh - the programs that change files and folders.
#
# RUN= SH=bash sh tests/shell/programs_files.sh tries the same lines on the
# programs of this machine: so the tests are tested.
cat tests/shell/sh_cases.run tests/shell/programs_files.cases |
	${RUN-tools/run} ${SH-sh}
