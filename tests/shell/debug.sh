# debug.sh - GDB stops in the kernel and in a program, by name.
. tests/tap.sh

shell=$(tools/run -n 'echo $$')
out=$(tools/debug -n -e continue -e 'info registers eip' -e 'user wc main' \
	-e continue -e 'backtrace 1' -e tasks -e 'break pipe_read' \
	-e continue -e backtrace -e program -e "task $shell" \
	'seq 3 | wc -l' 2>&1)
# said NAME TEXT: GDB's output holds TEXT.
said() {
	case $out in
	*"$2"*) tap_line 0 "$1" ;;
	*) tap_line 1 "$1"; echo "$out" | sed 's/^/# /' ;;
	esac
}
said stops_in_kmain "<kmain"
said stops_in_a_program_by_name "main (argc=2"
said program_has_lines "wc.c:"
said tasks_shows_who_waits "blocked"
said break_in_a_mechanism "pipe_read (file="
said back_trace_crosses_into_the_program "in user_mode ("
said stack_of_the_program_that_calls "in main (argc="
said stack_of_a_task_that_waits "in sys_waitpid ("
tap_done
