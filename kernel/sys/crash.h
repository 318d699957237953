/* crash.h - the report in the log about a program that crashes. */
#pragma once

#include "kernel/abi/crashes.h"
#include "kernel/abi/signal.h"
#include "kernel/lib/types.h"

/* [own] The refused access or instruction of the running task, as the machine
 * layer reports. */
struct refusal {
	enum crash_kind kind;	/* CRASH_NONE: a page fault */
	unsigned access;	/* of a page fault: FAULT_ bits */
	uaddr_t address;	/* of a page fault */
	const siginfo_t *info;	/* the resulting signal */
};

/* Print the cause and the back trace, and end the process. */
void crash(const struct refusal *refusal) NORETURN;

/*
 * The running task sends SIGABRT to this same task. If the signal is going to
 * end the process, report and end the process here; else return. libc tells the
 * kind of the misuse, and the return address of an earlier call, or 0: the
 * report names the function with this call. Both may be any numbers.
 */
void crash_by_abort(unsigned kind, uaddr_t place);
