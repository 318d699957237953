/*
 * list.h - doubly linked lists with the links inside the members.
 *
 * A list is a ring through its head, so inserting and removing have no special
 * cases. A node on no list has no next, and prev may have any value.
 * list_is_linked() looks at next, and the debug build asserts that no node is
 * linked twice.
 */
#pragma once

#include "kernel/lib/assert.h"
#include "kernel/lib/types.h"

/* [P] */
struct list_node {
	struct list_node *next;
	struct list_node *prev;
};

/* [P] */
struct list {
	struct list_node head;
};

#define LIST_INIT(name)		{ { &(name).head, &(name).head } }

static inline void list_init(struct list *list)
{
	list->head.next = list->head.prev = &list->head;
}

static inline void list_node_init(struct list_node *node)
{
	node->next = NULL;
}

static inline bool list_is_linked(const struct list_node *node)
{
	return node->next != NULL;
}

static inline bool list_is_empty(const struct list *list)
{
	return list->head.next == &list->head;
}

/* Is a linked node the only node of its list? */
static inline bool list_is_single(const struct list_node *node)
{
	return node->next == node->prev;
}

/* Link an uninitialised node in front of `at`. */
static inline void list_insert_new(struct list_node *at,
				   struct list_node *node)
{
	node->next = at;
	node->prev = at->prev;
	at->prev->next = node;
	at->prev = node;
}

/* Link node in front of `at` (the head: at the end of the list). */
static inline void list_insert_before(struct list_node *at,
				      struct list_node *node)
{
	ASSERT(!list_is_linked(node));
	list_insert_new(at, node);
}

static inline void list_append(struct list *list, struct list_node *node)
{
	list_insert_before(&list->head, node);
}

static inline void list_prepend(struct list *list, struct list_node *node)
{
	list_insert_before(list->head.next, node);
}

/* Remove a node before the memory is freed: the node's links stay. */
static inline void list_remove_last(struct list_node *node)
{
	ASSERT(list_is_linked(node));
	node->next->prev = node->prev;
	node->prev->next = node->next;
}

static inline void list_remove(struct list_node *node)
{
	list_remove_last(node);
	node->next = NULL;
}

/* The first node, or NULL. */
static inline struct list_node *list_first(const struct list *list)
{
	return list_is_empty(list) ? NULL : list->head.next;
}

/* Take the first node off the list, or NULL. */
static inline struct list_node *list_take_first(struct list *list)
{
	struct list_node *node = list_first(list);

	if (node)
		list_remove(node);
	return node;
}

/* Move a linked node and all nodes behind it to the end of another list. */
static inline void list_move_rest(struct list *from, struct list_node *node,
				  struct list *to)
{
	struct list_node *last = from->head.prev;

	node->prev->next = &from->head;
	from->head.prev = node->prev;
	node->prev = to->head.prev;
	last->next = &to->head;
	to->head.prev->next = node;
	to->head.prev = last;
}

#define LIST_ENTRY(node, type, member)	CONTAINER_OF(node, type, member)

/* Walk a list; the body must not remove the entry. */
#define LIST_FOR_EACH(entry, list, member)				\
	for (entry = LIST_ENTRY((list)->head.next, typeof(*entry), member); \
	     &entry->member != &(list)->head;				\
	     entry = LIST_ENTRY(entry->member.next, typeof(*entry), member))

/* Walk a list; the body may remove the entry. */
#define LIST_FOR_EACH_SAFE(entry, after, list, member)			\
	for (entry = LIST_ENTRY((list)->head.next, typeof(*entry), member), \
	     after = LIST_ENTRY(entry->member.next, typeof(*entry), member); \
	     &entry->member != &(list)->head;				\
	     entry = after,						\
	     after = LIST_ENTRY(entry->member.next, typeof(*entry), member))
