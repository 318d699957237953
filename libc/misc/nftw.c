/*
 * nftw.c - walk a tree of files.
 *
 * A directory is read to its end and closed before anything below it is
 * visited. So visit() may remove or add files, the number of descriptors does
 * not grow with the depth of the tree, and a name is never seen twice. When
 * links are followed, a link to a directory above it is left out.
 */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "libc/internal.h"

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
	char **list = __grow(names->list, names->count, sizeof(*list));
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

/* The directories from the root of the walk down to this one. */
struct level {
	const struct level *above;
	int depth;
	dev_t device;
	ino_t file;
};

struct walk {
	visitor *visit;
	int flags;
};

static int walk(const struct walk *w, const char *path,
		const struct level *above);

static int is_above(const struct level *level, const struct stat *status)
{
	for (; level; level = level->above)
		if (level->device == status->st_dev &&
		    level->file == status->st_ino)
			return 1;
	return 0;
}

static int walk_directory(const struct walk *w, const char *path,
			  const struct stat *status, struct FTW *where,
			  const struct level *above)
{
	const struct level level = {
		above, where->level, status->st_dev, status->st_ino,
	};
	struct names names = { NULL, 0 };
	int result = 0;

	if (read_names(path, &names) < 0) {
		free_names(&names);
		return errno == ENOMEM ? -1 :
			w->visit(path, status, FTW_DNR, where);
	}
	if (!(w->flags & FTW_DEPTH))
		result = w->visit(path, status, FTW_D, where);
	for (size_t i = 0; i < names.count && result == 0; i++)
		result = walk(w, names.list[i], &level);
	free_names(&names);
	if (result == 0 && w->flags & FTW_DEPTH)
		result = w->visit(path, status, FTW_DP, where);
	return result;
}

/* The kind of file, or -1 and errno. A link to nothing is FTW_SLN when links
   are followed. */
static int kind_of(const char *path, struct stat *status, int flags)
{
	int error = 0;

	if (!(flags & FTW_PHYS)) {
		if (stat(path, status) == 0)
			return S_ISDIR(status->st_mode) ? FTW_D : FTW_F;
		error = errno;
	}
	if (lstat(path, status) < 0)
		return -1;
	if (!S_ISLNK(status->st_mode))
		return S_ISDIR(status->st_mode) ? FTW_D : FTW_F;
	if (error == 0)
		return FTW_SL;
	errno = error;
	return error == ENOENT || error == ELOOP ? FTW_SLN : -1;
}

static int walk(const struct walk *w, const char *path,
		const struct level *above)
{
	const char *slash = strrchr(path, '/');
	struct FTW where = {
		slash && slash[1] ? slash + 1 - path : 0,
		above ? above->depth + 1 : 0,
	};
	struct stat status = { 0 };
	int kind = kind_of(path, &status, w->flags);

	if (kind < 0)
		return !above && errno != EACCES ? -1 :
			w->visit(path, &status, FTW_NS, &where);
	if (kind == FTW_D && is_above(above, &status))
		return 0;
	if (kind == FTW_D)
		return walk_directory(w, path, &status, &where, above);
	return w->visit(path, &status, kind, &where);
}

int nftw(const char *path, visitor *visit, int descriptors, int flags)
{
	const struct walk w = { visit, flags };

	(void)descriptors;
	if (!*path || flags & FTW_CHDIR) {
		errno = *path ? EINVAL : ENOENT;
		return -1;
	}
	return walk(&w, path, NULL);
}
