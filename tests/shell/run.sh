# run.sh - tools/run as a command among commands.
. tests/tap.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

is "$($RUN 'seq 1 1000 | grep 7 | wc -l' | tr -d ' ')" 271 \
	pipeline_of_three_counts_271
$RUN 'exit 3' > "$tmp/out"
is "$?" 3 exit_status_of_the_shell_comes_out
is "$(cat "$tmp/out")" "" nothing_but_the_output_on_stdout
is "$(echo hello | $RUN 'tr a-z A-Z')" HELLO stdin_goes_in
is "$($RUN 'false || echo $?')" 1 dollar_reaches_the_guest
is "$($RUN cat < /dev/null; echo $?)" 0 no_input_is_end_of_file

# Every byte, and more of them than any buffer on the way holds.
python3 -c 'import os, sys
sys.stdout.buffer.write(bytes(range(256)) * 40 + os.urandom(30000))' \
	> "$tmp/in"
$RUN cat < "$tmp/in" > "$tmp/out"
ok every_byte_comes_back_unchanged cmp "$tmp/in" "$tmp/out"

TIMEOUT=15 $RUN 'echo begun; sleep 100' > "$tmp/out" 2> "$tmp/err"
is "$? $(cat "$tmp/out")" "124 begun" time_out_is_124_and_output_is_kept

$RUN 'cat /no/such/file' > "$tmp/out" 2> "$tmp/err"
is "$?" 1 failing_program_gives_its_status

$RUN 'yes' 2> "$tmp/err" | head -n 2 > "$tmp/out"
is "$(cat "$tmp/out" "$tmp/err")" "y
y" reader_that_leaves_ends_the_run_quietly

# Two runs at once: neither sees the files of the second run.
LOG=$tmp/log1 $RUN 'echo one; sleep 1; echo one' > "$tmp/one" &
LOG=$tmp/log2 $RUN 'echo two; sleep 1; echo two' > "$tmp/two"
wait
is "$(cat "$tmp/one" "$tmp/two" | tr '\n' ' ')" "one one two two " \
	two_runs_side_by_side

# From a different folder, through a link, without a terminal.
ln -s "$PWD/tools/run" "$tmp/parley"
is "$(cd / && "$tmp/parley" -n 'echo far' < /dev/null)" far \
	runs_from_any_folder_through_a_link

is "$(make -s run CMD='echo "a  b" $((1 + 1))' < /dev/null)" "a  b 2" \
	make_run_passes_the_line_as_typed
make -s run CMD='exit 3' < /dev/null > "$tmp/out" 2>&1
is "$?" 2 make_turns_every_failure_into_2

is "$($RUN 'echo log > /dev/null'; grep -c 'power off, status 0' "$LOG")" 1 \
	log_goes_to_the_file_named
tap_done
