/*
 * regexec.c - run a program over a text.
 *
 * All ways through the program go on together, a byte of the text at a time, as
 * threads (R. Pike, R. Cox). Two threads at the same instruction have the same
 * future, so only the better of them is kept: see is_better(). Time is in
 * proportion to the text and the program, whatever the pattern.
 *
 * A back reference ends this: the future depends on the borders of the groups
 * too, so only equal threads are one, and their number has a limit. Beyond the
 * limit the answer is REG_ESPACE.
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "libc/regex/program.h"

/* Threads that have come to the same place of the text. */
struct list {
	int count;
	int *at;		/* [thread]: the instruction */
	int *back;		/* [thread]: bytes of a back reference done */
	int *slots;		/* [thread][borders] */
	int *of;		/* [instruction]: its thread; see is_listed() */
};

struct run {
	const struct __regex_program *program;
	const char *text;
	int length, flags, borders, room;
	struct list now, next;
	int *best;		/* the borders of the best match */
	int *work;		/* the borders of the thread on its way */
	int *stack;		/* of follow(): three words for a step */
	int top, stack_room, error;
	bool found;
};

static int *slots_of(const struct run *r, const struct list *list, int thread)
{
	return list->slots + thread * r->borders;
}

/* Is a better than b, which came first? A group with the same begin and a later
   end is. Among different begins the first is right: each part before the group
   had taken as much as it could. */
static bool is_better(const struct run *r, const int *a, const int *b)
{
	if (a[0] != b[0])
		return a[0] < b[0];
	for (int i = 1; i < r->borders; i++) {
		if (a[i] != b[i])
			return i % 2 && a[i] > b[i];
	}
	return false;
}

/* The thread at the instruction that the new thread must be compared with. */
static int listed(const struct run *r, const struct list *list, int at,
	int back)
{
	int thread = list->of[at];

	if (!r->program->has_back)
		return thread < list->count && list->at[thread] == at ? thread
			: -1;
	for (thread = 0; thread < list->count; thread++) {
		if (list->at[thread] == at && list->back[thread] == back &&
		    memcmp(slots_of(r, list, thread), r->work,
			(size_t)r->borders * sizeof(int)) == 0)
			return thread;
	}
	return -1;
}

/* Enter a thread with the borders of `work`; false if a better one is there. */
static bool enter(struct run *r, struct list *list, int at, int back)
{
	int thread = listed(r, list, at, back);

	if (thread >= 0 && !is_better(r, r->work, slots_of(r, list, thread)))
		return false;
	if (thread < 0) {
		if (list->count == r->room) {
			r->error = REG_ESPACE;
			return false;
		}
		thread = list->count++;
		list->of[at] = thread;
		list->at[thread] = at;
		list->back[thread] = back;
	}
	memcpy(slots_of(r, list, thread), r->work,
		(size_t)r->borders * sizeof(int));
	return true;
}

static void push(struct run *r, int what, int value, int old)
{
	if (r->top + 3 > r->stack_room) {
		r->error = REG_ESPACE;
		return;
	}
	r->stack[r->top++] = what;
	r->stack[r->top++] = value;
	r->stack[r->top++] = old;
}

static bool is_at_begin(const struct run *r, int place)
{
	if (place == 0)
		return !(r->flags & REG_NOTBOL);
	return r->program->flags & REG_NEWLINE && r->text[place - 1] == '\n';
}

static bool is_at_end(const struct run *r, int place)
{
	if (place == r->length)
		return !(r->flags & REG_NOTEOL);
	return r->program->flags & REG_NEWLINE && r->text[place] == '\n';
}

enum step { GO, RESTORE };

/* What follows an instruction without a byte of text. */
static void follow_one(struct run *r, int at, int place)
{
	const struct instruction *i = &r->program->code[at];

	switch (i->code) {
	case SPLIT:
		push(r, GO, at + i->other, 0);
		push(r, GO, at + i->value, 0);
		break;
	case JUMP:
		push(r, GO, at + i->value, 0);
		break;
	case SAVE:
		if (i->value < r->borders) {
			push(r, RESTORE, i->value, r->work[i->value]);
			r->work[i->value] = place;
		}
		push(r, GO, at + 1, 0);
		break;
	case LINE_BEGIN:
		if (is_at_begin(r, place))
			push(r, GO, at + 1, 0);
		break;
	case LINE_END:
		if (is_at_end(r, place))
			push(r, GO, at + 1, 0);
		break;
	case BACK:		/* an empty group */
		if (r->work[2 * i->value] >= 0 && r->work[2 * i->value] ==
		    r->work[2 * i->value + 1])
			push(r, GO, at + 1, 0);
		break;
	default:
		break;
	}
}

