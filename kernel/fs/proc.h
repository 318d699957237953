/*
 * proc.h - files in /proc: the kernel's state as text.
 *
 * Each file is a line in the table of proc.c: a name and a function that writes
 * the whole text. It runs once for each open(2), so a reader sees one moment,
 * however slowly it reads.
 */
#pragma once

#include "kernel/lib/types.h"

struct proc_text;

/* Add to the text; a line has at most 500 bytes. */
void proc_printf(struct proc_text *text, const char *format, ...)
	PRINTF_LIKE(2, 3);
/* Add a string of any length. */
void proc_puts(struct proc_text *text, const char *string);

/* Add a name that a program chose: what would break the table is a '?'. */
void proc_put_name(struct proc_text *text, const char *name);

typedef void proc_writer(struct proc_text *text);

/* proc_ipc.c, proc_memory.c, proc_tasks.c, proc_trace.c,
 * proc_waits.c */
proc_writer proc_ipc;
proc_writer proc_meminfo;
proc_writer proc_tasks;
proc_writer proc_trace;
proc_writer proc_waits;

/* proc_enders.c: who could end this task's wait, as ids and words, or "-". */
struct task;
void proc_put_enders(struct proc_text *text, const struct task *task);
