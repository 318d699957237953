/*
 * search.c - how far the last searches for names in directories have come.
 *
 * A name that is not there can have a chance in many blocks of a long
 * directory. One attempt of a call looks at one of these blocks, and the next
 * attempt goes on behind it. Few searches run at once: an older one that is
 * forgotten begins again.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/string.h"

/* [P] No block before `next` of the directory has the name. */
static struct search {
	uint32_t directory, next;	/* directory 0: none */
	uint32_t hash;
	uint8_t length;
	char name[NAME_MAX];
} searches[8];
static unsigned turn;			/* [P] */

static struct search *find(const struct place *place)
{
	struct search *search = searches;

	for (; search < searches + ARRAY_LENGTH(searches); search++)
		if (search->directory == place->directory->number &&
		    search->hash == place->hash &&
		    search->length == place->length &&
		    memcmp(search->name, place->name, place->length) == 0)
			return search;
	return NULL;
}

uint32_t search_start(const struct place *place)
{
	struct search *search = find(place);

	return search ? search->next : 0;
}

void search_note(const struct place *place, uint32_t block)
{
	struct search *search = find(place);

	if (!search) {
		search = &searches[turn++ % ARRAY_LENGTH(searches)];
		search->directory = place->directory->number;
		search->hash = place->hash;
		search->length = place->length;
		memcpy(search->name, place->name, place->length);
	}
	search->next = block;
}

void search_forget(const struct place *place)
{
	struct search *search = find(place);

	if (search)
		search->directory = 0;
}

void search_forget_all(void)
{
	memset(searches, 0, sizeof(searches));
}
