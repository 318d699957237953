/*
 * tsearch.c - a binary tree.
 *
 * The tree is a treap: each node has a random weight, and no node is heavier
 * than its parent. So the depth stays near the logarithm of the count in
 * whatever order the keys come.
 */
#include <search.h>
#include <stdint.h>
#include <stdlib.h>

struct node {
	const void *key;		/* first: the result points here */
	struct node *left, *right;
	uint32_t weight;
};

typedef int compare_function(const void *, const void *);

/* Xorshift: the same weights in each run. */
static uint32_t random_weight(void)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

void *tfind(const void *key, void *const *root, compare_function *compare)
{
	struct node *node = root ? *root : NULL;

	while (node) {
		int order = compare(key, node->key);

		if (order == 0)
			return node;
		node = order < 0 ? node->left : node->right;
	}
	return NULL;
}

/* Cut a tree into the keys below and above a key. */
static void cut(struct node *node, const void *key, compare_function *compare,
	struct node **below, struct node **above)
{
	while (node) {
		if (compare(key, node->key) < 0) {
			*above = node;
			above = &node->left;
		} else {
			*below = node;
			below = &node->right;
		}
		node = compare(key, node->key) < 0 ? node->left : node->right;
	}
	*below = *above = NULL;
}

void *tsearch(const void *key, void **root, compare_function *compare)
{
	struct node *node, **place = (struct node **)root;

	if (!root)
		return NULL;
	node = tfind(key, root, compare);
	if (node)
		return node;
	node = malloc(sizeof(*node));
	if (!node)
		return NULL;
	node->key = key;
	node->weight = random_weight();
	while (*place && (*place)->weight >= node->weight)
		place = compare(key, (*place)->key) < 0 ? &(*place)->left
			: &(*place)->right;
	cut(*place, key, compare, &node->left, &node->right);
	*place = node;
	return node;
}

/* The result is the parent, or the root when the root itself went. */
void *tdelete(const void *restrict key, void **restrict root,
	compare_function *compare)
{
	struct node **place = (struct node **)root, *parent, *node, *left,
		*right;
	int order;

	if (!root)
		return NULL;
	for (parent = *place; (node = *place) != NULL; parent = node) {
		order = compare(key, node->key);
		if (order == 0)
			break;
		place = order < 0 ? &node->left : &node->right;
	}
	if (!node)
		return NULL;
	left = node->left;
	right = node->right;
	while (left && right) {		/* join both below the place */
		struct node **heavier = left->weight > right->weight ? &left
			: &right;

		*place = *heavier;
		place = heavier == &left ? &left->right : &right->left;
		*heavier = *place;
	}
	*place = left ? left : right;
	free(node);
	return parent == node ? (void *)root : parent;
}

static void walk(const struct node *node,
	void (*visit)(const void *, VISIT, int), int depth)
{
	if (!node->left && !node->right) {
		visit(node, leaf, depth);
		return;
	}
	visit(node, preorder, depth);
	if (node->left)
		walk(node->left, visit, depth + 1);
	visit(node, postorder, depth);
	if (node->right)
		walk(node->right, visit, depth + 1);
	visit(node, endorder, depth);
}

void twalk(const void *root, void (*visit)(const void *, VISIT, int))
{
	if (root)
		walk(root, visit, 0);
}

void tdestroy(void *root, void (*destroy)(void *key))
{
	struct node *node = root;

	if (!node)
		return;
	tdestroy(node->left, destroy);
	tdestroy(node->right, destroy);
	destroy((void *)node->key);
	free(node);
}
