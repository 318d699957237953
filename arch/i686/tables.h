/*
 * tables.h - the tables of the user half of an address space.
 *
 * Each directory and each table is a frame with notes (page_notes()). The notes
 * link the frames of a space. All functions need [P]; none sleeps.
 */
#pragma once

#include "arch/arch.h"
#include "arch/i686/paging.h"
#include "kernel/mm/frame.h"
#include "kernel/task/cpu.h"

#define DIRECTORY_NUMBER	2048	/* + the number of the gigabyte */

/* [P] the page_notes() of each frame of a space's tables */
struct table_notes {
	uint32_t number:12;	/* of a table: its va >> 21 */
	uint32_t next:20;	/* frame in arch_space.tables; 0: none */
	uint16_t lowest;	/* entries ever used: from here */
	uint16_t end;		/* up to here; 0: none */
};

_Static_assert(sizeof(struct table_notes) <= PAGE_NOTES_BYTES, "must fit");

static inline struct table_notes *table_notes(frame_t frame)
{
	return page_notes(frame);
}

/* Entry i of the table is used now. */
static inline void note_entry(struct table_notes *notes, unsigned i)
{
	if (i < notes->lowest)
		notes->lowest = i;
	if (i >= notes->end)
		notes->end = i + 1;
}

static inline unsigned top_index(uint32_t va)
{
	return va >> 30;
}

static inline unsigned table_index(uint32_t va)
{
	return va >> 12 & 511;
}

/* The entries of the directory or table that this entry points to. */
static inline uint64_t *entries(uint64_t entry)
{
	return phys_to_virt(entry & PTE_TABLE);
}

/* Does the processor use this space? */
static inline bool is_current(const struct arch_space *space)
{
	return space->root_pa == arch_cpu()->root_pa;
}

/* Search all levels: the table for va, or NULL. */
uint64_t *table_search(struct arch_space *space, uint32_t va);
/* The table for va, made if missing; NULL: no memory. The user that pays for
 * the space pays for the table. */
uint64_t *table_make(struct arch_space *space, uint32_t va);
/* No table is at `at`: the address of the next table, at most `end`. */
uaddr_t table_after(const struct arch_space *space, uaddr_t at, uaddr_t end);
/* In paging.c: put the pages in these entries of a space that no task uses, in
 * parts. Returns the number of pages. */
uint32_t pages_put(uint64_t *entry, uint64_t *end);

/* The table for va, or NULL. Tables stay as long as the space, so the space can
 * remember the last table. */
static inline uint64_t *table_find(struct arch_space *space, uint32_t va)
{
	if (va >> 21 == space->recent_number)
		return space->recent_table;
	return table_search(space, va);
}

