# demos_waits.sh - the demonstrations of semaphores, mutexes and poll run as
# shown, and `why` finds the deadlock.
. tests/tap.sh

is "$($RUN 'philosophers | grep -c eats')" 15 philosophers_all_eat
is "$($RUN 'philosophers -n 20 | grep -c eats')" 100 \
	philosophers_in_order_do_not_starve

# The circle has five names, each once, and ends at the first name.
stuck=$($RUN 'philosophers --deadlock > /tmp/said & sleep 1; why $!; kill $!
	sleep 0.1; grep -c takes /tmp/said; grep -c eats /tmp/said')
circle=$(echo "$stuck" | sed -n 's/^deadlock: //p')
is "$(echo "$circle" | sed 's/ waits for /\n/g' | grep -c 'philosophers(')" 6 \
	why_prints_the_circle_of_philosophers
is "$(echo "$circle" | sed 's/ waits for /\n/g' | sort -u | wc -l)" 5 \
	each_of_them_stands_in_it_once
is "$(echo "$circle" | sed 's/ waits for .* waits for /\n/' | uniq | wc -l)" 1 \
	the_circle_closes
is "$(echo "$stuck" | tail -n 2 | tr '\n' ' ')" '5 0 ' \
	each_has_one_fork_and_nobody_eats
is "$($RUN 'philosophers -n 100 > /dev/null & sleep 0.2; why $! |
	grep -c deadlock; kill $!')" 0 why_sees_no_deadlock_where_none_is
is "$($RUN 'mkfifo /tmp/f; cat /tmp/f & sleep 0.2; why $!; echo > /tmp/f' |
	sed -n 's/^task.*: //p')" 'whoever opens the other side' \
	why_names_the_other_side_of_a_fifo

is "$($RUN 'buffer')" 'without a mutex: some are lost
with a mutex: 2000
300 numbers through 4 places, sum 15150' buffer_loses_nothing_with_a_mutex
is "$($RUN 'buffer -h | head -n 1; buffer -x 2> /dev/null; echo $?')" \
	'usage: buffer
2' buffer_says_how_it_is_used

is "$($RUN 'belt | tail -n 1')" 'put on: 20, sum 210; taken off: 20, sum 210' \
	belt_loses_nothing
is "$($RUN 'belt | grep consumer | cut -d: -f2 | sort | uniq | wc -l')" 20 \
	belt_hands_each_thing_to_one

# The order tells who ran at which priority: the radio before the weather, or
# after the distributor.
is "$($RUN pathfinder)" 'weather: has the bus
distributor: wants the bus
radio: computes
watchdog: the work is not done, reset
weather: gives the bus back
distributor: has the bus' pathfinder_without_inheritance_is_reset
is "$($RUN 'pathfinder -i')" 'weather: has the bus
distributor: wants the bus
weather: gives the bus back
distributor: has the bus
radio: computes
watchdog: the work is done' pathfinder_inherits_by_the_mutex
is "$($RUN 'pathfinder -m')" 'weather: gives a turn
distributor: wants the bus
radio: computes
watchdog: the work is not done, reset
weather: gives a turn
distributor: has the bus' pathfinder_without_a_call_is_reset
is "$($RUN 'pathfinder -im')" 'weather: gives a turn
distributor: wants the bus
weather: gives a turn
distributor: has the bus
radio: computes
watchdog: the work is done' pathfinder_inherits_by_the_call

read_together=$($RUN readers)
is "$(echo "$read_together" | grep -c reader)" 20 readers_all_read
is "$(echo "$read_together" | sed -n 's/writer .: //p' | tr '\n' ' ')" \
	'1 2 3 4 5 6 7 8 9 10 ' no_number_of_a_writer_is_lost
is "$(echo "$read_together" | grep -c 'with [1-3] others')" 15 \
	readers_are_there_together

loop=$($RUN events)
is "$([ "$(echo "$loop" | grep -c '^timer')" -ge 3 ] && echo enough)" enough \
	events_sees_the_timer
is "$(echo "$loop" | sed -n 's/^counter: //p' | tr '\n' ' ')" '1 2 3 ' \
	events_sees_the_counter
is "$(echo "$loop" | sed -n 's/^message: hello, priority //p' |
	tr '\n' ' ')" '1 2 3 ' events_sees_the_messages
is "$(echo "$loop" | grep -c '^pipe: bytes$')" 1 events_sees_the_pipe
is "$(echo "$loop" | grep -c '^signal: value 42$')" 1 events_sees_the_signal
is "$(echo "$loop" | tail -n 1)" 'child ended with 7' \
	events_sees_the_end_of_the_child

tap_done
