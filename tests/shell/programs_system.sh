# programs_system.sh - processes, /proc, usage texts, and deaths.
cat tests/shell/sh_cases.run tests/shell/programs_system.cases |
	${RUN:-tools/run} sh
