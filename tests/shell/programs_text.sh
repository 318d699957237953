# programs_text.sh - the filters: the output for each input.
#
# RUN= SH=bash sh tests/shell/programs_text.sh tries the same lines on the
# programs of this machine: so the tests are tested.
cat tests/shell/sh_cases.run tests/shell/programs_text.cases |
	${RUN-tools/run} ${SH-sh}
