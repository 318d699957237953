/*
 * merge.c - the stable merge sort.
 *
 * Runs of 1, 2, 4, 8... sorted lines are merged two by two from one array into
 * a second array until a single run is left. Always n log n comparisons at the
 * most, and no recursion. On a tie the left line goes first: this makes the
 * sort stable.
 */
#include "user/sort/sort.h"

#include <program.h>
#include <stdlib.h>
#include <string.h>

static void merge(char **left, char **middle, char **end, char **to)
{
	char **right = middle;

	while (left < middle && right < end)
		*to++ = compare_lines(*left, *right) <= 0 ? *left++ : *right++;
	while (left < middle)
		*to++ = *left++;
	while (right < end)
		*to++ = *right++;
}

void merge_sort(char **lines, size_t count)
{
	char **memory = need(malloc(count * sizeof(*lines) + 1));
	char **from = lines, **to = memory;

	for (size_t width = 1; width < count; width *= 2) {
		char **swap = from;

		for (size_t i = 0; i < count; i += 2 * width) {
			size_t rest = count - i;
			size_t left = rest < width ? rest : width;
			size_t both = rest < 2 * width ? rest : 2 * width;

			merge(from + i, from + i + left, from + i + both,
			      to + i);
		}
		from = to;
		to = swap;
	}
	if (from != lines)
		memcpy(lines, from, count * sizeof(*lines));
	free(memory);
}
