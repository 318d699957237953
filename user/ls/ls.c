/*
 * ls.c - list files and directories.
 */
#include "user/ls/ls.h"

#include <dirent.h>
#include <err.h>
#include <limits.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"ls [-1AFRSadilrt] [FILE...]\n"
	"Lists the files, and what is in those that are directories.\n"
	"  -l  long: mode, links, user, group, bytes, time   -i  numbers too\n"
	"  -1  one per line   -F  mark kinds: dir/ program* fifo| link@\n"
	"  -a  also those with a dot in front   -A  but for . and ..\n"
	"  -d  directories themselves           -R  all below as well\n"
	"  -t  newest first   -S  largest first   -r  the other way round\n";

bool show_long, one_per_line, show_marks, show_inodes;

static bool show_hidden, show_dots, show_itself, recursive, reverse;
static int order = 'n';		/* by n(ame), t(ime), S(ize) */
static bool with_titles, printed_any;
static int failed;

struct list {
	struct entry *entries;
	size_t count;
};

static int compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	const struct stat *x = &a->status, *y = &b->status;
	int result = 0;

	if (order == 't' && x->st_mtim.tv_sec != y->st_mtim.tv_sec)
		result = x->st_mtim.tv_sec < y->st_mtim.tv_sec ? 1 : -1;
	else if (order == 't' && x->st_mtim.tv_nsec != y->st_mtim.tv_nsec)
		result = x->st_mtim.tv_nsec < y->st_mtim.tv_nsec ? 1 : -1;
	else if (order == 'S' && x->st_size != y->st_size)
		result = x->st_size < y->st_size ? 1 : -1;
	else
		result = strcmp(a->name, b->name);
	return reverse ? -result : result;
}

static void sort(struct list *list)
{
	if (list->count)
		qsort(list->entries, list->count, sizeof(*list->entries),
		      compare);
}

/* Adds the file at path under this name. */
static void add(struct list *list, const char *path, const char *name)
{
	struct entry *entry;

	list->entries = grow(list->entries, list->count, sizeof(*entry));
	entry = &list->entries[list->count];
	if (lstat(path, &entry->status) < 0) {
		warn("%s", path);
		failed = 1;
		return;
	}
	entry->name = need(strdup(name));
	entry->target = NULL;
	if (S_ISLNK(entry->status.st_mode)) {
		char target[PATH_MAX] = "";

		if (readlink(path, target, sizeof(target) - 1) < 0)
			warn("%s", path);
		entry->target = need(strdup(target));
	}
	list->count++;
}

static void discard(struct list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->entries[i].name);
		free(list->entries[i].target);
	}
	free(list->entries);
}

static bool is_shown(const char *name)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return show_dots;
	return name[0] != '.' || show_hidden;
}

static void read_directory(struct list *list, const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (!directory) {
		warn("%s", path);
		failed = 1;
		return;
	}
	while ((entry = readdir(directory))) {
		char *inside = join_path(path, entry->d_name);

		if (is_shown(entry->d_name))
			add(list, inside, entry->d_name);
		free(inside);
	}
	closedir(directory);
	sort(list);
}

static void list_directory(const char *path)
{
	struct list list = { NULL, 0 };

	if (with_titles)
		printf("%s%s:\n", printed_any ? "\n" : "", path);
	printed_any = true;
	read_directory(&list, path);
	if (show_long)
		print_total(list.entries, list.count);
	print_entries(list.entries, list.count);
	for (size_t i = 0; recursive && i < list.count; i++) {
		const struct entry *entry = &list.entries[i];
		char *inside = join_path(path, entry->name);

		if (S_ISDIR(entry->status.st_mode) &&
		    strcmp(entry->name, ".") && strcmp(entry->name, ".."))
			list_directory(inside);
		free(inside);
	}
	discard(&list);
}

/* Plain files first, all together; then each directory. */
static void list_operands(char **names)
{
	struct list files = { NULL, 0 }, directories = { NULL, 0 };
	struct stat status;

	for (; *names; names++)
		add(!show_itself && stat(*names, &status) == 0 &&
		    S_ISDIR(status.st_mode) ? &directories : &files,
		    *names, *names);
	sort(&files);
	sort(&directories);
	print_entries(files.entries, files.count);
	printed_any = files.count > 0;
	for (size_t i = 0; i < directories.count; i++)
		list_directory(directories.entries[i].name);
	discard(&files);
	discard(&directories);
}

int main(int argc, char **argv)
{
	static char *here[] = { ".", NULL };
	int option;

	while ((option = getopt(argc, argv, "h1AFRSadilrt")) != -1)
		switch (option) {
		case '1': one_per_line = true; break;
		case 'A': show_hidden = true; break;
		case 'F': show_marks = true; break;
		case 'R': recursive = with_titles = true; break;
		case 'S': case 't': order = option; break;
		case 'a': show_hidden = show_dots = true; break;
		case 'd': show_itself = true; break;
		case 'i': show_inodes = true; break;
		case 'l': show_long = true; break;
		case 'r': reverse = true; break;
		default: usage(option, help);
		}
	argv += optind;
	if (argv[0] && argv[1])
		with_titles = true;
	list_operands(*argv ? argv : here);
	return finish(failed);
}
