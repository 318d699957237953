/* ls.h - the parts of ls: the list of files, and the layout. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct entry {
	char *name;
	struct stat status;
	char *target;			/* of a symbolic link, or NULL */
};

/* The options as they were typed. */
extern bool show_long, one_per_line, show_marks, show_inodes;

/* Prints the sum of the blocks, as the first line of a long list. */
void print_total(const struct entry *entries, size_t count);

/* Prints the entries in the layout chosen by the options. */
void print_entries(const struct entry *entries, size_t count);
