/*
 * sem_open.c - named semaphores: files in /ipc/sem, mapped shared.
 *
 * A new file is empty until its creator has written the whole semaphore with
 * one write(2). A process that opens the file earlier looks again a little
 * later. Opening a semaphore twice must return the same address, so the open
 * semaphores stand in a list.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/internal.h"

#define DIRECTORY	"/ipc/sem/"
#define LOOKS		1000	/* before a creator is given up */

struct open_semaphore {
	struct open_semaphore *next;
	sem_t *semaphore;
	dev_t device;
	ino_t file;
	unsigned opens;
};

static struct open_semaphore *open_ones;
static char list_lock;

static void lock(void)
{
	while (__atomic_test_and_set(&list_lock, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void unlock(void)
{
	__atomic_clear(&list_lock, __ATOMIC_RELEASE);
}

/* The path of a name; -1 with errno when it is none. */
static int path_of(const char *name, char path[sizeof(DIRECTORY) + NAME_MAX])
{
	if (*name == '/')
		name++;
	if (strlen(name) > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (*name == '\0' || strchr(name, '/') || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0) {
		errno = EINVAL;
		return -1;
	}
	strcpy(path, DIRECTORY);
	strcat(path, name);
	return 0;
}

/* Make the file; -1 with EEXIST when there is one. */
static int create(const char *path, mode_t mode, unsigned value)
{
	sem_t new;
	int fd, error;

	if (sem_init(&new, 1, value) != 0)
		return -1;
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode);
	if (fd < 0 || write(fd, &new, sizeof(new)) == sizeof(new))
		return fd;
	error = errno;
	unlink(path);
	__quiet_close(fd);
	errno = error;
	return -1;
}

/* Open the file, and create the file if oflag says so. When another process
 * creates or removes the file meanwhile, try again. */
static int open_file(const char *path, int oflag, mode_t mode, unsigned value)
{
	int fd;

	if (oflag & O_CREAT && value > SEM_VALUE_MAX) {
		errno = EINVAL;
		return -1;
	}
	for (;;) {
		if (oflag & O_CREAT) {
			fd = create(path, mode, value);
			if (fd >= 0 || errno != EEXIST || oflag & O_EXCL)
				return fd;
		}
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0 || errno != ENOENT || !(oflag & O_CREAT))
			return fd;
	}
}

/* Wait until the creator has written it. */
static int wait_until_made(int fd, struct stat *status)
{
	for (int i = 0; i < LOOKS; i++) {
		if (fstat(fd, status) != 0)
			return -1;
		if (status->st_size >= (off_t)sizeof(sem_t))
			return 0;
		usleep(1000);
	}
	errno = EINVAL;
	return -1;
}

static struct open_semaphore *find(const struct stat *status)
{
	struct open_semaphore *one = open_ones;

	while (one && (one->device != status->st_dev ||
		       one->file != status->st_ino))
		one = one->next;
	return one;
}

static struct open_semaphore *add(int fd, const struct stat *status)
{
	struct open_semaphore *one = malloc(sizeof(*one));

	if (!one)
		return NULL;
	one->semaphore = mmap(NULL, sizeof(sem_t), PROT_READ | PROT_WRITE,
			      MAP_SHARED, fd, 0);
	if (one->semaphore == MAP_FAILED) {
		free(one);
		return NULL;
	}
	one->device = status->st_dev;
	one->file = status->st_ino;
	one->opens = 0;
	one->next = open_ones;
	open_ones = one;
	return one;
}

static sem_t *map(int fd)
{
	struct open_semaphore *one;
	struct stat status;

	if (wait_until_made(fd, &status) != 0)
		return SEM_FAILED;
	lock();
	one = find(&status);
	if (!one)
		one = add(fd, &status);
	if (one)
		one->opens++;
	unlock();
	return one ? one->semaphore : SEM_FAILED;
}

sem_t *sem_open(const char *name, int oflag, ...)
{
	char path[sizeof(DIRECTORY) + NAME_MAX];
	int fd, saved = errno, error;
	unsigned value = 0;
	va_list arguments;
	mode_t mode = 0;
	sem_t *semaphore;

	if (oflag & O_CREAT) {
		va_start(arguments, oflag);
		mode = va_arg(arguments, mode_t);
		value = va_arg(arguments, unsigned);
		va_end(arguments);
	}
	if (path_of(name, path) != 0)
		return SEM_FAILED;
	fd = open_file(path, oflag, mode, value);
	if (fd < 0)
		return SEM_FAILED;
	semaphore = map(fd);
	error = semaphore ? saved : errno;
	__quiet_close(fd);
	errno = error;
	return semaphore;
}

int sem_close(sem_t *semaphore)
{
	struct open_semaphore **link, *one;

	lock();
	for (link = &open_ones; *link; link = &(*link)->next)
		if ((*link)->semaphore == semaphore)
			break;
	one = *link;
	if (one && --one->opens == 0)
		*link = one->next;
	unlock();
	if (!one) {
		errno = EINVAL;
		return -1;
	}
	if (one->opens == 0) {
		munmap(semaphore, sizeof(sem_t));
		free(one);
	}
	return 0;
}

int sem_unlink(const char *name)
{
	char path[sizeof(DIRECTORY) + NAME_MAX];

	return path_of(name, path) == 0 ? __unlink_ipc(path) : -1;
}
