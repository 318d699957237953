# hang.sh - a run without an end reports the reason: at once when no program can
# go on, else when the time is over.
. tests/tap.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# hangs SECONDS [-t] LINE: run the line with so much time; sets $status and
# writes $tmp/out and $tmp/err.
hangs() {
	seconds=$1
	shift
	TIMEOUT=$seconds $RUN "$@" > "$tmp/out" 2> "$tmp/err"
	status=$?
}

# says PATTERN NAME: a line of the report is like this.
says() {
	ok "$2" grep "$1" "$tmp/err"
	grep -q "$1" "$tmp/err" || sed 's/^/# /' "$tmp/err"
}

# ---- Nothing can go on: the machine knows ----------------------------------

hangs 100 'philosophers --deadlock'
is "$status" 123 deadlock_is_status_123
is "$(grep -c takes "$tmp/out")" 5 output_before_the_deadlock_is_lost
says '^run: no program can go on' headline_is_missing
says '^task [0-9]* (philosophers): waits for a child to end' \
	parent_waits_for_its_children
p='philosophers([0-9]*)'
says "^deadlock: $p waits for $p waits for $p waits for $p waits for $p waits" \
	circle_is_missing
is "$(grep -c 'task 1 \|(idle)' "$tmp/err")" 0 report_is_of_programs_only

says '^    in pthread_mutex_lock, called by take (philosophers.c:[0-9]*), di' \
	place_of_a_philosopher_is_missing

# The place of the mistake, by file and line.
hang=tests/user/hang_parley.c
line=$(grep -n 'while (read(' $hang | cut -d : -f 1)
hangs 100 -t '/tests/hang_parley pipe'
is "$status $(cat "$tmp/out")" "123 the reader reads" \
	output_of_a_program_that_hangs_is_lost
says "^    in read, called by read_to_the_end ($hang:$line), forget_close" \
	line_of_the_blocked_read_is_missing
says '^deadlock: \(hang_parley([0-9]*)\) waits for itself' \
	forgotten_close_is_not_explained

hangs 100 -t '/tests/hang_parley mutexes'
says "^    in pthread_mutex_lock, called by lock_a_then_b ($hang:" \
	place_of_the_first_thread_is_missing
says "^    in pthread_mutex_lock, called by lock_b_then_a ($hang:" \
	place_of_the_second_thread_is_missing
p='hang_parley([0-9]*)'
says "^deadlock: $p waits for $p waits for $p$" circle_of_two_threads_is_missing

MEM=32
export MEM
hangs 100 -t '/tests/hang_parley memory'
unset MEM
is "$status" 123 hang_with_full_memory_is_not_seen
says 'forget_close_alone (tests/user/hang_parley.c:[0-9]*), fill_memory' \
	place_is_missing_when_memory_is_full

hangs 100 'mkfifo /tmp/f; cat /tmp/f'
is "$status" 123 server_without_clients_is_a_hang
says 'waits for the other side of fifo /tmp/f' fifo_is_named

hangs 100 'sleep 1000 & kill -STOP $!; wait'
is "$status" 123 sleeper_that_is_stopped_for_ever_is_a_hang
says 'stopped by a signal, until SIGCONT' stopped_task_is_told

seq 30000 > "$tmp/in"
TIMEOUT=100 $RUN 'mkfifo /tmp/f; cat /tmp/f' < "$tmp/in" > "$tmp/out" \
	2> "$tmp/err"
is "$?" 123 input_that_is_not_read_keeps_the_run_alive

# ---- Something may still come ----------------------------------------------

hangs 100 'sleep 3 | cat; echo done'
is "$status $(cat "$tmp/out")" "0 done" sleeper_is_taken_for_a_hang
(sleep 4; echo late) | TIMEOUT=100 $RUN cat > "$tmp/out" 2> "$tmp/err"
is "$? $(cat "$tmp/out")" "0 late" open_input_is_taken_for_a_hang
hangs 100 'cat <&1; echo done'
is "$status $(cat "$tmp/out")" "0 done" \
	reader_waits_for_a_host_that_never_sends

# ---- The time is over ------------------------------------------------------

p='philosophers([0-9]*)'
# Guests that count time in instructions pass idle time at once: the loop starts
# thousands of short sleeps, and the long one does not end.
hangs 15 'sleep 1000000000 & philosophers --deadlock &
	while true; do sleep 1; done'
is "$status" 124 partial_deadlock_is_status_124
says "^deadlock: $p waits for $p" circle_beside_a_task_that_runs_is_missing
says '^task [0-9]* (sleep): asleep, until [0-9]\{10\}' sleeper_is_not_told

hangs 15 'echo begun; sleep 1000 | cat & while true; do true; done'
is "$status $(cat "$tmp/out")" "124 begun" spinning_program_is_status_124
says '^task [0-9]* (sh): runs: it does not wait' spinning_program_is_not_told
says '^    in .*(sh/[a-z]*.c:[0-9]*)' place_in_a_loop_is_missing
says '(cat): waits for data in pipe' reader_beside_a_spinning_program

hangs 12 'yes'
is "$status $(head -n 1 "$tmp/out")" "124 y" endless_output_has_no_end
tap_done
