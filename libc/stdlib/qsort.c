/*
 * qsort.c - merge sort, which compares least, and heapsort without memory.
 *
 * Both halves are sorted. Then the left half moves to `room`, and the smaller
 * of two first elements moves back, again and again. What is left of the right
 * half at the end is in its place. Two halves in order are not merged, so
 * sorted input takes a comparison for each element. No input takes more than
 * n log n steps, and equal elements keep their order.
 *
 * `room` holds half the array. When malloc() has no such block, heapsort needs
 * none, and takes twice as many comparisons. Then equal elements lose their
 * order, which ISO C permits.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define INSERTION_MOST	8	/* elements of a small part */
#define ROOM_BYTES	512	/* on the stack */

struct sort {
	size_t size;		/* bytes of an element */
	int (*compare)(const void *, const void *);
	char *room;		/* for the left half; not used by heapsort */
};

typedef uint32_t __attribute__((may_alias, aligned(1))) word;

static void swap(size_t size, char *a, char *b)
{
	for (; size >= 4; size -= 4, a += 4, b += 4) {
		uint32_t w = *(word *)a;

		*(word *)a = *(word *)b;
		*(word *)b = w;
	}
	for (; size > 0; size--, a++, b++) {
		char c = *a;

		*a = *b;
		*b = c;
	}
}

/* Let element i of a heap of count elements sink to its place. */
static void sink(const struct sort *sort, char *base, size_t i, size_t count)
{
	size_t size = sort->size;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= count)
			return;
		if (child + 1 < count && sort->compare(base + child * size,
		    base + (child + 1) * size) < 0)
			child++;
		if (sort->compare(base + i * size, base + child * size) >= 0)
			return;
		swap(size, base + i * size, base + child * size);
		i = child;
	}
}

static void heapsort(const struct sort *sort, char *base, size_t count)
{
	for (size_t i = count / 2; i-- > 0; )
		sink(sort, base, i, count);
	while (count-- > 1) {
		swap(sort->size, base, base + count * sort->size);
		sink(sort, base, 0, count);
	}
}

/* Move the element at `last` down to `first`, and all between up by one: word
   by word, then byte by byte. */
static void rotate(size_t size, char *first, char *last)
{
	size_t at = 0;
	char *p;

	for (; size - at >= 4; at += 4) {
		uint32_t moved = *(word *)(last + at);

		for (p = last + at; p > first + at; p -= size)
			*(word *)p = *(word *)(p - size);
		*(word *)p = moved;
	}
	for (; at < size; at++) {
		char moved = last[at];

		for (p = last + at; p > first + at; p -= size)
			*p = *(p - size);
		*p = moved;
	}
}

static void insertion_sort(const struct sort *sort, char *base, size_t count)
{
	size_t size = sort->size;
	char *end = base + count * size;

	for (char *next = base + size; next < end; next += size) {
		char *place = next;

		while (place > base && sort->compare(place - size, next) > 0)
			place -= size;
		if (place < next)
			rotate(size, place, next);
	}
}

/* Most elements are a word: a number, a pointer. */
static inline void copy(size_t size, char *to, const char *from)
{
	if (size == 4)
		*(word *)to = *(const word *)from;
	else
		memcpy(to, from, size);
}

/* The parts below and from `right` are sorted: make them one. */
static void merge(const struct sort *sort, char *to, char *right, char *end)
{
	int (*compare)(const void *, const void *) = sort->compare;
	size_t size = sort->size;
	char *left = sort->room, *left_end = left + (right - to);

	memcpy(left, to, right - to);
	for (;;) {
		if (compare(left, right) <= 0) {
			copy(size, to, left);
			to += size;
			left += size;
			if (left == left_end)
				return;
		} else {
			copy(size, to, right);
			to += size;
			right += size;
			if (right == end)
				break;
		}
	}
	memcpy(to, left, left_end - left);
}

static void merge_sort(const struct sort *sort, char *base, size_t count)
{
	size_t size = sort->size;
	char *right = base + count / 2 * size;

	if (count <= INSERTION_MOST) {
		insertion_sort(sort, base, count);
		return;
	}
	merge_sort(sort, base, count / 2);
	merge_sort(sort, right, count - count / 2);
	if (sort->compare(right - size, right) > 0)
		merge(sort, base, right, base + count * size);
}

void qsort(void *base, size_t count, size_t size,
	int (*compare)(const void *, const void *))
{
	char room[ROOM_BYTES] __attribute__((aligned(16)));
	struct sort sort = { size, compare, room };
	int saved = errno;

	if (size == 0)
		return;
	if (count / 2 * size > sizeof(room))
		sort.room = malloc(count / 2 * size);
	if (sort.room)
		merge_sort(&sort, base, count);
	else
		heapsort(&sort, base, count);
	if (sort.room != room)
		free(sort.room);
	errno = saved;
}
