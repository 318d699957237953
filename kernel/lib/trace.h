/*
 * trace.h - record events in their order: each trace point is a line of code.
 *
 *	trace(TRACE_SEND, object, bytes, message);
 *
 * With the trace off, a point is a load and a branch not taken; in the measured
 * build a point is nothing. With the trace on, trace_record() puts a struct
 * trace_event into a ring. abi/trace.def lists the events and the meaning of
 * their words.
 *
 * All points run with [P], none in an interrupt handler. The arguments are
 * evaluated only when the trace is on.
 */
#pragma once

#include "kernel/lib/types.h"

enum trace_id {
#define TRACE(ID, ...)	TRACE_##ID,
#include "kernel/abi/trace.def"
#undef TRACE
	TRACE_IDS
};

/* The kinds that trace= may name: bits of trace_kinds. */
enum trace_kind {
	TRACE_TASKS = 1, TRACE_CALLS = 2, TRACE_IPC = 4, TRACE_SIGNALS = 8,
	TRACE_PAGES = 16, TRACE_FAULTS = 32, TRACE_LIFE = 64,
	TRACE_ALL = 127
};

/* [P] */
struct trace_event {
	uint64_t time;			/* arch_cycles() */
	uint16_t id;			/* enum trace_id */
	uint16_t task;			/* the running task */
	uint32_t object, a, b;		/* see trace.def */
};

/* A power of two. Event N lies at N % TRACE_EVENTS. */
#ifdef NDEBUG
#define TRACE_EVENTS	1
#else
#define TRACE_EVENTS	16384
#endif

extern struct trace_event trace_ring[TRACE_EVENTS];
extern uint32_t trace_count;		/* [P] events recorded so far */
extern uint32_t trace_kinds;		/* [P] the recorded kinds */

/* The kind of each event: TRACE_SWITCH_KIND and so on. */
enum {
#define TRACE(ID, name, kind, ...)	TRACE_##ID##_KIND = TRACE_##kind,
#include "kernel/abi/trace.def"
#undef TRACE
};

/* Append an event. A debugger's breakpoint here, with a condition on
 * trace_count, stops at event N. */
void trace_record(enum trace_id id, uint32_t object, uint32_t a, uint32_t b);
/* Append a name in pieces of eight characters. */
void trace_text(enum trace_id id, uint32_t object, const char *text);

#define TRACE_WORD(x)	((uint32_t)(uintptr_t)(x))

#if defined(NDEBUG) || defined(HOST_TEST)
#define trace(id, object, a, b) \
	((void)sizeof(object), (void)sizeof(a), (void)sizeof(b))
#define trace_name(id, object, text) \
	((void)sizeof(object), (void)sizeof(text))
#define trace_is_on(id)	false
#define trace_is_running() false
#else
#define trace_is_on(id)	(trace_kinds & id##_KIND)
#define trace_is_running() trace_kinds
#define trace(id, object, a, b) \
	(trace_is_on(id) ? trace_record(id, TRACE_WORD(object), \
			TRACE_WORD(a), TRACE_WORD(b)) : (void)0)
#define trace_name(id, object, text) \
	(trace_is_on(id) ? trace_text(id, TRACE_WORD(object), text) : (void)0)
#endif
