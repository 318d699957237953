/*
 * leak.h - the kernel's counters, to compare before and after a case.
 *
 * On Parley the counters are the lines of /proc/meminfo (frames by use, objects
 * of every pool, open files, tasks, processes) and of /proc/limits (the charges
 * of each user). Memory that the kernel keeps for the next caller (free frames,
 * the heap's own pages) is left out. Without these counters, as on Linux,
 * nothing leaks.
 */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct leak_counters {
	char text[8192];		/* both files, lines end in NUL */
	size_t length;
};

static int leak_is_parley(void)
{
	char version[64] = "";
	int fd = open("/proc/version", O_RDONLY);

	if (fd < 0)
		return 0;
	if (read(fd, version, sizeof(version) - 1) < 0)
		version[0] = '\0';
	close(fd);
	return strstr(version, "Parley") != NULL;
}

static void leak_add(struct leak_counters *counters, const char *path)
{
	char *text = counters->text;
	size_t i = counters->length;
	ssize_t n;
	int fd = open(path, O_RDONLY);

	while ((n = read(fd, text + counters->length, sizeof(counters->text) -
			 counters->length)) > 0)
		counters->length += n;
	close(fd);
	for (; i < counters->length; i++)
		if (text[i] == '\n')
			text[i] = '\0';
}

/* Allocates the pages of the counters as well: the text grows with the number
 * of users, and its pages would look like a leak. */
static void leak_clear(struct leak_counters *counters)
{
	memset(counters, 0, sizeof(*counters));
}

static void leak_take(struct leak_counters *counters)
{
	leak_clear(counters);
	if (!leak_is_parley())
		return;
	leak_add(counters, "/proc/meminfo");
	leak_add(counters, "/proc/limits");
}

/* How long is the name at the start of a line? `pool-pipe: 1 objects',
 * `0 memory 4096 -'. 0: the line has no value. */
static size_t leak_name_bytes(const char *line)
{
	const char *end = strchr(line, ':');

	if (!end && *line >= '0' && *line <= '9')
		end = strchr(strchr(line, ' ') + 1, ' ');
	return end ? end + 1 - line : 0;
}

/* The value in the line with these bytes at its start; 0: no such line. */
static long leak_value(const struct leak_counters *counters, const char *name,
		       size_t bytes)
{
	const char *line = counters->text;

	for (; line < counters->text + counters->length;
	     line += strlen(line) + 1)
		if (strncmp(line, name, bytes) == 0)
			return strtol(line + bytes, NULL, 10);
	return 0;
}

static int leak_counts(const char *line)
{
	static const char *const kept[] = {
		"total:", "free:", "free-low:", "frames-free:", "frames-heap:",
		"frames-boot:",
	};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (strncmp(line, kept[i], strlen(kept[i])) == 0)
			return 0;
	return leak_name_bytes(line) > 0;
}

/* The first line of `after` with a changed value, or NULL. */
static const char *leak_find(const struct leak_counters *before,
			     const struct leak_counters *after)
{
	const char *line = after->text;
	size_t bytes;

	for (; line < after->text + after->length; line += strlen(line) + 1) {
		if (!leak_counts(line))
			continue;
		bytes = leak_name_bytes(line);
		if (leak_value(before, line, bytes) !=
		    leak_value(after, line, bytes))
			return line;
	}
	return NULL;
}

static int leak_is_none(const struct leak_counters *before,
			const struct leak_counters *after)
{
	return !leak_find(before, after);
}

static void leak_describe(const struct leak_counters *before,
			  const struct leak_counters *after, char *to,
			  size_t size)
{
	const char *line = leak_find(before, after);
	size_t bytes;

	if (!line) {
		*to = '\0';
		return;
	}
	bytes = leak_name_bytes(line);
	snprintf(to, size, "leak: %s, was %ld", line,
		 leak_value(before, line, bytes));
}
