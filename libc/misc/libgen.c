/* libgen.c - the parts of a path. */
#include <libgen.h>
#include <string.h>

static char dot[] = ".";

/* Cut slashes off the end, but leave a lone one. Gives the new length. */
static size_t cut_slashes(char *path, size_t length)
{
	while (length > 1 && path[length - 1] == '/')
		length--;
	path[length] = '\0';
	return length;
}

char *basename(char *path)
{
	char *slash;

	if (!path || !*path)
		return dot;
	cut_slashes(path, strlen(path));
	slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

char *dirname(char *path)
{
	char *slash;

	if (!path || !*path)
		return dot;
	cut_slashes(path, strlen(path));
	slash = strrchr(path, '/');
	if (!slash)
		return dot;
	cut_slashes(path, slash - path + 1);
	return path;
}
