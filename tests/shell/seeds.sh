# seeds.sh - programs that wait for each other, under forced task switches.
#
# seed=N lets every program yield at random returns from system calls, so the
# remaining programs run at points where they seldom run
# (tests/kernel/test_call.c).
# Time is counted in instructions: a failure repeats.
. tests/tap.sh

tests='pipe_wait pipe_turns pipe_room pipe_many poll_pipes process_wait
	signal_send mqueue fifo stress mqueue_turns mailbox_call
	thread_futex socketpair stress_parley'
for seed in 1 2 3; do
	in_one_boot "seed_${seed}_breaks_" "$tests" \
		env ICOUNT=0 $RUN -t -k seed=$seed
done
tap_done
