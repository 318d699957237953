/*
 * glob.c - the files that match a shell pattern.
 *
 * A pattern is taken part by part, from slash to slash. A part without special
 * characters is appended unchanged; for a part with special characters, the
 * directory is read.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct search {
	glob_t *result;
	int flags;
	int (*on_error)(const char *path, int error);
	size_t length;		/* of path */
	char path[PATH_MAX];	/* what is settled so far */
};

static int add(struct search *g, const char *path, bool mark)
{
	glob_t *result = g->result;
	size_t used = result->gl_offs + result->gl_pathc;
	char **larger = realloc(result->gl_pathv, (used + 2) * sizeof(char *));
	char *copy;

	if (!larger)
		return GLOB_NOSPACE;
	result->gl_pathv = larger;
	copy = malloc(strlen(path) + 2);
	if (!copy)
		return GLOB_NOSPACE;
	strcpy(copy, path);
	if (mark)
		strcat(copy, "/");
	larger[used] = copy;
	larger[used + 1] = NULL;
	result->gl_pathc++;
	return 0;
}

static bool is_special(const char *pattern, size_t n, int flags)
{
	for (size_t i = 0; i < n; i++) {
		if (strchr("*?[", pattern[i]))
			return true;
		if (pattern[i] == '\\' && !(flags & GLOB_NOESCAPE))
			i++;
	}
	return false;
}

/* Append n bytes to the path, without backslashes if asked; false if they do
   not fit. */
static bool append(struct search *g, const char *text, size_t n, bool escapes)
{
	for (size_t i = 0; i < n; i++) {
		if (escapes && text[i] == '\\' && i + 1 < n)
			i++;
		if (g->length + 1 >= sizeof(g->path))
			return false;
		g->path[g->length++] = text[i];
	}
	g->path[g->length] = '\0';
	return true;
}

static int search(struct search *g, const char *pattern);

/* The path with one name more, and on to the rest of the pattern. */
static int descend(struct search *g, const char *name, size_t n, bool escapes,
	const char *rest)
{
	size_t before = g->length;
	size_t slashes = strspn(rest, "/");
	struct stat status;
	int result = 0;

	if (append(g, name, n, escapes)) {
		if (slashes > 0) {
			if (stat(g->path, &status) == 0 &&
			    S_ISDIR(status.st_mode) &&
			    append(g, rest, slashes, false))
				result = search(g, rest + slashes);
		} else if (lstat(g->path, &status) == 0) {
			result = add(g, g->path, g->flags & GLOB_MARK &&
				stat(g->path, &status) == 0 &&
				S_ISDIR(status.st_mode));
		}
	}
	g->length = before;
	g->path[before] = '\0';
	return result;
}

static int search_directory(struct search *g, const char *part,
	const char *rest)
{
	int flags = FNM_PERIOD |
		(g->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0);
	char folder[PATH_MAX] = ".";
	struct dirent *entry;
	DIR *directory;
	int result = 0;

	if (g->length > 0)
		strcpy(folder, g->path);
	if (g->length > 1)	/* without the slash */
		folder[g->length - 1] = '\0';
	directory = opendir(folder);
	if (!directory) {
		if ((g->on_error && g->on_error(folder, errno)) ||
		    g->flags & GLOB_ERR)
			return GLOB_ABORTED;
		return 0;
	}
	while (result == 0 && (entry = readdir(directory)) != NULL) {
		if (fnmatch(part, entry->d_name, flags) != 0)
			continue;
		result = descend(g, entry->d_name, strlen(entry->d_name),
			false, rest);
	}
	closedir(directory);
	return result;
}

/* The next part of the pattern, in the directory that path names. */
static int search(struct search *g, const char *pattern)
{
	size_t n = strcspn(pattern, "/");
	char part[NAME_MAX + 1];

	if (*pattern == '\0')	/* the pattern ended with a slash */
		return add(g, g->path, false);
	if (!is_special(pattern, n, g->flags))
		return descend(g, pattern, n, !(g->flags & GLOB_NOESCAPE),
			pattern + n);
	if (n >= sizeof(part))
		return 0;
	memcpy(part, pattern, n);
	part[n] = '\0';
	return search_directory(g, part, pattern + n);
}

static int compare(const void *a, const void *b)
{
	return strcoll(*(char *const *)a, *(char *const *)b);
}

static bool make_offsets(glob_t *result)
{
	result->gl_pathv = calloc(result->gl_offs + 1, sizeof(char *));
	return result->gl_pathv != NULL;
}

int glob(const char *restrict pattern, int flags,
	int (*on_error)(const char *path, int error), glob_t *restrict result)
{
	struct search g = { result, flags, on_error, 0, "" };
	size_t slashes = strspn(pattern, "/"), before;
	int error = 0;

	if (!(flags & GLOB_APPEND)) {
		if (!(flags & GLOB_DOOFFS))
			result->gl_offs = 0;
		result->gl_pathc = 0;
		if (!make_offsets(result))
			return GLOB_NOSPACE;
	}
	before = result->gl_pathc;
	if (append(&g, pattern, slashes, false) && *pattern)
		error = search(&g, pattern + slashes);
	if (error)
		return error;
	if (result->gl_pathc == before) {
		if (!(flags & GLOB_NOCHECK))
			return GLOB_NOMATCH;
		return add(&g, pattern, false);
	}
	if (!(flags & GLOB_NOSORT))
		qsort(result->gl_pathv + result->gl_offs + before,
			result->gl_pathc - before, sizeof(char *), compare);
	return 0;
}

void globfree(glob_t *result)
{
	for (size_t i = 0; i < result->gl_pathc; i++)
		free(result->gl_pathv[result->gl_offs + i]);
	free(result->gl_pathv);
	result->gl_pathv = NULL;
	result->gl_pathc = 0;
}
