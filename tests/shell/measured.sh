# measured.sh - the kernel that figures are of does what the others do.
#
# There the usual ways of waiting, waking, reading and calling are in line, and
# nothing is asserted: other code than what the rest of the tests runs on.
. tests/tap.sh

for test in abuse_arguments abuse_frames abuse_ipc abuse_pointers abuse_races \
		abuse_registers abuse_signals abuse_state fifo mailbox_call \
		mailbox_wait mailbox_words mailbox_words_abuse \
		mailbox_words_chaos mailbox_words_ends mqueue mqueue_turns \
		pipe_data pipe_many pipe_room pipe_turns pipe_wait poll_pipes \
		process_wait sched_turns semaphore_places shm_page \
		signal_handler signal_paths_parley signal_rt signal_send \
		socketpair stress stress_parley switch_sweep thread_futex \
		time_clocks; do
	ok "$test" env VARIANT=measured $RUN -t "/tests/$test"
done
tap_done
