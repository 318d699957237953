/* trace.h - the trace as a whole: when it begins, and where it goes. */
#pragma once

#include "kernel/lib/trace.h"

/* What trace= asks for, "on" or kinds with commas between; recording begins
 * with trace_begin(), or at once if "boot" is among them. */
void trace_choose(const char *words);
/* A program starts: the first one but init's begins the trace. */
void trace_program_starts(void);
/* Record these kinds from now on, 0: none. Whoever begins tells what there is
 * already: tasks, and through trace_tell_more() what the floors above know. */
void trace_begin(uint32_t kinds);
extern void (*trace_tell_more)(void);

/* Send what the ring holds, and was not sent, to the machine's trace port. */
void trace_spill(void);
/* Is there something to send? */
bool trace_is_behind(void);
/* For a moment when nobody wants the processor; it may rest only when this has
 * nothing to do. */
static inline bool trace_must_catch_up(void)
{
	return trace_is_running() && trace_is_behind();
}

static inline void trace_catch_up(void)
{
	if (trace_must_catch_up())
		trace_spill();
}

/* Must system calls go the way that records them? */
static inline bool trace_wants_calls(void)
{
	return trace_is_on(TRACE_CALL);
}

/* "send" for TRACE_SEND. */
const char *trace_id_name(unsigned id);
