/* search.h - a hash table, a tree, and arrays and lists that are searched. */
#pragma once

#include <stddef.h>

typedef struct entry {
	char *key;
	void *data;
} ENTRY;

typedef enum { FIND, ENTER } ACTION;
typedef enum { preorder, postorder, endorder, leaf } VISIT;

/* One table for the program. */
int hcreate(size_t count);
void hdestroy(void);
ENTRY *hsearch(ENTRY item, ACTION action);

void insque(void *element, void *before);
void remque(void *element);

void *lfind(const void *key, const void *base, size_t *count, size_t size,
	int (*compare)(const void *, const void *));
void *lsearch(const void *key, void *base, size_t *count, size_t size,
	int (*compare)(const void *, const void *));

/* The result points to a pointer to the key. */
void *tdelete(const void *__restrict key, void **__restrict root,
	int (*compare)(const void *, const void *));
void tdestroy(void *root, void (*destroy)(void *key));
void *tfind(const void *key, void *const *root,
	int (*compare)(const void *, const void *));
void *tsearch(const void *key, void **root,
	int (*compare)(const void *, const void *));
void twalk(const void *root,
	void (*visit)(const void *node, VISIT order, int depth));
