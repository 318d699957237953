/* strace.h - the data of a read from a strace_open(2) descriptor: whole
 * records.
 */
#pragma once

#include "kernel/abi/types.h"

#define CALL_TEXTS	2
#define CALL_TEXT_BYTES	40

struct call_record {
	pid_t pid;
	uint32_t number;		/* of the system call */
	uint32_t is_end;		/* 0: begin, 1: end of the call */
	int32_t result;
	uint32_t arguments[6];
	/* The first strings in the arguments, NUL-terminated, cut. */
	char texts[CALL_TEXTS][CALL_TEXT_BYTES];
};
