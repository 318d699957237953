/*
 * pty_name.h - the name /dev/pts/N of a pseudo-terminal.
 */
#pragma once

#include "kernel/dev/terminal.h"
#include "kernel/fs/node.h"

/* [P] A pseudo-terminal: the two sides, and what lies between. */
struct pty {
	struct object master;
	struct terminal terminal;
	char *output;			/* [const] a page */
	uint32_t head;			/* next to read */
	uint32_t tail;			/* next free */
	uint32_t number;		/* [const] of the name */
	bool is_locked;			/* the name cannot be opened yet */
	bool was_opened;		/* the terminal, once */
	struct node *node;		/* [const] node->data points back */
};

/* Give the terminal the lowest free number as its name. 0, -ENOSPC (no number,
 * or the user has too many names), -ENOMEM. */
int pty_name_add(struct pty *pty);
/* The name goes, and a new pair may get the number. */
void pty_name_remove(struct pty *pty);
/* Make /dev/pts. */
void pty_names_init(void);
