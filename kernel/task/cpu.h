/*
 * cpu.h - the state of the processor, and the two guards.
 *
 * [I] interrupts masked: arch_irq_save() and arch_irq_restore(). Only what an
 *     interrupt handler itself touches needs it: the rings of bytes between a
 *     device and the kernel.
 *
 * [P] task switches postponed: lock_stuff() and unlock_stuff(). Everything
 *     else that is shared needs it. A task that enters the kernel by a system
 *     call or an exception holds [P] until it waits or leaves, so a system call
 *     is never preempted in the middle: there is nothing to forget. In user
 *     mode the depth is 1 as well, and the way out looks at cpu.pending. Kernel
 *     tasks start without it and take it themselves.
 *
 * An interrupt handler never touches what [P] guards. It notes its work in
 * cpu.pending; whoever brings the depth back to 0 does that work. So no ready
 * list and no wait queue ever needs interrupts masked, and the hot paths have
 * neither cli nor sti.
 */
#pragma once

#include "kernel/lib/assert.h"
#include "kernel/lib/types.h"

struct task;

enum pending_bit {
	PENDING_RESCHEDULE,	/* somebody better is ready */
	PENDING_SIGNAL,		/* the running task has signals */
	PENDING_TICK,		/* deferred from here on: time slices */
	PENDING_TIMER,		/* timers */
	PENDING_CLEANER,	/* tasks have ended, free them */
	PENDING_TTY,		/* bytes came from the terminal */
	PENDING_HOST,		/* bytes came from the host channel */
	PENDING_BITS
};

#define PENDING(bit)	(1u << (bit))
#define PENDING_DEFERRED (~(PENDING(PENDING_RESCHEDULE) | \
			    PENDING(PENDING_SIGNAL)))

struct cpu {
	struct task *current;		/* the running task */
	uint32_t postpone_depth;	/* of lock_stuff() */
	volatile uint32_t pending;	/* one bit per kind of work */
	uint32_t is_special;		/* FPU on, GS set, or traced */
	uint32_t switches;		/* since boot */
	struct task *idle;
	struct task *fpu_owner;		/* whose values it holds, or NULL */
	bool fpu_is_on;			/* not CR0.TS, as we last set it */
	bool is_traced;			/* where SYSENTER goes now */
	uaddr_t thread_pointer;		/* what GS points to now */
};

extern struct cpu cpu;

/* Note work to be done soon. One instruction: an interrupt may call it. */
static inline void cpu_pend(enum pending_bit bit)
{
	__asm__ volatile("orl %1, %0" : "+m"(cpu.pending)
			 : "ri"(PENDING(bit)) : "memory");
}

static inline void cpu_unpend(enum pending_bit bit)
{
	__asm__ volatile("andl %1, %0" : "+m"(cpu.pending)
			 : "ri"(~PENDING(bit)) : "memory");
}

/* Who does the deferred work of a bit; called with [P], may not sleep. */
void cpu_set_deferred(enum pending_bit bit, void (*work)(void));

/* Do what is pending, switching tasks if need be. Called with depth 1. */
void cpu_run_pending(void);

/* Postpone task switches (Step 8 of the tutorial). Nests. */
static inline void lock_stuff(void)
{
	cpu.postpone_depth++;
	__asm__ volatile("" ::: "memory");
}

void unlock_stuff_slow(void);

/* Allow them again; the last one does what was postponed. */
static inline void unlock_stuff(void)
{
	ASSERT(cpu.postpone_depth > 0);
	__asm__ volatile("" ::: "memory");
	if (--cpu.postpone_depth == 0 && cpu.pending)
		unlock_stuff_slow();
}

/* A place in a long operation where a switch does no harm: call it with
 * depth 1 and no pointer into shared state. */
static inline void sched_point(void)
{
	if (cpu.pending & ~PENDING(PENDING_SIGNAL))
		cpu_run_pending();
}
