# processors.sh - processors without features that the kernel uses if present.
#
# Without SMAP the two instructions around each access to user memory become
# prefixes, without SYSENTER a call is an exception, without an APIC the timer
# is the PIT. Programs with bad pointers, stacks and registers find the errors
# of these ways.
. tests/tap.sh

# on PROCESSOR TEST...
on() {
	cpu=$1
	shift
	in_one_boot "$cpu " "$*" env CPU=$cpu $RUN -t
}

# The tests of abuse, except tests of the way into a call.
abusers='abuse_arguments abuse_frames abuse_pointers abuse_registers
	abuse_signals pipe_data signal_handler time_clocks'

on max,-smap,-smep $abusers abuse_state signal_fault
on pentium3 $abusers abuse_state
on max,-apic $abusers sched_turns
on max,-sep $abusers
tap_done
