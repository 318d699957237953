/*
 * exec.c - the variants of execve().
 *
 * The variants with a `p` look for the program in the folders of PATH. A file
 * that is not in an executable format is run as a shell script.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libc/internal.h"

#define DEFAULT_PATH "/bin"

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

static int exec_script(const char *path, char *const argv[],
	char *const envp[])
{
	char *script_argv[1024];
	size_t count = 0;

	while (argv[count])
		count++;
	if (count + 3 > sizeof(script_argv) / sizeof(*script_argv)) {
		errno = E2BIG;
		return -1;
	}
	script_argv[0] = (char *)"sh";
	script_argv[1] = (char *)path;
	script_argv[2] = NULL;
	if (count > 0)
		memcpy(script_argv + 2, argv + 1, count * sizeof(*argv));
	return execve("/bin/sh", script_argv, envp);
}

/* Join folder, of length bytes, and name; an empty folder is this one. */
static bool join(char *path, const char *folder, size_t length,
	const char *name)
{
	if (length + 1 + strlen(name) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(path, folder, length);
	if (length > 0)
		path[length++] = '/';
	strcpy(path + length, name);
	return true;
}

static int try(const char *path, char *const argv[], char *const envp[])
{
	execve(path, argv, envp);
	if (errno == ENOEXEC)
		return exec_script(path, argv, envp);
	return -1;
}

int execvpe(const char *name, char *const argv[], char *const envp[])
{
	char **variable = __environ_find("PATH", 4);
	const char *folder = variable ? *variable + 5 : DEFAULT_PATH;
	bool denied = false;
	char path[PATH_MAX];

	if (*name == '\0') {
		errno = ENOENT;
		return -1;
	}
	if (strchr(name, '/'))
		return try(name, argv, envp);
	for (;;) {
		size_t length = strcspn(folder, ":");

		if (join(path, folder, length, name))
			try(path, argv, envp);
		if (errno == EACCES)
			denied = true;
		else if (errno != ENOENT && errno != ENOTDIR &&
			 errno != ENAMETOOLONG)
			return -1;
		if (folder[length] == '\0')
			break;
		folder += length + 1;
	}
	if (denied)
		errno = EACCES;
	return -1;
}

int execvp(const char *name, char *const argv[])
{
	return execvpe(name, argv, environ);
}

/*
 * The variants with a list. On i386 the arguments lie on the stack in a row,
 * like an argv[]. But only va_list may rely on this layout, so the arguments
 * are counted and copied.
 */
#define COLLECT(argument0, last, argv)					\
	size_t count = 1, i;						\
	va_start(last, argument0);					\
	while (va_arg(last, char *))					\
		count++;						\
	va_end(last);							\
	char **argv = __builtin_alloca((count + 1) * sizeof(*argv));	\
	va_start(last, argument0);					\
	argv[0] = (char *)argument0;					\
	for (i = 1; i <= count; i++)					\
		argv[i] = va_arg(last, char *)

int execl(const char *path, const char *argument0, ...)
{
	va_list rest;

	COLLECT(argument0, rest, argv);
	va_end(rest);
	return execve(path, argv, environ);
}

int execlp(const char *name, const char *argument0, ...)
{
	va_list rest;

	COLLECT(argument0, rest, argv);
	va_end(rest);
	return execvpe(name, argv, environ);
}

int execle(const char *path, const char *argument0, ...)
{
	va_list rest;
	char **envp;

	COLLECT(argument0, rest, argv);
	envp = va_arg(rest, char **);
	va_end(rest);
	return execve(path, argv, envp);
}

/* By the link to the file's name: a file without a name cannot be run. */
int fexecve(int fd, char *const argv[], char *const envp[])
{
	char path[sizeof("/proc/self/fd/2147483647")];

	if (fcntl(fd, F_GETFD) < 0)
		return -1;
	sprintf(path, "/proc/self/fd/%d", fd);
	return execve(path, argv, envp);
}
