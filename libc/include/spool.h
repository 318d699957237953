/*
 * spool.h - a queue of messages that survives a power cut: a directory.
 *
 * A message is a file. Its name is its identity: the receiver handles the first
 * name first, and knows a message that comes twice by the name. A message is in
 * the queue from the rename() of its whole file on, and leaves with unlink().
 * Beyond POSIX; libc/misc/spool.c is plain POSIX. A negative result is -1 with
 * errno. All but spool_first() wait for the disk.
 */
#pragma once

#include <limits.h>
#include <stddef.h>

/* A descriptor of the directory, which is created if there is none; or -1. */
int spool_open(const char *directory);

/* Put a message there, in place of an older one with this name. No two senders
 * use a name at the same time. After 0 no power cut loses the message; after -1
 * it may be there or not, but never in part. */
int spool_put(int spool, const char *name, const void *message, size_t bytes);

/* The first name in the order of strcmp(), to name. 1; 0: there is none. */
int spool_first(int spool, char name[NAME_MAX + 1]);

/* The message was handled: remove it. After 0 it does not come again. */
int spool_done(int spool, const char *name);
