/*
 * hash.c - how evenly keys are spread over the lists of a table.
 *
 * link: kernel/lib/hash.c
 */
#include "tests/host/kernel.h"

#include "kernel/lib/hash.h"

#define LENGTH	256
#define ENTRIES	(4 * LENGTH)

struct entry {
	struct list_node node;
	uint32_t a, b;
};

static struct list table[LENGTH];
static struct entry entries[ENTRIES];

static struct entry *find(uint32_t a, uint32_t b)
{
	struct entry *entry;

	LIST_FOR_EACH(entry, HASH_SLOT(table, hash_mix(a, b)), node)
		if (entry->a == a && entry->b == b)
			return entry;
	return NULL;
}

static int length_of(const struct list *list)
{
	const struct list_node *node;
	int length = 0;

	for (node = list->head.next; node && node != &list->head;
	     node = node->next)
		length++;
	return length;
}

static int longest(void)
{
	int most = 0;

	for (int i = 0; i < LENGTH; i++)
		most = MAX(most, length_of(&table[i]));
	return most;
}

/* Keys as the kernel has them: pointers and small numbers, in steps. */
static void test_keys(uint32_t step_a, uint32_t step_b, const char *what)
{
	bool found = true;
	int most;

	for (int i = 0; i < ENTRIES; i++) {
		entries[i].a = 0xc0100000 + i * step_a;
		entries[i].b = i * step_b;
		list_append(HASH_SLOT(table, hash_mix(entries[i].a,
						      entries[i].b)),
			    &entries[i].node);
	}
	for (int i = 0; i < ENTRIES; i++)
		found &= find(entries[i].a, entries[i].b) == &entries[i];
	most = longest();
	for (int i = 0; i < ENTRIES; i++)
		list_remove(&entries[i].node);
	ok(found && !find(1, 1), "%s_are_found", what);
	printf("# the longest list has %d entries\n", most);
	ok(most <= 16, "%s_are_spread", what);
	ok(longest() == 0, "%s_leave_nothing", what);
}

#define BITS	8
#define AIMED	100

/* The first keys that meet in list 0, found with the secret of now. */
static void aim(uint32_t *keys)
{
	uint32_t key = 0;

	for (int i = 0; i < AIMED; i++) {
		while (hash_secretly(BITS, 7, ++key, 9) != 0)
			;
		keys[i] = key;
	}
}

/* So many of the keys meet in one list. */
static int meet(const uint32_t *keys)
{
	int count[1 << BITS] = { 0 }, most = 0;

	for (int i = 0; i < AIMED; i++)
		count[hash_secretly(BITS, 7, keys[i], 9)]++;
	for (int i = 0; i < 1 << BITS; i++)
		most = MAX(most, count[i]);
	return most;
}

static void test_secret(void)
{
	uint32_t keys[AIMED];
	int most = 0;

	aim(keys);
	ok(meet(keys) == AIMED, "aimed_keys_meet");
	for (uint64_t chance = 1; chance <= 100; chance++) {
		hash_make_secret(chance * 12345678);
		most = MAX(most, meet(keys));
	}
	printf("# the longest list has %d entries\n", most);
	ok(most <= AIMED / 4, "aimed_keys_meet_in_a_later_boot");
}

int main(void)
{
	test_secret();
	test_keys(0, 1, "small_numbers");
	test_keys(64, 0, "pointers");
	test_keys(4096, 0, "pages");
	test_keys(96, 7, "pointers_and_numbers");
	test_keys(0, 1u << 20, "high_bits");
	return tap_done();
}
