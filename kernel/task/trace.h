/* trace.h - the trace as a whole: beginning, end and output. */
#pragma once

#include "kernel/lib/trace.h"

/* Read the words of the boot option trace=, "on" or kinds with commas between.
 * Recording begins with trace_begin(), or at once if "boot" is a word. */
void trace_choose(const char *words);
/* A program starts: the first program after init begins the trace. */
void trace_program_starts(void);
/* Record these kinds from now on, 0: none. First record the names of all tasks,
 * and, through trace_tell_more(), of the objects of the floors above. */
void trace_begin(uint32_t kinds);
extern void (*trace_tell_more)(void);

/* Send the unsent events of the ring to the machine's trace port. */
void trace_spill(void);
/* Is there something to send? */
bool trace_is_behind(void);
/* For the idle task: the processor may halt only when all events are sent. */
static inline bool trace_must_catch_up(void)
{
	return trace_is_running() && trace_is_behind();
}

static inline void trace_catch_up(void)
{
	if (trace_must_catch_up())
		trace_spill();
}

/* Must the entry of system calls record the calls? */
static inline bool trace_wants_calls(void)
{
	return trace_is_on(TRACE_CALL);
}

/* "send" for TRACE_SEND. */
const char *trace_id_name(unsigned id);
