/* strace.h - let a program watch the system calls of processes. */
#pragma once

struct process;

/* The process ends: stop watching. */
void strace_leave(struct process *process);
