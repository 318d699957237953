/*
 * frames.h - where in the source a program stands: the active functions,
 * innermost first, with file and line.
 *
 *	struct frame_walk walk;
 *	char text[FRAME_BYTES];
 *
 *	frames_begin(&walk, task);
 *	while (frames_next(&walk)) {
 *		frames_describe(&walk, walk.inside, text, sizeof(text));
 *		...
 *	}
 *
 * All functions need [P]; none sleeps. A walk works for any task of a program
 * that is in the kernel: blocked, stopped, preempted, or the running task.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/lib/symbols.h"

#define FRAME_BYTES	144		/* room for any text of these */

/* The table of symbols in the program file of a process. */
struct process;
bool program_symbols(const struct process *process, struct symbols *symbols);

enum frame_end {
	FRAMES_GO_ON,
	FRAMES_DONE,		/* the outermost function was there */
	FRAMES_BROKEN,		/* the stack does not lead on: damaged */
	FRAMES_TOO_MANY		/* more than FRAMES_MOST */
};

#define FRAMES_MOST	(1u << 20)	/* a stack of 8 MiB has no more */

/* [own] */
struct frame_walk {
	uaddr_t inside;		/* an address in the function's present
				 * instruction: a fault, or a call */
	struct user_frame frame;
	enum frame_end end;	/* why frames_next() said no */
	uint32_t count;		/* frames so far */
	const struct task *task;
	bool has_symbols;
	struct symbols symbols;
};

/* Start where the task left the program. A kernel task has no frames. */
void frames_begin(struct frame_walk *walk, const struct task *task);
/* Go to the first frame, or to the caller of the last frame. False: the end. */
bool frames_next(struct frame_walk *walk);
/* `main (hello.c:12)`, or the address in hexadecimal when nothing is known. */
void frames_describe(const struct frame_walk *walk, uaddr_t address, char *to,
		     size_t size);
