/*
 * mail_line.h - a call of a few words, from program to program.
 *
 * A server that waits for nothing but the next request, and a caller that waits
 * for nothing but its reply, are the two ends of a line. What goes through it
 * stays in registers: arch/i686/call.asm stops the one, goes on as the other,
 * and the words have never been anywhere else. There is no message, no copy,
 * no ready list and no C function on the way.
 *
 * The books are true all the same. Each end has a struct that lasts (mail_call
 * and mail_receive, at the desk of its process), and each wait stands in its
 * queue, in its task and in its state, as any other: so signals, priorities,
 * /proc/waits, why and GDB find what they always find, and who wakes such a
 * task finds on its stack where it goes on (machine_words_called(),
 * machine_words_received()). What makes it cheap is that hardly anything in
 * these books ever changes. After the first time, a wait has to be written into
 * four words and an hour, and into no field that is as it was left.
 *
 *	caller				server
 *	machine_words_prepare() once	machine_words_receive() once:
 *					box->line, receive; waits
 *	desk->call waits for a reply	goes on: line->current = the call
 *	goes on				answers, waits
 *
 * box->line says that the line is the only user of the box: nothing lies in it,
 * nobody else waits at it. Nobody checks that twice. Whoever comes to use the
 * box in general, in mailbox_of() and its like, cuts the line first; from then
 * on the server is a receiver as any other, until it waits by words again and
 * finds the box quiet. So:
 * - box->line without a current call: the server waits in it, or was woken;
 * - with a current call: that is at no desk yet. mail_line_leave() puts it
 *   there, before anybody looks for calls.
 *
 * A wait on a line holds no reference of its file: it has no C frame that could
 * let it go. So only a process with a single task has a line, since nobody else
 * can close its descriptors. What marks a wait as one of a line, to be repeated
 * without filling it in, is its context together with its object. For one who
 * has waited elsewhere meanwhile, as a server that calls another one, it is
 * filled in again. When a process gets a second task the mark is wiped out
 * (process_add_task()).
 *
 * -ENOSYS, with nothing changed, answers whatever is not as it should be:
 * anything is ready or pending, a task is traced or uses the FPU, the box is
 * not quiet. The program then makes the same call in general (libc); which
 * words say what is wrong, too.
 *
 * Where the 209 instructions of a round trip are (make profile
 * BENCH=mailbox-call): 37 in and out of the kernel, 36 from the descriptor to
 * the box, 16 to see that both are as they were left, 21 to see that nothing
 * stands against going on, 39 in the books, 24 for the time of both tasks, 12
 * for the switches, 24 in the programs. Threads, several servers at one box,
 * deadlines and longer bodies have been left out: they would be asked for here
 * each time, and cost more than the messages of those who do without.
 *
 * After J. Liedtke, "Improving IPC by Kernel Design", 1993.
 */
#pragma once

#include "kernel/ipc/mail_desk.h"

#define MAIL_WORDS_BYTES	8	/* of a body that fits */

/* What travels, as call.asm keeps it on the stack. */
struct mail_words {
	pid_t sender;
	uint32_t type;
	uint32_t body[2];
	uint32_t id;			/* to be answered; 0: it is not */
};

/* From a message; 0 or -EMSGSIZE. */
int mail_words_of(const struct message *head, const void *body,
		  struct mail_words *words);

/* The running task may call the server of this box. 0 or -ENOSYS. */
long mail_line_prepare(struct mailbox *box);
/* Its server, which has waited elsewhere meanwhile, may answer and wait. */
long mail_line_prepare_reply(const struct mailbox *box);
/* The next request, by the line or not: its sender, an error, or -ENOSYS. */
long mail_line_receive(struct mailbox *box, struct mail_words *words);
/* The server's process does something else: no calls by words until it waits
 * again, and what it has not answered lies at its desk. */
void mail_line_leave(struct mail_line *line);
