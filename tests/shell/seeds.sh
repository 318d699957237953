# seeds.sh - programs that wait for each other, under forced task switches.
#
# seed=N lets every program give way at random returns from system calls, so
# that others come in between where they seldom do (tests/kernel/test_call.c).
# Time is counted in instructions: a failure repeats.
. tests/tap.sh

for seed in 1 2 3; do
	for test in pipe_wait pipe_turns pipe_room pipe_many poll_pipes \
			process_wait signal_send mqueue fifo stress \
			mqueue_turns mailbox_words thread_futex socketpair \
			stress_parley; do
		ok "seed_${seed}_breaks_$test" env ICOUNT=0 $RUN -t \
			-k "seed=$seed" "/tests/$test"
	done
done
tap_done
