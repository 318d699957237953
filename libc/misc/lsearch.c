/* lsearch.c - arrays searched from the begin to the end, and linked lists. */
#include <search.h>
#include <string.h>

void *lfind(const void *key, const void *base, size_t *count, size_t size,
	int (*compare)(const void *, const void *))
{
	const char *element = base;

	for (size_t i = 0; i < *count; i++, element += size) {
		if (compare(key, element) == 0)
			return (void *)element;
	}
	return NULL;
}

void *lsearch(const void *key, void *base, size_t *count, size_t size,
	int (*compare)(const void *, const void *))
{
	void *found = lfind(key, base, count, size, compare);

	if (found)
		return found;
	return memcpy((char *)base + size * (*count)++, key, size);
}

/* The beginning of each element. */
struct links {
	struct links *next, *previous;
};

void insque(void *element, void *before)
{
	struct links *one = element, *place = before;

	one->previous = place;
	one->next = place ? place->next : NULL;
	if (place)
		place->next = one;
	if (one->next)
		one->next->previous = one;
}

void remque(void *element)
{
	struct links *one = element;

	if (one->next)
		one->next->previous = one->previous;
	if (one->previous)
		one->previous->next = one->next;
}
