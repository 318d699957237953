/*
 * hsearch.c - one hash table for the program.
 *
 * Open addressing: an entry goes to the first free place from its hash on. The
 * table has twice the places that hcreate() was asked for, and does not grow.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static ENTRY *table;
static size_t places, used, most;

int hcreate(size_t count)
{
	size_t wanted = 16;

	if (table) {
		errno = EINVAL;
		return 0;
	}
	while (wanted < count * 2 && wanted < (size_t)1 << 26)
		wanted *= 2;
	table = calloc(wanted, sizeof(*table));
	if (!table)
		return 0;
	places = wanted;
	most = places - places / 4;
	used = 0;
	return 1;
}

void hdestroy(void)
{
	free(table);
	table = NULL;
}

static size_t hash(const char *key)
{
	size_t sum = 5381;

	while (*key)
		sum = sum * 33 + (unsigned char)*key++;
	return sum;
}

ENTRY *hsearch(ENTRY item, ACTION action)
{
	size_t place = hash(item.key);

	if (!table) {
		errno = EINVAL;
		return NULL;
	}
	for (;; place++) {
		ENTRY *entry = &table[place & (places - 1)];

		if (entry->key && strcmp(entry->key, item.key) == 0)
			return entry;
		if (entry->key)
			continue;
		if (action == FIND || used == most) {
			errno = action == FIND ? ESRCH : ENOMEM;
			return NULL;
		}
		used++;
		*entry = item;
		return entry;
	}
}
