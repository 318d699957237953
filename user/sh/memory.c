/*
 * memory.c - arenas and growing texts.
 *
 * A parsed command and its expanded words are many small pieces that are freed
 * together. So the pieces come from an arena: pieces are cut off a chunk, and
 * only the whole is freed. Errors are simple too: no function has to free
 * single pieces.
 *
 * The tree of one command has users: the loop that runs the command, and each
 * function defined by the command. A function outlives the command.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/sh/sh.h"

#define CHUNK_BYTES	1000
#define ALIGN(n)	(((n) + 7) & ~(size_t)7)

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	char data[] __attribute__((aligned(8)));
};

static void *must(void *memory)
{
	static const char message[] = "sh: out of memory\n";

	if (memory)
		return memory;
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(3);
	_exit(2);
}

void *allocate(size_t bytes)
{
	return must(calloc(1, bytes ? bytes : 1));
}

char *copy_text(const char *text)
{
	return must(strdup(text));
}

static struct arena_chunk *chunk_create(size_t bytes)
{
	size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
	struct arena_chunk *chunk = must(malloc(sizeof(*chunk) + size));

	chunk->used = 0;
	chunk->size = size;
	return chunk;
}

/* Zeroed memory, freed with the arena. */
void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct arena_chunk *chunk = arena->chunks;
	char *piece;

	bytes = ALIGN(bytes);
	if (!chunk || chunk->size - chunk->used < bytes) {
		chunk = chunk_create(bytes);
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	piece = chunk->data + chunk->used;
	chunk->used += bytes;
	memset(piece, 0, bytes);
	return piece;
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

void arena_free(struct arena *arena)
{
	while (arena->chunks) {
		struct arena_chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
}

struct arena *tree_create(void)
{
	struct arena *tree = allocate(sizeof(*tree));

	tree->users = 1;
	return tree;
}

void tree_hold(struct arena *tree)
{
	tree->users++;
}

void tree_drop(struct arena *tree)
{
	if (--tree->users)
		return;
	arena_free(tree);
	free(tree);
}

static void text_reserve(struct text *text, size_t more)
{
	size_t need = text->length + more + 1;

	if (need <= text->capacity)
		return;
	text->capacity = need < 32 ? 64 : need * 2;
	text->data = must(realloc(text->data, text->capacity));
}

void text_char(struct text *text, char c)
{
	text_reserve(text, 1);
	text->data[text->length++] = c;
	text->data[text->length] = 0;
}

void text_add(struct text *text, const char *more, size_t length)
{
	text_insert(text, text->length, more, length);
}

void text_insert(struct text *text, size_t at, const char *more, size_t n)
{
	char *gap;

	text_reserve(text, n);
	gap = text->data + at;
	memmove(gap + n, gap, text->length - at);
	memcpy(gap, more, n);
	text->length += n;
	text->data[text->length] = 0;
}

void text_remove(struct text *text, size_t at, size_t length)
{
	char *from = text->data + at;

	memmove(from, from + length, text->length - at - length);
	text->length -= length;
	text->data[text->length] = 0;
}

/* Make the text empty; data is never NULL afterwards. */
void text_clear(struct text *text)
{
	text->length = 0;
	text_reserve(text, 0);
	text->data[0] = 0;
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}
