/* strace.h - system calls that others watch. */
#pragma once

struct process;

/* The process ends: it is no longer watched. */
void strace_leave(struct process *process);
