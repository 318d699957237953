/*
 * redirect.c - < > >> <> <& >& << : open and move descriptors.
 *
 * A child redirects and runs its program. The shell itself redirects around a
 * builtin or a { group } and must put everything back: before a descriptor is
 * replaced, the shell keeps a copy at 10 or above, away from the descriptors of
 * scripts. The copy is closed on exec. Copies are put back in the reverse
 * order.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/sh/tree.h"

#define FIRST_OWN_FD	10
#define CLOSED		(-1)

struct saved_fd {
	struct saved_fd *next;
	int fd;
	int copy;		/* CLOSED: it was closed before */
};

/* Move a descriptor of the shell's own to where scripts do not look. */
int move_high(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);

	if (high < 0)
		return fd;
	close(fd);
	return high;
}

static int save(int fd, struct arena *arena, struct saved_fd **list)
{
	struct saved_fd *saved = arena_alloc(arena, sizeof(*saved));

	saved->fd = fd;
	saved->copy = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);
	if (saved->copy < 0 && errno != EBADF) {
		shell_warn("%d: %s", fd, strerror(errno));
		return -1;
	}
	saved->next = *list;
	*list = saved;
	return 0;
}

static int open_file(const char *path, enum redirect_kind kind)
{
	static const int flags[] = {
		[REDIRECT_READ] = O_RDONLY,
		[REDIRECT_WRITE] = O_WRONLY | O_CREAT | O_TRUNC,
		[REDIRECT_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
		[REDIRECT_BOTH] = O_RDWR | O_CREAT,
	};
	int fd = open(path, flags[kind], 0666);

	if (fd < 0)
		shell_warn("%s: %s", path, strerror(errno));
	return fd;
}

static int write_all(int fd, const char *text, size_t length)
{
	ssize_t n;

	for (; length; text += n, length -= n) {
		n = write(fd, text, length);
		if (n < 0)
			return -1;
	}
	return 0;
}

/* A file without a name, for a text too long for a pipe. */
static int here_file(const char *text)
{
	static unsigned int serial;
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "/tmp/sh.%ld.%u", (long)getpid(),
		serial++);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return -1;
	unlink(path);
	if (write_all(fd, text, strlen(text)) || lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A write of at most PIPE_BUF bytes to an empty pipe never waits. */
static int here_pipe(const char *text)
{
	int ends[2];

	if (pipe(ends))
		return -1;
	if (write_all(ends[1], text, strlen(text))) {
		close(ends[0]);
		ends[0] = -1;
	}
	close(ends[1]);
	return ends[0];
}

static int open_here(struct redirect *r, struct arena *arena)
{
	char *text = r->literal ? r->word : expand_here(arena, r->word);
	int fd;

	if (!text)
		return -1;
	fd = strlen(text) <= PIPE_BUF ? here_pipe(text) : here_file(text);
	if (fd < 0)
		shell_warn("here-document: %s", strerror(errno));
	return fd;
}

void move_fd(int from, int to)
{
	if (from == to)
		return;
	dup2(from, to);
	close(from);
}

/* The same for a redirection of a script, which can fail. */
static int place(int from, int to)
{
	if (from == to)
		return 0;
	if (dup2(from, to) < 0) {
		shell_warn("%d: %s", to, strerror(errno));
		close(from);
		return -1;
	}
	close(from);
	return 0;
}

/* n>&m, n>&- */
static int duplicate(struct redirect *r, const char *word)
{
	long from;

	if (!strcmp(word, "-")) {
		close(r->fd);
		return 0;
	}
	if (!read_number(word, &from) || from < 0 || from > INT_MAX) {
		shell_warn("%s: not a descriptor", word);
		return -1;
	}
	if (dup2(from, r->fd) < 0) {
		shell_warn("%s: %s", word, strerror(errno));
		return -1;
	}
	return 0;
}

static int apply(struct redirect *r, struct arena *arena,
	struct saved_fd **saved)
{
	char *word = NULL;
	int fd;

	if (r->kind != REDIRECT_HERE) {
		word = expand_text(arena, r->word);
		if (!word)
			return -1;
	}
	if (saved && save(r->fd, arena, saved))
		return -1;
	if (r->kind == REDIRECT_DUP)
		return duplicate(r, word);
	fd = r->kind == REDIRECT_HERE ? open_here(r, arena)
		: open_file(word, r->kind);
	return fd < 0 ? -1 : place(fd, r->fd);
}

/*
 * Redirect. With saved, keep copies for redirect_restore(). Returns -1 after a
 * message; the caller then restores the descriptors redirected so far.
 */
int redirect_apply(struct redirect *list, struct arena *arena,
	struct saved_fd **saved)
{
	fflush(stdout);
	for (; list; list = list->next)
		if (apply(list, arena, saved))
			return -1;
	return 0;
}

/* Restore the descriptors; keep: leave them redirected, for `exec > file`. */
void redirect_restore(struct saved_fd *saved, bool keep)
{
	if (saved)
		fflush(stdout);
	for (; saved; saved = saved->next) {
		if (!keep && saved->copy == CLOSED)
			close(saved->fd);
		else if (!keep)
			dup2(saved->copy, saved->fd);
		if (saved->copy != CLOSED)
			close(saved->copy);
	}
}
