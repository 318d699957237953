# processors.sh - processors that lack what the kernel uses where it is there.
#
# Without SMAP the two instructions around each access to user memory become
# prefixes, without SYSENTER a call is an exception, without an APIC the timer
# is the PIT. Programs with bad pointers, stacks and registers find what goes
# wrong then.
. tests/tap.sh

# on PROCESSOR TEST...
on() {
	local cpu=$1 test
	shift
	for test; do
		ok "$test on $cpu" env CPU=$cpu $RUN -t "/tests/$test"
	done
}

# Who does the abusing, where it does not matter how a call is made.
abusers='abuse_arguments abuse_frames abuse_pointers abuse_registers
	abuse_signals pipe_data signal_handler time_clocks'

on max,-smap,-smep $abusers abuse_state mailbox_words_abuse signal_fault
on pentium3 $abusers abuse_state mailbox_words_abuse
on max,-apic $abusers sched_turns
on max,-sep $abusers
tap_done
