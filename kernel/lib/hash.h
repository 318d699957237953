/*
 * hash.h - a table of lists: an entry is found by a number made from the key.
 *
 *	static struct list table[256];
 *
 *	list_prepend(HASH_SLOT(table, key), &entry->node);
 *	LIST_FOR_EACH(entry, HASH_SLOT(table, key), node)
 *		if (entry has the key) ...
 *
 * Equal keys give the same list, and different keys mostly different lists. So
 * with about as many lists as entries, a search looks at one or two entries. An
 * entry is removed with list_remove(), without the table. The table is zeroed
 * memory, and its length is a power of two.
 */
#pragma once

#include "kernel/lib/list.h"

/* A number from two numbers: each bit of both changes half of the result. */
static inline uint32_t hash_mix(uint32_t a, uint32_t b)
{
	uint32_t x = a ^ b * 0x9e3779b1;

	x = (x ^ x >> 16) * 0x85ebca6b;
	return x ^ x >> 15;
}

/*
 * The kernel's secret: odd numbers, different in each boot. A program that
 * chooses keys cannot know which keys meet in a list of hash_secretly(), so it
 * cannot make one list long. Two different keys meet in 2 of 2^bits boots, at
 * most. M. Dietzfelbinger et al., "A Reliable Randomized Algorithm for the
 * Closest-Pair Problem", 1997.
 */
extern uint32_t hash_secrets[3];		/* [const] after boot */
void hash_make_secret(uint64_t chance);

/* The number of a list, below 2^bits, from a key of three numbers. */
static inline uint32_t hash_secretly(unsigned bits, uint32_t a, uint32_t b,
				     uint32_t c)
{
	return (a * hash_secrets[0] + b * hash_secrets[1] +
		c * hash_secrets[2]) >> (32 - bits);
}

/* A number from bytes. The trace marks a frame with this number, so that both
 * ends of a wire give a frame the same mark. */
static inline uint32_t hash_bytes(const uint8_t *bytes, uint32_t count)
{
	uint32_t sum = 0;

	while (count-- > 0)
		sum = hash_mix(sum, *bytes++);
	return sum;
}

/* A secret number from the bytes of a name. */
uint32_t hash_name(const char *name, size_t length);

/* The list of this table for the key. */
static inline struct list *hash_slot(struct list *table, uint32_t length,
				     uint32_t key)
{
	struct list *slot = &table[key & (length - 1)];

	if (!slot->head.next)
		list_init(slot);
	return slot;
}

#define HASH_SLOT(table, key)	hash_slot(table, ARRAY_LENGTH(table), key)
