/*
 * tree.c - a tree of numbers beside a plain array: the order, the search, the
 * depth, and the shape after each change.
 */
#include <string.h>

#include "tests/host/kernel.h"

#include "kernel/lib/tree.c"

#define NUMBERS	2000
#define SEEDS	20
#define MOST_STEPS 88	/* 8 log2(NUMBERS) */

struct number {
	struct tree_node node;
	bool is_there;
};

static struct number numbers[NUMBERS];
static struct tree tree;

static int value_of(const struct tree_node *node)
{
	return CONTAINER_OF(node, struct number, node) - numbers;
}

/* The first number >= value, or NULL; counts the steps. */
static struct tree_node *search(int value, int *steps)
{
	struct tree_node *node = tree_root(&tree), *found = NULL;

	for (*steps = 0; node; ++*steps) {
		if (value <= value_of(node)) {
			found = node;
			node = node->left;
		} else {
			node = node->right;
		}
	}
	return found;
}

static struct tree_node *model(int value)
{
	while (value < NUMBERS && !numbers[value].is_there)
		value++;
	return value < NUMBERS ? &numbers[value].node : NULL;
}

static void change(int value)
{
	struct number *number = &numbers[value];

	if (number->is_there)
		tree_remove(&tree, &number->node);
	else
		tree_insert(&tree, &number->node, model(value));
	number->is_there = !number->is_there;
}

/* Are the parents, ranks and order below this node right? */
static bool is_good(const struct tree_node *node, int low, int high)
{
	const struct tree_node *child[2];

	if (!node)
		return true;
	child[0] = node->left;
	child[1] = node->right;
	for (int i = 0; i < 2; i++)
		if (child[i] && (child[i]->parent != node ||
				 child[i]->rank > node->rank))
			return false;
	return value_of(node) >= low && value_of(node) < high &&
	       is_good(node->left, low, value_of(node)) &&
	       is_good(node->right, value_of(node) + 1, high);
}

static bool is_list_good(void)
{
	const struct number *number;
	int last = -1, value;

	TREE_FOR_EACH(number, &tree, node) {
		value = number - numbers;
		if (model(last + 1) != &number->node)
			return false;
		last = value;
	}
	return !model(last + 1);
}

static void start(void)
{
	tree_init(&tree);
	memset(numbers, 0, sizeof(numbers));
}

static void test_random_changes(void)
{
	bool same = true, shaped = true, listed = true;
	int steps, value;

	for (int seed = 0; seed < SEEDS; seed++) {
		start();
		for (int i = 0; i < 5000; i++) {
			change(test_random() % NUMBERS);
			if (i < 1000 * (seed % 3))
				continue;	/* no tree yet */
			value = test_random() % NUMBERS;
			same &= search(value, &steps) == model(value);
		}
		shaped &= is_good(tree.root, 0, NUMBERS) &&
			  (!tree.root || !tree.root->parent);
		listed &= is_list_good();
		for (int i = 0; i < NUMBERS; i++)
			if (numbers[i].is_there)
				change(i);
		shaped &= !tree.root && list_is_empty(&tree.list);
	}
	ok(same, "search_finds_what_an_array_finds");
	ok(shaped, "parents_ranks_and_sides_stay_right");
	ok(listed, "list_has_the_same_entries_in_order");
}

/* The longest search, with all numbers in the tree. */
static int depth(void)
{
	int steps, most = 0;

	for (int i = 0; i < NUMBERS; i++) {
		search(i, &steps);
		most = MAX(most, steps);
	}
	return most;
}

static void test_depth(void)
{
	int up, down;

	start();
	for (int i = 0; i < NUMBERS; i++)
		change(i);
	up = depth();
	start();
	for (int i = NUMBERS; i-- > 0;)
		change(i);
	down = depth();
	printf("# %d and %d steps\n", up, down);
	ok(up <= MOST_STEPS && down <= MOST_STEPS,
	   "numbers_in_order_make_no_deep_tree");
	/* The same places again and again: a stack or a queue of regions. */
	for (int i = 0; i < 100 * NUMBERS; i++)
		change(i / 2 % NUMBERS);
	ok(depth() <= MOST_STEPS,
	   "taking_out_and_putting_back_makes_no_deep_tree");
}

int main(void)
{
	test_random_changes();
	test_depth();
	return tap_done();
}
