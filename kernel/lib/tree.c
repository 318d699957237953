/*
 * tree.c - a treap: a search tree that chance keeps flat.
 *
 * Entries that arrive in order would make a search tree as deep as a list. So
 * each entry gets a random rank, and no child has a higher rank than the
 * parent. Order and ranks together allow exactly one tree: the tree that would
 * grow if the entries arrived by falling rank, in random order. On average, a
 * search in such a tree of n entries takes 1.4 log2(n) steps. A rotation lifts
 * a node above its parent, and keeps the order:
 *
 *	      parent                node
 *	      /    \                /  \
 *	    node    c    <--->     a  parent
 *	    /  \                       /  \
 *	   a    b                     b    c
 *
 * Between two neighbours in the list there is always one free place in the
 * tree: the front neighbour has no right child, or the rear neighbour has no
 * left child. So adding at a known place needs no search.
 *
 * Seven of eight entries have the lowest rank, and are added without a
 * rotation. These entries hang below the others in short rows, which add four
 * steps to a search on average. The ranks repeat in each run, so all figures
 * repeat. C. Aragon, R. Seidel, "Randomized Search Trees", 1989.
 */
#include "kernel/lib/tree.h"

#define RANK_LOWEST	(7u << 29)

/* Put a node, or nothing, in the place of `old` below the parent of `old`. */
static void replace(struct tree *tree, const struct tree_node *old,
		    struct tree_node *node)
{
	struct tree_node *parent = old->parent;

	if (node)
		node->parent = parent;
	if (!parent)
		tree->root = node;
	else if (parent->left == old)
		parent->left = node;
	else
		parent->right = node;
}

/* Exchange the node and its parent: see the picture above. */
static void rotate_up(struct tree *tree, struct tree_node *node)
{
	struct tree_node *parent = node->parent, *moved;

	replace(tree, parent, node);
	if (parent->left == node) {
		moved = parent->left = node->right;
		node->right = parent;
	} else {
		moved = parent->right = node->left;
		node->left = parent;
	}
	parent->parent = node;
	if (moved)
		moved->parent = parent;
}

static inline void plant(struct tree *tree, struct tree_node *node)
{
	struct list_node *head = &tree->list.head, *front = node->order.prev;
	struct tree_node *parent = NULL;

	tree->chance = tree->chance * 1664525 + 1013904223;
	node->rank = MAX(tree->chance, RANK_LOWEST);
	node->left = node->right = NULL;
	if (front != head)
		parent = LIST_ENTRY(front, struct tree_node, order);
	if (!tree->root) {
		tree->root = node;
	} else if (parent && !parent->right) {
		parent->right = node;
	} else {
		parent = tree_behind(tree, &node->order);
		parent->left = node;
	}
	node->parent = parent;
	while (node->parent && node->parent->rank < node->rank)
		rotate_up(tree, node);
}

void tree_plant(struct tree *tree, struct tree_node *node)
{
	plant(tree, node);
}

void tree_grow(struct tree *tree)
{
	struct tree_node *node;

	LIST_FOR_EACH(node, &tree->list, order)
		plant(tree, node);
}

void tree_uproot(struct tree *tree, struct tree_node *node)
{
	while (node->left && node->right)
		rotate_up(tree, node->left->rank > node->right->rank
			  ? node->left : node->right);
	replace(tree, node, node->left ? node->left : node->right);
}
