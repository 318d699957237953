/*
 * proc.h - files in /proc: the kernel's state as text.
 *
 * Each file is a line in the table of proc.c, or of proc_process.c for the
 * files of each process: a name, and a function to write the whole text. The
 * function runs once for each open(2). A long text is made in parts, with a
 * chance to switch tasks in between: each line is the state of one moment, and
 * the lines of different moments follow each other.
 */
#pragma once

#include "kernel/lib/types.h"

struct enders;
struct node;
struct object;
struct proc_text;
struct process;
struct wait;

/* Add to the text; a line has at most 500 bytes. */
void proc_printf(struct proc_text *text, const char *format, ...)
	PRINTF_LIKE(2, 3);
/* Add bytes, or a string of any length. */
void proc_add(struct proc_text *text, const char *bytes, size_t length);
void proc_puts(struct proc_text *text, const char *string);

/* Add a name chosen by a program: bytes that would break the table become '?'.
 */
void proc_put_name(struct proc_text *text, const char *name);

/* The text cannot be made whole: opening gives this error. */
void proc_fail(struct proc_text *text, int error);

typedef void proc_writer(struct proc_text *text);

/* [const] A name of a table; the last line of a table has no name. */
struct proc_file {
	const char *name;
	mode_t mode;
	proc_writer *write;		/* NULL: no text, see proc_tree.c */
};

extern const struct proc_file proc_files[];
extern const struct proc_file proc_process_files[];

/*
 * The names of a process (id 0: of /proc itself) have numbers of their own:
 *
 *	0		the directory
 *	1 to 15		a line of the table
 *	16 and up	a descriptor, or a process
 */
#define PROC_NUMBERS	16384u
#define PROC_FIRST	16

/* Open the text of a line: for node->open, with the line in node->data. */
int proc_open(struct node *node, uint32_t flags, struct object **out);
/* The process of the text; NULL: it has ended, maybe in the last pause. */
struct process *proc_process(const struct proc_text *text);

/* Other tasks may run here: the writer keeps no pointer without a reference. A
 * text into the log has no such place. */
void proc_pause(struct proc_text *text);

/* Let the writer write into the kernel's log, which needs no memory. */
void proc_log(proc_writer *write);

/* proc_frames.c, proc_ipc.c, proc_limits.c, proc_memory.c, proc_tasks.c,
 * proc_trace.c, proc_waits.c, proc_why.c */
proc_writer proc_frames;
proc_writer proc_ipc;
proc_writer proc_limits;
proc_writer proc_net;	/* kernel/net/net.c */
proc_writer proc_meminfo;
proc_writer proc_tasks;
proc_writer proc_trace;
proc_writer proc_waits;
proc_writer proc_why;

/* The report of a run that hangs: the same text, for a few dozen programs at
 * most, and also where in the source each task stands. */
proc_writer proc_why_programs;
struct task;

/* Sources of an event outside of all tasks. */
enum outsider {
	KEYBOARD, HOST, CLOCK, SIGNALS, NETWORK, DISK, ANYONE, OUTSIDERS
};

#define OUTSIDER(n)	(1u << (n))

/* A set for the enders of many waits, with the descriptors noted; NULL: no
 * memory, and the text has the error. */
struct enders *proc_begin_enders(struct proc_text *text);
void proc_end_enders(struct enders *set);

/* proc_enders.c: the words alone, as bits. */
uint32_t proc_outsiders(const struct task *task);
/* The tasks that could end this task's wait into the set, and the words as the
 * result. The set contains the waiting task only if no different task could end
 * the wait, and if the process handles no signal. If the set may pause, the
 * task may be gone afterwards. */
uint32_t proc_find_enders(struct enders *set, const struct task *task);
/* The same as text: ids and words, or "timer", or "-". */
void proc_put_enders(struct proc_text *text, struct enders *set,
		     const struct task *task);
/* proc_deadlock.c: a line for each circle of tasks that wait for each other for
 * ever: "deadlock: a(7) waits for b(8) waits for a(7)". 0 or -ENOMEM. */
int proc_put_deadlocks(struct proc_text *text, struct enders *set);
/* The time since boot when the wait began. */
uint64_t proc_since_ns(const struct wait *wait);
