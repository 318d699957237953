/* scandir.c - a directory as a sorted array. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libc/internal.h"

typedef int (*order_t)(const void *, const void *);

int alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcoll((*a)->d_name, (*b)->d_name);
}

struct list {
	struct dirent **entries;
	size_t count;
};

static bool append(struct list *list, const struct dirent *entry)
{
	struct dirent **entries = __grow(list->entries, list->count,
					 sizeof(*entries)), *copy;

	if (!entries)
		return false;
	list->entries = entries;
	copy = malloc(entry->d_reclen);
	if (!copy)
		return false;
	memcpy(copy, entry, entry->d_reclen);
	list->entries[list->count++] = copy;
	return true;
}

int scandir(const char *path, struct dirent ***result,
	int (*wanted)(const struct dirent *),
	int (*compare)(const struct dirent **, const struct dirent **))
{
	struct list list = { NULL, 0 };
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (!directory)
		return -1;
	errno = 0;
	while ((entry = readdir(directory)) != NULL) {
		if (wanted && !wanted(entry))
			continue;
		if (!append(&list, entry))
			break;
	}
	closedir(directory);
	if (errno) {
		while (list.count > 0)
			free(list.entries[--list.count]);
		free(list.entries);
		return -1;
	}
	if (compare && list.count > 1)
		qsort(list.entries, list.count, sizeof(*list.entries),
			(order_t)compare);
	*result = list.entries;
	return (int)list.count;
}
