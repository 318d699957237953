/*
 * alarm.h - timers of a process that send it signals: those that it makes with
 * timer_create(2), and the three of setitimer(2). [P]
 */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/task/timer.h"

struct alarm;
struct process;
struct task;

/* What an alarm counts, beside the clocks that programs know. */
#define CLOCK_PROCESS_USER	0x100	/* time of the process in user mode */

/* Whom it tells, and how. */
struct alarm_notice {
	int signal;			/* 0: nothing is sent */
	union sigval value;
	bool tells_id;			/* the value is the timer's number */
	pid_t task;			/* not 0: this task alone */
};

/* The number of a new, stopped timer. -EAGAIN: too many, or no memory. */
int alarm_create(struct process *process, clockid_t clock,
		 const struct alarm_notice *notice);
/* The one of that number, or NULL. */
struct alarm *alarm_find(struct process *process, int id);
/* The one of setitimer(2), ITIMER_..., made when it is first asked for; NULL:
 * no memory. */
struct alarm *alarm_interval(struct process *process, int which);

clockid_t alarm_clock(const struct alarm *alarm);
/* What its clock says, in ns. CLOCK_REALTIME counts from boot here. */
uint64_t alarm_now_ns(const struct alarm *alarm);
/* Start at a time of its clock (FOREVER: stop) and repeat every interval (0: do
 * not). */
void alarm_set(struct alarm *alarm, uint64_t due_ns, uint64_t interval_ns);
/* The time left, never 0 while it runs (0: it is stopped), and its interval. */
void alarm_get(const struct alarm *alarm, uint64_t *left_ns,
	       uint64_t *interval_ns);
/* A signal of code SI_TIMER has been taken: say how many expiries it stands for
 * beside its own. */
void alarm_taken(struct process *process, siginfo_t *info);
/* The same number, of the signal that was taken last. */
int alarm_overrun(const struct alarm *alarm);
/* A task that only waits for it is told so: its signal, with SI_KERNEL. */
void alarm_delete(struct alarm *alarm);

/* exec: those of setitimer(2) go on, the others go. */
void alarm_exec(struct process *process);
/* exit: all of them go. */
void alarm_delete_all(struct process *process);