/* Enter a thread, and all threads that it leads to at this place. */
static void follow(struct run *r, struct list *list, int at, int place)
{
	r->top = 0;
	push(r, GO, at, 0);
	while (r->top > 0 && !r->error) {
		const int *step = r->stack + (r->top -= 3);

		if (step[0] == RESTORE)
			r->work[step[1]] = step[2];
		else if (enter(r, list, step[1], 0))
			follow_one(r, step[1], place);
	}
}

/* A byte of the text for a back reference; the thread stays until its end. */
static void step_back(struct run *r, int at, int done, int place)
{
	int group = r->program->code[at].value;
	int start = r->work[2 * group], end = r->work[2 * group + 1];
	unsigned char a, b;

	if (start < 0 || end < start || start + done >= end)
		return;
	a = (unsigned char)r->text[start + done];
	b = (unsigned char)r->text[place];
	if (a != b && !(r->program->flags & REG_ICASE &&
	    tolower(a) == tolower(b)))
		return;
	if (start + done + 1 == end)
		follow(r, &r->next, at + 1, place + 1);
	else
		enter(r, &r->next, at, done + 1);
}

/* A thread takes the byte at a place, or ends. */
static void step(struct run *r, int thread, int place)
{
	int at = r->now.at[thread];
	const struct instruction *i = &r->program->code[at];
	const int *slots = slots_of(r, &r->now, thread);
	unsigned char c = (unsigned char)r->text[place];

	if (r->found && slots[0] > r->best[0])
		return;
	memcpy(r->work, slots, (size_t)r->borders * sizeof(int));
	if (i->code == FOUND) {
		if (!r->found || is_better(r, slots, r->best))
			memcpy(r->best, slots,
				(size_t)r->borders * sizeof(int));
		r->found = true;
		return;
	}
	if (place == r->length)
		return;
	if ((i->code == BYTE && i->byte == c) ||
	    (i->code == SET && set_has(&r->program->sets[i->value], c)))
		follow(r, &r->next, at + 1, place + 1);
	else if (i->code == BACK)
		step_back(r, at, r->now.back[thread], place);
}

static void search(struct run *r, int from)
{
	for (int place = from; place <= r->length && !r->error; place++) {
		struct list swap = r->now;

		if (!r->found) {	/* a match may begin here */
			for (int i = 0; i < r->borders; i++)
				r->work[i] = -1;
			follow(r, &r->now, 0, place);
		} else if (r->now.count == 0)
			break;
		for (int i = 0; i < r->now.count; i++)
			step(r, i, place);
		r->now = r->next;
		r->next = swap;
		r->next.count = 0;
	}
}

/* All memory of a run in one block; false: none left. */
static bool begin(struct run *r)
{
	const struct __regex_program *program = r->program;
	size_t room, words;
	int *memory;

	r->room = program->has_back ? MOST_THREADS : program->length;
	r->stack_room = 3 * (3 * r->room + program->length + 3);
	room = (size_t)r->room;
	words = 2 * (room * (2 + (size_t)r->borders) +
		(size_t)program->length) + 2 * (size_t)r->borders +
		(size_t)r->stack_room;
	memory = calloc(words, sizeof(*memory));
	if (!memory)
		return false;
	r->best = memory;
	r->work = r->best + r->borders;
	memory = r->work + r->borders;
	for (int i = 0; i < 2; i++) {
		struct list *list = i ? &r->next : &r->now;

		list->at = memory;
		list->back = list->at + room;
		list->slots = list->back + room;
		list->of = list->slots + room * (size_t)r->borders;
		memory = list->of + program->length;
	}
	r->stack = memory;
	return true;
}

int regexec(const regex_t *restrict regex, const char *restrict text,
	size_t count, regmatch_t match[restrict], int flags)
{
	struct run r = { .program = regex->__program, .text = text,
		.flags = flags };
	int from = flags & REG_STARTEND ? match[0].rm_so : 0;
	size_t length = flags & REG_STARTEND ? (size_t)match[0].rm_eo
		: strlen(text);

	if (r.program->flags & REG_NOSUB)
		count = 0;
	if (length >= INT_MAX)
		return REG_ESPACE;
	r.length = (int)length;
	r.borders = 2 * (r.program->has_back || count > (size_t)
		r.program->groups ? r.program->groups
		: count > 0 ? (int)count : 1);
	if (!begin(&r))
		return REG_ESPACE;
	search(&r, from);
	for (size_t i = 0; i < count && r.found && !r.error; i++) {
		bool there = 2 * (int)i < r.borders &&
			r.best[2 * i + 1] >= 0 && r.best[2 * i] >= 0;

		match[i].rm_so = there ? r.best[2 * i] : -1;
		match[i].rm_eo = there ? r.best[2 * i + 1] : -1;
	}
	free(r.best);
	return r.error ? r.error : r.found ? 0 : REG_NOMATCH;
}
