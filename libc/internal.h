/* internal.h - declarations that only the files of libc share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern char **__argv;		/* as the kernel gave it: start.asm */

extern const char *__getopt_next;	/* letters to take: getopt.c */

void __atexit_run(void);
void __stdio_exit(void);
/* As abort(); the report says this of the crash, a number of crashes.h, and
 * names the function that has the return address `place`. */
_Noreturn void __abort_because(unsigned crash, uint32_t place);
char **__environ_find(const char *name, size_t length);
/* An array of count elements gets room for one more: the same array, a larger
 * one, or NULL with ENOMEM. The room is a power of two, so n elements cost no
 * more than n copies. */
void *__grow(void *array, size_t count, size_t size);

/* close() that is no cancellation point of threads: stubs.c. */
int __quiet_close(int fd);

/* unlink() for names in /ipc; the name of another user is EACCES. */
int __unlink_ipc(const char *path);

/* libc/pthread: after the first pthread_create(), locks are real. */
extern int __threaded;
void __lock_take(unsigned *word);
void __lock_give(unsigned *word);

static inline void __lock(unsigned *word)
{
	if (__builtin_expect(__threaded, 0))
		__lock_take(word);
}

static inline void __unlock(unsigned *word)
{
	if (__builtin_expect(__threaded, 0))
		__lock_give(word);
}
