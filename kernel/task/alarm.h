/*
 * alarm.h - timers of a process that send it signals: timer_create(2).
 */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/task/timer.h"

struct process;

/* The number of a new, stopped timer; it will send this signal (0: none) with
 * this value. -EAGAIN: too many, or no memory. */
int alarm_create(struct process *process, clockid_t clock, int n,
		 union sigval value);
/* The clock it was made for, or -EINVAL: no such timer. */
int alarm_clock(struct process *process, int id);
/* Start at an absolute time (FOREVER: stop) and repeat every interval (0: do
 * not). 0, or -EINVAL: no such timer. */
int alarm_set(struct process *process, int id, uint64_t deadline_ns,
	      uint64_t interval_ns);
/* When it expires next (FOREVER: stopped), and its interval. */
int alarm_get(struct process *process, int id, uint64_t *deadline_ns,
	      uint64_t *interval_ns);
/* Expiries since the last signal that was not yet taken. */
int alarm_overrun(struct process *process, int id);
int alarm_delete(struct process *process, int id);
/* exec and exit: all of them go. */
void alarm_delete_all(struct process *process);
