# demos_waits.sh - the demonstrations of semaphores, mutexes and poll run as
# shown, and `why` finds the deadlock.
. tests/tap.sh

is "$($RUN 'philosophers | grep -c eats')" 15 philosophers_all_eat
is "$($RUN 'philosophers -n 20 | grep -c eats')" 100 \
	philosophers_in_order_do_not_starve

# The circle has five names, each once, and ends where it began.
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

tap_done
