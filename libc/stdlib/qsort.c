/*
 * qsort.c - introsort: quicksort with two safety nets.
 *
 * The pivot is the median of three elements, and in a large part the median of
 * three such medians; so sorted input is the good case. Of the two parts the
 * smaller is sorted by recursion and the larger by the loop, so the stack grows
 * with the logarithm. Input that still splits badly too often is handed to
 * heapsort, so no input takes more than n log n steps. Small parts are sorted
 * by insertion. The order of equal elements is not kept.
 */
#include <stdint.h>
#include <stdlib.h>

#define INSERTION_MOST	8	/* elements of a small part */
#define MEDIANS_FROM	40	/* elements: three medians are worth it */

struct sort {
	size_t size;		/* bytes of an element */
	int (*compare)(const void *, const void *);
};

typedef uint32_t __attribute__((may_alias, aligned(1))) word;

static void swap_bytes(size_t size, char *a, char *b)
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

/* Most elements are a word: a number, a pointer. */
static inline void swap(size_t size, char *a, char *b)
{
	uint32_t w;

	if (size != 4) {
		swap_bytes(size, a, b);
		return;
	}
	w = *(word *)a;
	*(word *)a = *(word *)b;
	*(word *)b = w;
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
		swap(sort->size, base + i * size, base + child * size);
		i = child;
	}
}

static void heapsort(const struct sort *sort, char *base, size_t count)
{
	for (size_t i = count / 2; i-- > 0; )
		sink(sort, base, i, count);
	while (--count > 0) {
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

static char *median(const struct sort *sort, char *a, char *b, char *c)
{
	if (sort->compare(a, b) > 0) {
		char *swapped = a;

		a = b;
		b = swapped;
	}
	if (sort->compare(b, c) <= 0)
		return b;
	return sort->compare(a, c) > 0 ? a : c;
}

/* Bring the pivot to the front. */
static void choose_pivot(const struct sort *sort, char *first, size_t count)
{
	char *middle = first + count / 2 * sort->size;
	char *last = first + (count - 1) * sort->size;
	size_t step = count / 8 * sort->size;
	char *a = first, *b = middle, *c = last;

	if (count > MEDIANS_FROM) {
		a = median(sort, first, first + step, first + 2 * step);
		b = median(sort, middle - step, middle, middle + step);
		c = median(sort, last - 2 * step, last - step, last);
	}
	swap(sort->size, first, median(sort, a, b, c));
}

/* Split by the pivot at the front. The pivot moves to its final place, which is
   the result. An element equal to the pivot stops both scans, so many equal
   elements split in the middle. */
static char *split(const struct sort *sort, char *base, size_t count)
{
	int (*compare)(const void *, const void *) = sort->compare;
	size_t size = sort->size;
	char *low = base, *high = base + count * size;

	for (;;) {
		do
			low += size;
		while (low < high && compare(low, base) < 0);
		do
			high -= size;
		while (low < high && compare(base, high) < 0);
		if (low >= high)
			break;
		swap(size, low, high);
	}
	swap(size, base, low - size);
	return low - size;
}

static void quicksort(const struct sort *sort, char *base, size_t count,
	int patience)
{
	while (count > INSERTION_MOST) {
		char *pivot, *above;
		size_t below_count, above_count;

		if (patience-- == 0) {
			heapsort(sort, base, count);
			return;
		}
		choose_pivot(sort, base, count);
		pivot = split(sort, base, count);
		above = pivot + sort->size;
		below_count = (pivot - base) / sort->size;
		above_count = count - below_count - 1;
		if (below_count < above_count) {
			quicksort(sort, base, below_count, patience);
			base = above;
			count = above_count;
		} else {
			quicksort(sort, above, above_count, patience);
			count = below_count;
		}
	}
	insertion_sort(sort, base, count);
}

void qsort(void *base, size_t count, size_t size,
	int (*compare)(const void *, const void *))
{
	struct sort sort = { size, compare };
	int patience = 0;

	if (size == 0)
		return;
	for (size_t n = count; n > 0; n /= 2)
		patience += 2;
	quicksort(&sort, base, count, patience);
}
