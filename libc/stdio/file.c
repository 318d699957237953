/*
 * file.c - the buffers of files: choosing, emptying, and the list of them.
 */
#include <errno.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/stdio/file.h"

static FILE *files;
static unsigned files_lock;

/* A terminal, or the host of a run without one: a person reads each line
   at once, and the lines of a program that hangs are not lost. */
static bool is_device(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode);
}

/* Line by line for a device, by the block for all else; a buffer of one byte
   for those that have none. */
void __file_prepare(FILE *file)
{
	int error = errno;

	if (!(file->flags & FILE_LISTED)) {
		__lock(&files_lock);
		file->flags |= FILE_LISTED;
		file->next = files;
		file->link = &files;
		if (files)
			files->link = &file->next;
		files = file;
		__unlock(&files_lock);
	}
	if (file->flags & FILE_CHOSEN)
		return;
	file->flags |= FILE_CHOSEN;
	if (file->home) {
		file->buffer = file->home;
		file->size = FILE_BUFFER;
		if (is_device(file->fd))
			file->flags |= FILE_LINE;
	} else {
		file->buffer = file->tiny;
		file->size = sizeof(file->tiny);
		file->flags |= FILE_DIRECT;
	}
	errno = error;
}

/* Remove a closing file from the list. */
void __file_leave(FILE *file)
{
	if (!(file->flags & FILE_LISTED))
		return;
	__lock(&files_lock);
	*file->link = file->next;
	if (file->next)
		file->next->link = file->link;
	file->flags &= ~(unsigned int)FILE_LISTED;
	__unlock(&files_lock);
}

/*
 * Drop the bytes that were read ahead, and set the position of the open file
 * back to the place that the program has reached. A child, or the next command
 * of a shell, goes on from there. A pipe or a terminal cannot seek, and keeps
 * the bytes.
 */
int __file_discard(FILE *file)
{
	off_t ahead = file->read_end - file->read_at;
	int error = errno;

	if (ahead > 0 && !__file_is_text(file) &&
	    __file_seek(file, -ahead, SEEK_CUR) < 0) {
		errno = error;
		return -1;
	}
	file->read_at = file->read_end = NULL;
	return 0;
}

/* In the child of fork() no other thread uses a file. */
void __files_after_fork(void)
{
	files_lock = 0;
	for (FILE *file = files; file; file = file->next)
		file->lock = file->depth = 0;
}

static int synchronise(FILE *file)
{
	if (file->flags & FILE_WRITING)
		return __file_flush(file);
	__file_discard(file);
	return 0;
}

/* Write out the files with any of these flags; the result counts the files that
   other threads are using. */
static int flush_all(unsigned int flags, int *result)
{
	int busy = 0;

	__lock(&files_lock);
	for (FILE *file = files; file; file = file->next) {
		if (!(file->flags & FILE_WRITING) || !(file->flags & flags))
			continue;
		if (!__file_try(file)) {
			busy++;
			continue;
		}
		if (file->flags & FILE_WRITING && __file_flush(file) < 0)
			*result = EOF;
		__file_exit(&file);
	}
	__unlock(&files_lock);
	return busy;
}

int fflush(FILE *file)
{
	int result = 0;

	if (file) {
		FILE_ENTER(file);
		return synchronise(file);
	}
	while (flush_all(FILE_WRITING, &result) > 0)
		sched_yield();
	return result;
}

/* Before a read from a terminal, write out the text for the user. */
void __file_flush_lines(void)
{
	int unused;

	flush_all(FILE_LINE, &unused);
}

/* Another thread may use a file for ever, so do not wait for threads. */
void __stdio_exit(void)
{
	for (FILE *file = files; file; file = file->next)
		synchronise(file);
}
