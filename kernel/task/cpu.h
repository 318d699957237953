/*
 * cpu.h - the state of the processor, and the two guards.
 *
 * [I] interrupts masked: arch_irq_save() and arch_irq_restore(). Only data that
 *     an interrupt handler uses need this guard: the rings of bytes between a
 *     device and the kernel.
 *
 * [P] task switches postponed: lock_stuff() and unlock_stuff(). All further
 *     shared data need this guard. A task that enters the kernel by a system
 *     call or an exception holds [P] until the task waits or leaves. So a
 *     system call is never preempted in the middle, and no function can forget
 *     the guard. In user mode the depth is 1 as well, and the way out looks at
 *     cpu.pending. Kernel tasks start without [P] and call lock_stuff().
 *
 * An interrupt handler never touches data that [P] guards. The handler sets a
 * bit in cpu.pending; the task that brings the depth back to 0 does the work of
 * the bit. So no ready list and no wait queue ever needs interrupts masked, and
 * the frequent paths never mask interrupts.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/list.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/types.h"

struct share;
struct task;

enum pending_bit {
	PENDING_RESCHEDULE,	/* a better task is ready */
	PENDING_SIGNAL,		/* the running task has signals */
	PENDING_TICK,		/* deferred from here on: time slices */
	PENDING_TIMER,		/* timers */
	PENDING_CLEANER,	/* tasks have ended, free them */
	PENDING_OBJECTS,	/* large objects and flights have ended */
	PENDING_WAKES,		/* an event has woken many tasks or polls */
	PENDING_SIGIO,		/* files with O_ASYNC have events */
	PENDING_LOCKS,		/* locks of files have changed */
	PENDING_GROUPS,		/* signals of the kernel to groups */
	PENDING_TTY,		/* bytes came from the terminal */
	PENDING_HOST,		/* bytes came from the host channel */
	PENDING_CARD,		/* frames came from the network card */
	PENDING_DISK,		/* the disk has done requests */
	PENDING_REPORT,		/* Scroll Lock was pressed: kernel/sys/hang.c */
	PENDING_BITS
};

#define PENDING(bit)	(1u << (bit))
#define PENDING_DEFERRED (~(PENDING(PENDING_RESCHEDULE) | \
			    PENDING(PENDING_SIGNAL)))

#define PRIORITIES		32	/* from 1; 32 runs first */

/* The state of a processor. */
struct cpu {
	struct task *current;		/* [P] the running task */
	uint32_t root_pa;		/* [P] the page tables in use */
	uint32_t windows_open;		/* [P] on high frames */
	uint32_t postpone_depth;	/* [own] the depth of lock_stuff() */
	volatile uint32_t pending;	/* [I] bits of enum pending_bit */
	uint32_t ready_bitmap;		/* [P] bit n: priority n + 1 has ready
					   tasks */
	bool has_extra_state;		/* [P] of the running task */
	bool fpu_is_on;			/* [P] FPU instructions do not trap */
	bool is_traced;			/* [P] system calls go the traced way */
	bool has_tick;			/* [P] the tick of time slices is on */
	uaddr_t thread_pointer;		/* [P] the loaded address */
	struct task *fpu_owner;		/* [P] its values are in the FPU */
	struct task *idle;		/* [const] */
	uint32_t switches;		/* [P] since the boot */
	struct list ready[PRIORITIES + 1];	/* [P] by priority; 0: tasks of
						   POLICY_BACKGROUND */
	struct share *share;		/* [P] the user whose slice runs, or
					   NULL: see share.c */
	uint64_t share_since;		/* [P] cycles: it goes on since */
	uint64_t share_end;		/* [P] ... and its slice is over then */
	uint32_t round;			/* [P] of the users' slices */
	struct list woken;		/* [P] users to run first */
	struct list users[2];		/* [P] of this round and the next */
};

/* Note deferred work. Never sleeps; an interrupt handler may call it. */
static inline void cpu_pend(enum pending_bit bit)
{
	arch_set_bits(&arch_cpu()->pending, PENDING(bit));
}

static inline void cpu_unpend(enum pending_bit bit)
{
	arch_clear_bits(&arch_cpu()->pending, PENDING(bit));
}

/* Set the function for the deferred work of a bit: called with [P], may not
 * sleep. */
void cpu_set_deferred(enum pending_bit bit, void (*work)(void));

/* The running task, which runs only when no other can, may have to give way in
 * the middle of deferred work: let the work go on. */
void cpu_keep_works_going(void);

/* Do the pending work, and switch tasks if necessary. Called with depth 1. */
void cpu_run_pending(void);

/* Postpone task switches (Step 8 of the tutorial). Nests. */
static inline void lock_stuff(void)
{
	arch_cpu()->postpone_depth++;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* Allow task switches again; the outermost call does the pending work. */
void unlock_stuff(void);

