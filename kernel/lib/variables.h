/*
 * variables.h - from an address in a program's data to a variable's name.
 *
 * The kernel names a lock by the variable with the lock. The table of symbols
 * in a program's file (kernel/lib/symbols.h) has the variables, which
 * tools/variables.py finds in DWARF and in the ELF file. The table may lie.
 */
#pragma once

#include "kernel/lib/symbols.h"

/*
 * [own] of the reader. A variable, or `count` equal elements, `stride` bytes
 * apart. In the name, "[]" stands for an index, and a '+' at the end for a
 * distance above 0 from the start of the element. The first entry that fits an
 * address is right.
 */
struct symbols_variable {
	uint32_t address;
	uint32_t offset;	/* behind the pointer, or: */
#define VARIABLE_DIRECT	UINT32_MAX	/* not a pointer */
	uint32_t bytes;		/* of an element */
	uint32_t stride;
	uint32_t count;		/* 0, behind a pointer: as many as there are */
	uint32_t name;		/* offset into the strings */
};

/* [own] The question. A pointer counts if the target lies in the memory that
 * begins at start and contains the address. */
struct variable_query {
	uint32_t address;
	uint32_t start;
	bool has_many;		/* may a pointer lead to many structs? */
	/* The word of the program at this address, or 0. */
	uint32_t (*read)(const void *context, uint32_t address);
	const void *context;
};

/* Write "fork[2]", "table[1].lock", "shared->lock", "stdout+0x24" from an
 * opened table; false when the table does not know the address. */
bool variable_describe(const struct symbols *symbols,
		       const struct variable_query *query, char *to,
		       size_t size);
