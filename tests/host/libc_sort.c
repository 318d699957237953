/*
 * libc_sort.c - qsort() and bsearch() on friendly and on hostile input.
 *
 * Elements of many sizes, few and many equal keys, sorted, reversed and
 * organ-pipe input, and an adversary that decides each comparison during the
 * sort, so that every pivot is bad (McIlroy, "A killer adversary for
 * quicksort"): the number of comparisons must stay in order n log n. All of it
 * with memory for a merge sort, and without.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

static int no_memory;

static void *our_malloc(size_t bytes)
{
	return no_memory ? NULL : malloc(bytes);
}

#define malloc	our_malloc
#define bsearch	our_bsearch
#define qsort	our_qsort
#include "libc/stdlib/qsort.c"
#include "libc/stdlib/bsearch.c"
#undef malloc

static long comparisons;
static size_t element;

static int compare(const void *a, const void *b)
{
	int x, y;

	comparisons++;
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

/* The key comes first, then bytes computed from the key: they must move
   together. */
static void put(char *at, int key)
{
	memcpy(at, &key, sizeof(key));
	for (size_t i = sizeof(key); i < element; i++)
		at[i] = (char)((unsigned int)key * 7 + i);
}

static int is_whole(const char *at)
{
	int key;

	memcpy(&key, at, sizeof(key));
	for (size_t i = sizeof(key); i < element; i++) {
		if (at[i] != (char)((unsigned int)key * 7 + i))
			return 0;
	}
	return 1;
}

static int key_of(int i, int n, int kind)
{
	switch (kind) {
	case 0:
		return rand();
	case 1:
		return rand() % 4;
	case 2:
		return i;
	case 3:
		return n - i;
	case 4:
		return i < n / 2 ? i : n - i;
	default:
		return 5;
	}
}

static int is_bad(int n, int kind)
{
	char *array = malloc(n * element + 1);
	int bad = 0;
	long sum = 0;

	for (int i = 0; i < n; i++) {
		int key = key_of(i, n, kind);

		sum += key;
		put(array + i * element, key);
	}
	our_qsort(array, (size_t)n, element, compare);
	for (int i = 0; i < n; i++) {
		int key;

		memcpy(&key, array + i * element, sizeof(key));
		sum -= key;
		bad |= !is_whole(array + i * element);
		bad |= i > 0 && compare(array + (i - 1) * element,
			array + i * element) > 0;
	}
	free(array);
	return bad || sum != 0;
}

/* McIlroy's adversary: a value is "gas", larger than all solid values, until a
   comparison makes the value solid. */
#define HOSTILE 20000
static int value[HOSTILE], solid, candidate;

static int hostile(const void *a, const void *b)
{
	int x, y, gas = HOSTILE - 1;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	comparisons++;
	if (value[x] == gas && value[y] == gas)
		value[x == candidate ? x : y] = solid++;
	if (value[x] == gas)
		candidate = x;
	else if (value[y] == gas)
		candidate = y;
	return value[x] - value[y];
}

static long hostile_comparisons(void)
{
	static int index[HOSTILE];

	comparisons = 0;
	for (int i = 0; i < HOSTILE; i++) {
		index[i] = i;
		value[i] = HOSTILE - 1;
	}
	our_qsort(index, HOSTILE, sizeof(*index), hostile);
	return comparisons;
}

static int searches_fail(void)
{
	int array[50], bad = 0;

	for (int n = 0; n < 50; n++) {
		for (int i = 0; i < n; i++)
			array[i] = 2 * i;
		for (int key = -1; key < 2 * n + 1; key++) {
			int *found = our_bsearch(&key, array, (size_t)n,
				sizeof(*array), compare);
			int there = key >= 0 && key % 2 == 0 && key < 2 * n;

			bad |= !found != !there || (found && *found != key);
		}
	}
	return bad;
}

int main(void)
{
	static const size_t sizes[] = { 4, 5, 8, 12, 17, 32 };
	int bad = 0;

	srand(1);
	for (int i = 0; i < 6000; i++) {
		no_memory = i % 2;
		element = sizes[rand() % 6];
		bad += is_bad(rand() % (i % 10 > 1 ? 40 : 2000), i / 2 % 6);
	}
	is(bad, 0, "arrays_are_sorted_and_whole");
	element = 4;
	comparisons = 0;
	no_memory = 0;
	is(is_bad(HOSTILE, 2), 0, "sorted_input");
	ok(comparisons < 20L * HOSTILE, "sorted_input_is_no_bad_case");
	for (no_memory = 0; no_memory < 2; no_memory++)
		ok(hostile_comparisons() < 60L * HOSTILE,
			"no_input_takes_more_than_n_log_n");
	is(searches_fail(), 0, "bsearch_finds_what_is_there");
	return tap_done();
}
