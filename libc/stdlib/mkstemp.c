/*
 * mkstemp.c - files and folders with new names.
 *
 * The name need not be secret, only new. The clock gives a first name, and
 * O_EXCL refuses a name that exists.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int make_file(const char *name)
{
	return open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
}

static int make_folder(const char *name)
{
	return mkdir(name, 0700);
}

/* Fill in the six X at the end of name until make() succeeds. */
static int try_names(char *name, int (*make)(const char *name))
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	static uint32_t last;
	size_t length = strlen(name);
	char *x = name + length - 6;
	struct timespec now;

	if (length < 6 || strcmp(x, "XXXXXX") != 0) {
		errno = EINVAL;
		return -1;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	last += (uint32_t)now.tv_nsec ^ (uint32_t)getpid() << 16;
	for (int tries = 0; tries < 1000; tries++) {
		uint32_t bits = last++ * 0x9e3779b1u;
		int result;

		for (int i = 0; i < 6; i++, bits >>= 5)
			x[i] = letters[bits & 31];
		result = make(name);
		if (result >= 0 || errno != EEXIST)
			return result;
	}
	return -1;
}

/* Nothing is made: is there no such file? */
static int find_none(const char *name)
{
	struct stat status;

	if (lstat(name, &status) < 0)
		return errno == ENOENT ? 0 : -1;
	errno = EEXIST;
	return -1;
}

/* A second program may take the name before the caller makes the file. */
char *mktemp(char *name)
{
	if (try_names(name, find_none) < 0)
		*name = '\0';
	return name;
}

int mkstemp(char *name)
{
	return try_names(name, make_file);
}

char *mkdtemp(char *name)
{
	return try_names(name, make_folder) < 0 ? NULL : name;
}
