/*
 * nftw.c - walk a tree of files.
 *
 * A directory is read to its end and closed before anything below it is
 * visited. So visit() may remove or add files, the number of descriptors does
 * not grow with the depth of the tree, and a name is never seen twice.
 */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

typedef int visitor(const char *path, const struct stat *status, int type,
		    struct FTW *where);

struct names {
	char **list;
	size_t count;
};

static void free_names(struct names *names)
{
	while (names->count)
		free(names->list[--names->count]);
	free(names->list);
}

static int add_name(struct names *names, const char *path, const char *name)
{
	size_t length = strlen(path);
	char **list = realloc(names->list,
			      (names->count + 1) * sizeof(*list));
	char *joined;

	if (!list)
		return -1;
	names->list = list;
	joined = malloc(length + strlen(name) + 2);
	if (!joined)
		return -1;
	strcpy(joined, path);
	if (path[length - 1] != '/')
		strcat(joined, "/");
	strcat(joined, name);
	list[names->count++] = joined;
	return 0;
}

/* Returns 0, or -1 with errno. */
static int read_names(const char *path, struct names *names)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int result = 0;

	if (!directory)
		return -1;
	while (result == 0 && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			result = add_name(names, path, entry->d_name);
	closedir(directory);
	return result;
}

static int walk(const char *path, visitor *visit, int flags, int level);

static int walk_directory(const char *path, const struct stat *status,
			  visitor *visit, int flags, struct FTW *where)
{
	struct names names = { NULL, 0 };
	int result = 0;

	if (read_names(path, &names) < 0) {
		free_names(&names);
		return errno == ENOMEM ? -1 :
			visit(path, status, FTW_DNR, where);
	}
	if (!(flags & FTW_DEPTH))
		result = visit(path, status, FTW_D, where);
	for (size_t i = 0; i < names.count && result == 0; i++)
		result = walk(names.list[i], visit, flags, where->level + 1);
	free_names(&names);
	if (result == 0 && flags & FTW_DEPTH)
		result = visit(path, status, FTW_DP, where);
	return result;
}

static int walk(const char *path, visitor *visit, int flags, int level)
{
	const char *slash = strrchr(path, '/');
	struct FTW where = { slash && slash[1] ? slash + 1 - path : 0, level };
	struct stat status = { 0 };

	if (lstat(path, &status) < 0)
		return level == 0 && errno != EACCES ? -1 :
			visit(path, &status, FTW_NS, &where);
	if (S_ISDIR(status.st_mode))
		return walk_directory(path, &status, visit, flags, &where);
	return visit(path, &status, S_ISLNK(status.st_mode) ? FTW_SL : FTW_F,
		     &where);
}

int nftw(const char *path, visitor *visit, int descriptors, int flags)
{
	(void)descriptors;
	if (!*path || flags & FTW_CHDIR) {
		errno = *path ? EINVAL : ENOENT;
		return -1;
	}
	return walk(path, visit, flags, 0);
}
