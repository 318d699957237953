# programs_system.sh - processes, /proc, usage texts, and deaths.
cat tests/shell/sh_cases.run - tests/shell/programs_system.cases <<END |
% programs='$(grep -v '^#' tests/programs.list | tr '\n' ' ')'
END
	${RUN:-tools/run} sh
