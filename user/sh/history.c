/*
 * history.c - the typed lines, for the arrow keys and `history`.
 *
 * A ring: the newest line takes the place of the oldest.
 */
#include <stdlib.h>
#include <string.h>

#include "user/sh/sh.h"

#define HISTORY_MAX 100

static char *lines[HISTORY_MAX];
static int total;		/* ever added */

/* The line typed `back` lines ago, 1 is the last; NULL if there is none. */
const char *history_get(int back)
{
	if (back < 1 || back > total || back > HISTORY_MAX)
		return NULL;
	return lines[(total - back) % HISTORY_MAX];
}

/* Empty lines and repetitions are not worth a place. */
void history_add(const char *line)
{
	const char *last = history_get(1);

	if (!line[strspn(line, " \t")] || (last && !strcmp(last, line)))
		return;
	free(lines[total % HISTORY_MAX]);
	lines[total++ % HISTORY_MAX] = copy_text(line);
}

int builtin_history(int count, char **words)
{
	int back = total < HISTORY_MAX ? total : HISTORY_MAX;

	(void)words;
	if (count > 1)
		return bad_usage("history");
	for (; back; back--)
		printf("%4d  %s\n", total - back + 1,
			lines[(total - back) % HISTORY_MAX]);
	return 0;
}
