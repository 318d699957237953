# measured.sh - the kernel for measurements behaves like the usual kernel.
#
# This kernel is compiled with -O2 and without assertions, from the same text as
# the kernel of the usual tests.
. tests/tap.sh

in_one_boot '' 'abuse_arguments abuse_frames abuse_ipc abuse_pointers
	abuse_races abuse_registers abuse_signals abuse_state fifo mailbox_call
	mailbox_wait mqueue mqueue_turns pipe_data pipe_many pipe_room
	pipe_turns pipe_wait poll_pipes process_wait sched_turns
	semaphore_places shm_page signal_handler signal_paths_parley
	signal_rt signal_send socketpair stress stress_parley switch_sweep
	thread_futex time_clocks' \
	env VARIANT=measured $RUN -t
tap_done
