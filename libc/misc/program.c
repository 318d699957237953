/*
 * program.c - functions shared by the programs in user/: see <program.h>.
 *
 * The C library does not need this file: here are the habits of command line
 * programs, written once. A program contains only the functions called by the
 * program.
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc/internal.h"

_Noreturn void usage(int option, const char *text)
{
	fprintf(option == 'h' ? stdout : stderr, "usage: %s", text);
	exit(option == 'h' ? finish(0) : 2);
}

char **parse_no_options(int argc, char **argv, const char *text)
{
	int option;

	while ((option = getopt(argc, argv, "h")) != -1)
		usage(option, text);
	return argv + optind;
}

/* A full disk shows only when the buffer is written: look before the exit. */
int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	warn("standard output");
	return status ? status : 1;
}

int for_each_file(char **names, void (*each)(FILE *file, const char *name))
{
	static char dash[] = "-", *standard_input[] = { dash, NULL };
	int status = 0;

	for (names = *names ? names : standard_input; *names; names++) {
		bool is_stdin = strcmp(*names, "-") == 0;
		FILE *file = is_stdin ? stdin : fopen(*names, "r");

		errno = file ? 0 : errno;
		if (file)
			each(file, *names);
		if (!file || ferror(file)) {
			warn("%s", *names);
			status = 1;
		}
		if (file && !is_stdin)
			fclose(file);
	}
	return status;
}

static void (*each_line)(char *line, size_t length);

static void read_lines(FILE *file, const char *name)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	(void)name;
	while ((length = getline(&line, &size, file)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		each_line(line, length);
	}
	free(line);
}

int for_each_line(char **names, void (*each)(char *line, size_t length))
{
	each_line = each;
	return for_each_file(names, read_lines);
}

int write_all(int fd, const void *buffer, size_t bytes)
{
	const char *from = buffer;

	while (bytes) {
		ssize_t written = write(fd, from, bytes);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			from += written;
			bytes -= written;
		}
	}
	return 0;
}

void *need(void *memory)
{
	if (!memory)
		err(2, NULL);
	return memory;
}

void *grow(void *array, size_t count, size_t size)
{
	return need(__grow(array, count, size));
}

long long parse_number(const char *text, long long low, long long high,
		       const char *what)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end || value < low || value > high)
		errx(2, "bad %s: '%s'", what, text);
	return value;
}

int (*character_class(const char *text, size_t *length))(int c)
{
	static const struct {
		const char *name;
		int (*holds)(int c);
	} classes[] = {
		{ "[:alnum:]", isalnum }, { "[:alpha:]", isalpha },
		{ "[:blank:]", isblank }, { "[:cntrl:]", iscntrl },
		{ "[:digit:]", isdigit }, { "[:graph:]", isgraph },
		{ "[:lower:]", islower }, { "[:print:]", isprint },
		{ "[:punct:]", ispunct }, { "[:space:]", isspace },
		{ "[:upper:]", isupper }, { "[:xdigit:]", isxdigit },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		size_t bytes = strlen(classes[i].name);

		if (bytes > *length ||
		    memcmp(text, classes[i].name, bytes) != 0)
			continue;
		*length = bytes;
		return classes[i].holds;
	}
	return NULL;
}

int split_fields(char *line, char **fields, int count)
{
	int found = 0;

	line[strcspn(line, "\n")] = '\0';
	while (found < count && line)
		fields[found++] = strsep(&line, "\t");
	return found;
}

char *join_path(const char *directory, const char *name)
{
	size_t length = strlen(directory);
	const char *slash = length && directory[length - 1] == '/' ? "" : "/";
	size_t bytes = length + strlen(name) + 2;
	char *path = need(malloc(bytes));

	snprintf(path, bytes, "%s%s%s", directory, slash, name);
	return path;
}

int for_each_name(char **names, int (*act)(char *name))
{
	int status = 0;

	for (; *names; names++)
		if (act(*names) < 0) {
			warn("%s", *names);
			status = 1;
		}
	return status;
}

/* "directory/" and the rest of the path behind the last slash, if any. */
static char *inside(const char *directory, const char *path)
{
	size_t end = strlen(path), start;
	char *name, *result;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (start = end; start > 0 && path[start - 1] != '/'; start--)
		;
	name = need(strndup(path + start, end - start));
	result = join_path(directory, name);
	free(name);
	return result;
}

int for_each_source(char **operands, int (*act)(const char *from,
						const char *to))
{
	size_t count = 0;
	const char *last;
	struct stat status;
	bool is_directory;
	int result = 0;

	while (operands[count])
		count++;
	last = operands[count - 1];
	is_directory = stat(last, &status) == 0 && S_ISDIR(status.st_mode);
	if (count > 2 && !is_directory)
		errx(1, "%s is not a directory", last);
	for (size_t i = 0; i < count - 1; i++) {
		char *to = is_directory ? inside(last, operands[i]) : NULL;

		if (act(operands[i], to ? to : last) != 0)
			result = 1;
		free(to);
	}
	return result;
}

void mode_string(mode_t mode, char text[11])
{
	static const char types[] = "?pc?d?b?-?l?s???";

	text[0] = types[(mode & S_IFMT) >> 12];
	for (int bit = 0; bit < 9; bit++)
		text[1 + bit] = mode & (0400 >> bit) ? "rwx"[bit % 3] : '-';
	if (mode & S_ISUID)
		text[3] = mode & S_IXUSR ? 's' : 'S';
	if (mode & S_ISGID)
		text[6] = mode & S_IXGRP ? 's' : 'S';
	if (mode & S_ISVTX)
		text[9] = mode & S_IXOTH ? 't' : 'T';
	text[10] = '\0';
}

_Noreturn void execute(char **argv)
{
	int status;

	execvp(argv[0], argv);
	status = errno == ENOENT ? 127 : 126;
	warn("%s", argv[0]);
	_exit(status);
}

int run(char **argv)
{
	int status;
	pid_t child;

	/* Both processes would print the bytes in the buffer. */
	fflush(stdout);
	child = fork();
	if (child < 0)
		return -1;
	if (child == 0)
		execute(argv);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
		WEXITSTATUS(status);
}
