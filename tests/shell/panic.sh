# panic.sh - the end of the kernel: readable, in full, and with its own status.
. tests/tap.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# panics TEST TEXT CALLER...: the boot ends with 125; the log says PANIC: with
# the text and shows each caller in the back trace, with file and line.
panics() {
	test=$1 text=$2
	shift 2
	LOG=$tmp/log $RUN -t -k "test=$test" > "$tmp/out" 2> "$tmp/err"
	is "$?" 125 "${test}_exits_125"
	ok "${test}_says_why" grep -q "^PANIC: .*$text" "$tmp/err"
	for caller; do
		ok "${test}_back_trace_shows_$caller" grep -Eq \
			"^  c0[0-9a-f]+ $caller\+0x[0-9a-f]+ \([a-z].*:[0-9]" \
			"$tmp/err"
	done
	ok "${test}_lists_tasks" grep -Eq "^ +[0-9]+ idle +ready" "$tmp/err"
	ok "${test}_says_it_once" test "$(grep -c PANIC: "$tmp/err")" = 1
}

panics panic_assertion "assertion failed: one == 2, tests/kernel/panic.c:" \
	ktest_panic_assertion kernel_task_start
panics panic_interrupts_off "said with interrupts off" \
	ktest_panic_interrupts_off
panics panic_stack_overflow "kernel stack overflow at eip c0" sink
panics panic_null_pointer "page fault in the kernel at eip c0.*cr2 00000000" \
	ktest_panic_null_pointer
ok registers_are_shown grep -Eq "^eax [0-9a-f]{8} ebx" "$tmp/err"
panics panic_write_to_code "page fault in the kernel at eip c0.*code 3" \
	ktest_panic_write_to_code
panics panic_run_data "page fault in the kernel at eip c0.*code 11"
panics panic_divide_by_zero "divide error in the kernel at eip c0" \
	ktest_panic_divide_by_zero
panics panic_switch_at_depth_two "failed: arch_cpu()->postpone_depth == 1" \
	nano_sleep_until ktest_panic_switch_at_depth_two
panics panic_inside_printk "said while a line was printed" \
	ktest_panic_inside_printk
panics panic_with_sleepers "somebody sleeps" ktest_panic_with_sleepers
ok sleeper_and_its_reason_are_listed \
	grep -Eq "^ +[0-9]+ helper +blocked +waits for time" "$tmp/err"
tap_done
