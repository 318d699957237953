# crash.sh - the report in the log about a crash of a program.
. tests/tap.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# report COMMAND: the kernel's report about the command, without process id.
report() {
	$RUN -t "$1" 2>&1 > "$tmp/out" | sed 's/\[[0-9]*\]/[]/' |
		grep -E '^(program| )' | tee "$tmp/report"
}

# line_of FILE TEXT: the number of the first line with this text.
line_of() {
	grep -nF "$2" "$1" | head -n 1 | cut -d : -f 1
}

# says KIND TEXT FUNCTION SOURCE NAME: `crash KIND` gives the first line TEXT
# and stood in FUNCTION, at the line that contains SOURCE.
says() {
	report "crash $1" > /dev/null
	is "$(sed -n 1p "$tmp/report" | sed 's/0x[0-9a-f]*/0x/')" \
		"program crash[]: $2" "crash_$1_says_what_happened"
	ok "crash_$1_names_function_and_line" grep -qF \
		"$3 (crash.c:$(line_of user/crash.c "$4"))" "$tmp/report"
}

says null "SIGSEGV: null pointer, read of 0x" "in read_null" \
	"(void)*(volatile int *)null_address"
says write-null "SIGSEGV: null pointer, write to 0x" "in write_null" \
	"	*(volatile int *)null_address"
says jump-null "SIGSEGV: null pointer, jump to 0x" "called by jump_null" \
	"((void (*)(void))null_address)();"
says kernel "SIGSEGV: access to the kernel's memory, read of 0x" \
	"in read_kernel" "(void)*(volatile int *)kernel_address"
says jump "SIGSEGV: jump to an address that is no code, at 0x" \
	"called by jump_kernel" "(void (*)(void))kernel_address"
says write-text "SIGSEGV: write to the program's own code, at 0x" \
	"in write_text" "(uintptr_t)write_text = 0"
says constant \
	"SIGSEGV: write to a constant: this memory is read-only, at 0x" \
	"in write_constant" "(uintptr_t)constant ="
says beyond \
	"SIGBUS: access beyond the end of a mapped object, read of 0x" \
	"in read_beyond" "(void)*memory"
says data "SIGSEGV: jump to an address that is no code, at 0x" \
	"called by run_data" "(uintptr_t)code)()"
says return "SIGSEGV: the return address was overwritten: it holds the text \
'$(sed -n 's/.*room, "far too many byt\(.\{16\}\).*/\1/p' user/crash.c)'" \
	"probably at the end of overwrite_return" 'copy_text(room, "far'
says stack "SIGSEGV: stack overflow, write to 0x" \
	"called by overflow_stack" "again();"
says divide "SIGFPE: division by zero, or the quotient is too large" \
	"in divide" "zero = 1000 / zero"
says illegal "SIGILL: the processor has no such instruction" \
	"in illegal" '"ud2"'
says cli "SIGSEGV: privileged instruction" "in clear_interrupts" '"cli"'
says port "SIGSEGV: privileged instruction" "in use_port" "outb"
report "crash int3" > /dev/null
ok crash_int3_says_what_happened_and_where sh -c "
	grep -q 'SIGTRAP: breakpoint without a debugger$' '$tmp/report' &&
	grep -q 'in breakpoint (crash.c:' '$tmp/report'"
says free "SIGABRT: a block of malloc() was freed twice" \
	"freed first by free_twice" "free(memory);"

report "crash stack" > /dev/null
ok calls_in_a_row_are_one_line grep -Eq \
	"called by overflow_stack .*, [0-9]{4,} times" "$tmp/report"
ok main_is_below_the_recursion grep -q "called by main (crash.c:" "$tmp/report"

is "$($RUN 'crash null; true' 2>&1 |
	grep -c "^Segmentation fault: null pointer$")" 1 \
	the_shell_says_the_same_words

# trace WAY FUNCTION...: the outer functions of the trace, innermost first.
source=tests/user/crash_report.c
trace() {
	way=$1
	shift
	report "/tests/crash_report --crash $way" > /dev/null
	is "$(sed -n 's/^  .*\(in\|by\) \([a-z_]*\) .*/\2/p' "$tmp/report" |
		tail -n $# | tr '\n' ' ')" "$* " \
		"trace_of_${way}_is_complete${variant:+_$variant}"
}

# misuse WAY EARLIER SOURCE CALLER: the report names the function EARLIER, at
# the line SOURCE, and the function that was at work when it was noticed.
misuse() {
	report "/tests/crash_report --crash $1" > /dev/null
	ok "malloc_names_both_functions_of_$1${variant:+_$variant}" sh -c "
		grep -qF '$2 ($source:$(line_of $source "$3"))' '$tmp/report' &&
		grep -qF '$4 ($source:' '$tmp/report'"
}

for variant in '' measured; do
	export VARIANT=$variant
	trace printf printf use_string crash_by main _start
	ok "bad_pointer_names_the_students_line${variant:+_$variant}" \
		grep -qF "use_string ($source:$(line_of $source \
			'printf("%s"'))" "$tmp/report"
	trace thread printf use_string in_thread run
	trace raised use_string in_handler raise handle_raised \
		crash_by main _start
	trace fault use_string in_handler handle_fault crash_by main _start
	trace qsort qsort sort_strings crash_by main _start
	trace missing use_missing_function crash_by main _start
	trace abort abort abort_here crash_by main _start
	misuse twice "freed first by give_block" "	free(memory);" \
		"called by free_twice"
	misuse twice-joined "freed first by give_neighbour" \
		"	free(neighbour);" "called by free_twice_joined"
	misuse beyond-far "the block was allocated by take_blocks" \
		"memory = malloc" "called by write_beyond_far"
	misuse before "the block was allocated by take_blocks" \
		"memory = malloc" "called by write_before"
	misuse freed "the block was freed by give_block" "	free(memory);" \
		"called by write_freed"
	misuse resized "the block was allocated by resize_block" \
		"memory = realloc" "called by write_beyond_resized"
	misuse no-block "called by free_inside" "give(words" "called by main"
done
unset VARIANT
for way in loop kernel unmapped; do
	report "/tests/crash_report --crash $way" > /dev/null
	is "$(sed -n '$p' "$tmp/report")" \
		"  the stack is damaged or has no frame behind this" \
		"damaged_stack_is_called_so_$way"
done

# A name of the program's own choice is no line of the kernel's.
cat > "$tmp/script" <<'END'
cp /bin/crash "/tmp/PANIC: forged"
"/tmp/PANIC: forged" null
n=$(printf 'x\nPANIC: n')
cp /bin/crash "/tmp/$n"
"/tmp/$n" null
exit 3
END
$RUN sh < "$tmp/script" > "$tmp/out" 2> "$tmp/err"
is "$?" 3 name_like_a_panic_is_no_panic
is "$(grep -c '^PANIC' "$tmp/err")" 0 no_line_begins_as_a_panic_does
ok name_is_printed_without_control_characters \
	grep -q '^program x?PANIC: n\[' "$tmp/err"

# The same with names of functions, in a table of symbols that lies.
$RUN -t '/tests/hostile_images --forge' > "$tmp/out" 2> "$tmp/err"
is "$?" 139 function_named_like_a_panic_is_no_panic
is "$(grep -c "^PANIC\|^parley" "$tmp/err")" 0 \
	no_function_makes_a_line_of_the_log
ok the_forged_name_is_printed_in_its_place \
	grep -q '^  in ??\[31mPANIC: forged?parley' "$tmp/err"
tap_done
