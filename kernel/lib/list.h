/*
 * list.h - doubly linked lists whose links live inside their members.
 *
 * A list is a ring through its head, so inserting and removing have no special
 * cases. A node that is on no list has no next, whatever its prev says;
 * list_is_linked() asks that, and the debug build asserts that nobody is linked
 * twice.
 */
#pragma once

#include "kernel/lib/assert.h"
#include "kernel/lib/types.h"

struct list_node {
	struct list_node *next;
	struct list_node *prev;
};

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
	node->next = node->prev = NULL;
}

static inline bool list_is_linked(const struct list_node *node)
{
	return node->next != NULL;
}

static inline bool list_is_empty(const struct list *list)
{
	return list->head.next == &list->head;
}

/* Link a node that nobody has initialised in front of the given one. */
static inline void list_insert_new(struct list_node *at,
				   struct list_node *node)
{
	node->next = at;
	node->prev = at->prev;
	at->prev->next = node;
	at->prev = node;
}

/* Link node in front of the given one (the head: at the end of the list). */
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

/* Into a list that is empty. */
static inline void list_append_first(struct list *list, struct list_node *node)
{
	ASSERT(list_is_empty(list) && !list_is_linked(node));
	node->next = node->prev = &list->head;
	list->head.next = list->head.prev = node;
}

/* To itself: it counts as linked and can be removed, but is on no list. */
static inline void list_link_alone(struct list_node *node)
{
	ASSERT(!list_is_linked(node));
	node->next = node->prev = node;
}

static inline bool list_is_alone(const struct list_node *node)
{
	return node->next == node;
}

static inline void list_prepend(struct list *list, struct list_node *node)
{
	list_insert_before(list->head.next, node);
}

/* Take out a node whose memory is freed next: what it says stays. */
static inline void list_remove_last(struct list_node *node)
{
	ASSERT(list_is_linked(node));
	node->next->prev = node->prev;
	node->prev->next = node->next;
}

static inline void list_remove(struct list_node *node)
{
	list_remove_last(node);
	list_node_init(node);
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
