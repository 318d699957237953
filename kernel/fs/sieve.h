/*
 * sieve.h - which blocks of a long directory may have a name, or room for one.
 *
 * A sieve may promise too much, and never too little. It learns block after
 * block: a search that meets an unknown block lets the sieve learn the block.
 * All functions need [P], and none sleeps.
 */
#pragma once

#include "kernel/lib/list.h"

struct sieve_part;

/* [P] Of one directory; zeroed memory is an empty sieve. */
struct sieve {
	struct sieve_part **parts;	/* a page, or NULL */
	uint32_t count;			/* no part is behind these */
	struct list_node by_age;	/* if there are parts */
	uint32_t learning;		/* the caller's: this block */
	uint32_t noted;			/* ... and so many of its bytes */
	uint32_t room;			/* ... and no more room in them */
};

/* [own] What is looked for: the name with this hash_name(), or (bytes > 0)
 * room. */
struct sieve_wish {
	uint32_t hash;
	uint32_t bytes;
};

/* The first block from this one on that is unknown or has a chance; `end`:
 * none. */
uint32_t sieve_next(struct sieve *sieve, uint32_t block, uint32_t end,
		    const struct sieve_wish *wish);
bool sieve_knows(const struct sieve *sieve, uint32_t block);
/* Memory for this block and its neighbours. 1: it was there; 0: it is new;
 * -ENOMEM: the directory is too large for this machine. */
int sieve_prepare(struct sieve *sieve, uint32_t block);
/* A block with memory: all its names are noted, and no entry has more room. */
void sieve_learned(struct sieve *sieve, uint32_t block, uint32_t room);
/* For a known block, else nothing happens: a name came or went. */
void sieve_note(struct sieve *sieve, uint32_t block, uint32_t hash);
void sieve_removed(struct sieve *sieve, uint32_t block);
/* Free the memory of some blocks. False: there was none left. */
bool sieve_shrink(struct sieve *sieve);
