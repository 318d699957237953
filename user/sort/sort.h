/* sort.h - the parts of sort: how lines compare, and how they are merged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A part of a line. */
struct span {
	const char *start, *end;
};

/* Reads a -k definition, FIELD[.CHAR][bfnr][,FIELD[.CHAR][bfnr]]. */
void add_key(const char *definition);

/* Applies an option b f n r to all keys without options of their own. */
void set_ordering(char option);

/* The character between fields, instead of the blanks in front of each. */
void set_separator(char separator);

/* Whether lines whose keys are equal are equal (-s, -u). */
void set_keys_only(void);

/* Less than, equal to, or greater than 0, as a stands before or behind b. */
int compare_lines(const char *a, const char *b);

/*
 * The same for two numbers: blanks, a sign, digits, a point, digits. Other text
 * counts as 0.
 */
int compare_numbers(struct span a, struct span b);

/* Sorts the lines by compare_lines(); equal lines stay in their order. */
void merge_sort(char **lines, size_t count);
