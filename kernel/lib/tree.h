/*
 * tree.h - entries in order, found in a logarithmic number of steps.
 *
 * The entries stand in a list, which leads to the neighbours. Each entry also
 * has a place in a search tree over the list: left of an entry are entries in
 * front, right are entries behind. The tree finds a place:
 *
 *	struct tree_node *node = tree_root(tree);
 *
 *	while (node)			(the first entry at or behind a key)
 *		if (key <= key_of(node)) {
 *			found = node;
 *			node = node->left;
 *		} else {
 *			node = node->right;
 *		}
 *
 * A small tree grows at the first search. So a child of fork() that calls exec
 * at once never pays for the tree. With TREE_LATE_MOST entries the tree grows
 * without a search: the work of a large tree is done entry by entry.
 *
 * The struct of an entry contains a struct tree_node, as with list.h. The tree
 * knows no keys: the caller says where an entry belongs.
 */
#pragma once

#include "kernel/lib/list.h"

struct tree_node {			/* [P] */
	struct list_node order;		/* in tree->list */
	struct tree_node *parent;	/* NULL: the root */
	struct tree_node *left;		/* all entries there are in front */
	struct tree_node *right;	/* all entries there are behind */
	uint32_t rank;			/* no child has a higher rank */
};

struct tree {				/* [P] */
	struct list list;		/* all entries, in order */
	struct tree_node *root;		/* NULL: no tree over the list yet */
	uint32_t chance;		/* the last random number */
	uint32_t late;			/* entries without a place so far */
};

#define TREE_LATE_MOST	64

static inline void tree_init(struct tree *tree)
{
	list_init(&tree->list);
	tree->root = NULL;
	tree->chance = 1;
	tree->late = 0;
}

/* The entry behind the node `at` of the list (the list's head: the first
 * entry), or NULL. */
static inline struct tree_node *tree_behind(const struct tree *tree,
					    const struct list_node *at)
{
	return at->next == &tree->list.head ? NULL
		: LIST_ENTRY(at->next, struct tree_node, order);
}

/* Give an entry of the list its place in the tree; take the place away. */
void tree_plant(struct tree *tree, struct tree_node *node);
void tree_uproot(struct tree *tree, struct tree_node *node);
/* Plant all entries. */
void tree_grow(struct tree *tree);

/* Where a search begins; NULL: there are no entries. */
static inline struct tree_node *tree_root(struct tree *tree)
{
	if (!tree->root)
		tree_grow(tree);
	return tree->root;
}

/* Add an entry in front of `behind`; NULL: as the last entry. */
static inline void tree_insert(struct tree *tree, struct tree_node *node,
			       struct tree_node *behind)
{
	list_insert_new(behind ? &behind->order : &tree->list.head,
			&node->order);
	if (tree->root)
		tree_plant(tree, node);
	else if (++tree->late >= TREE_LATE_MOST)
		tree_grow(tree);
}

static inline void tree_remove(struct tree *tree, struct tree_node *node)
{
	if (tree->root)
		tree_uproot(tree, node);
	list_remove_last(&node->order);
}

/* Walk in order, as LIST_FOR_EACH() and LIST_FOR_EACH_SAFE(). */
#define TREE_FOR_EACH(entry, tree, member) \
	LIST_FOR_EACH(entry, &(tree)->list, member.order)
#define TREE_FOR_EACH_SAFE(entry, after, tree, member) \
	LIST_FOR_EACH_SAFE(entry, after, &(tree)->list, member.order)
