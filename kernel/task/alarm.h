/*
 * alarm.h - timers of a process that send signals to the process: the timers of
 * timer_create(2), and the three timers of setitimer(2). All functions need [P]
 * and never sleep.
 */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/task/timer.h"

struct alarm;
struct process;
struct task;

/* A clock for alarms alone; programs cannot name it. */
#define CLOCK_PROCESS_USER	0x100	/* time of the process in user mode */

/* The receiver of the signal, and the contents. [const] */
struct alarm_notice {
	int signal;			/* 0: nothing is sent */
	union sigval value;
	bool tells_id;			/* the value is the timer's number */
	pid_t task;			/* not 0: this task alone */
	bool tells_end;			/* the task waits for these alone */
};

/* The number of a new, stopped timer. -EAGAIN: too many, or no memory. */
int alarm_create(struct process *process, clockid_t clock,
		 const struct alarm_notice *notice);
/* The timer of timer_create(2) with this number, or NULL. */
struct alarm *alarm_find(struct process *process, int id);
/* The timer of setitimer(2), which is ITIMER_...; the first call creates the
 * timer. NULL: no memory. */
struct alarm *alarm_interval(struct process *process, int which);

clockid_t alarm_clock(const struct alarm *alarm);
/* The time of the alarm's clock, in ns. CLOCK_REALTIME counts from boot. */
uint64_t alarm_now_ns(const struct alarm *alarm);
/* Let the alarm expire at due_ns by the alarm's clock (FOREVER: stop), and then
 * every interval_ns (0: never again). */
void alarm_set(struct alarm *alarm, uint64_t due_ns, uint64_t interval_ns);
/* The time left and the interval, in ns. A time of 0: the alarm is stopped. */
void alarm_get(const struct alarm *alarm, uint64_t *left_ns,
	       uint64_t *interval_ns);
/* A task takes a signal: alarms that wait for this go on. If an alarm sent the
 * signal, info->si_overrun becomes the number of further expiries. */
void alarm_taken(struct process *process, siginfo_t *info);
/* Signals of this set do not pend any more, or have another action: alarms that
 * wait for this go on. */
void alarms_release(struct process *process, sigset_t set);
/* The si_overrun of the signal taken last. */
int alarm_overrun(const struct alarm *alarm);
/* Delete the alarm. If the notice tells the end, the task gets the signal once
 * more, with code SI_KERNEL. */
void alarm_delete(struct alarm *alarm);

/* A task ends: alarms by the time of this task expire no more. */
void alarms_of_task_end(const struct task *task);
/* exec: delete the timers of timer_create(2). */
void alarm_exec(struct process *process);
/* exit: delete all timers. */
void alarm_delete_all(struct process *process);
