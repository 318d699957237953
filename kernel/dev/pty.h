/*
 * pty.h - pseudo-terminals: /dev/ptmx and /dev/pts.
 */
#pragma once

#include "kernel/obj/file.h"

/* Make /dev/ptmx and /dev/pts. */
void pty_init(void);

/*
 * The running process has opened this object, without O_NOCTTY: a session's
 * leader without a terminal takes a pseudo-terminal as the controlling
 * terminal. Nothing happens for other objects and processes.
 */
void pty_was_opened(struct object *object);
