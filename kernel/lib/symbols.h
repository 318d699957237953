/*
 * symbols.h - from an address to a function, a file and a line.
 *
 * tools/symbols.py writes a table at build time: into the kernel's own
 * `.symbols` section, and into a section `.parley.symbols` of each program.
 * A crash or a back trace looks addresses up in the table. A program's table
 * comes from outside and may lie. So one function reads the table, checks every
 * offset and copies the bytes.
 *
 * The table, little-endian, without padding, aligned to 4 bytes:
 *
 *	struct symbols_header
 *	struct symbols_function [functions]	sorted by address
 *	struct symbols_line [lines]		sorted by address
 *	struct symbols_frame [frames]		sorted by address
 *	struct symbols_variable [variables]	see kernel/lib/variables.h
 *	uint32_t file_names [files]		offsets into the strings
 *	char strings [string_bytes]
 *
 * An entry covers the addresses up to the next entry. Where code ends, an entry
 * with line 0 (or name 0: the empty string) says that nothing is known. A new
 * kind of entry gets a count in the header, and a place before the file names.
 */
#pragma once

#include "kernel/lib/types.h"

#define SYMBOLS_MAGIC	0x34595350u	/* the bytes "PSY4" */

/* [own] of the reader: copied out of the table. */
struct symbols_header {
	uint32_t magic;
	uint32_t functions;	/* counts of entries */
	uint32_t lines;
	uint32_t frames;
	uint32_t variables;
	uint32_t files;
	uint32_t string_bytes;
	uint32_t build;		/* CRC-32 of code and data */
};

/* [own] the same. */
struct symbols_function {
	uint32_t address;
	uint32_t name;		/* offset into the strings */
};

/* [own] the same. */
struct symbols_line {
	uint32_t address;
	uint16_t file;		/* index into file_names */
	uint16_t line;		/* from 1; 0 where there is no code */
};

/* [own] Where the return address lies while an instruction is carried out. */
struct symbols_frame {
	uint32_t address;
	uint32_t words;		/* above the stack pointer, or: */
};

#define SYMBOLS_FRAME_POINTER	UINT32_MAX	/* the frame pointer is set */
#define SYMBOLS_FRAME_USUAL	0xfffffffeu	/* the instruction tells */

/* [own] A table in memory or in a file. The caller fills in the first four
 * fields, symbols_open() the rest. */
struct symbols {
	/* Copy bytes from the place `at` of the table; false: the bytes cannot
	 * be read. The range lies within the table. */
	bool (*read)(const struct symbols *symbols, uint32_t at, void *to,
		     size_t bytes);
	void *from;		/* for read() */
	uint32_t start;		/* for read() */
	uint32_t bytes;		/* of the table */
	struct symbols_header header;
};

/* [own] The facts about an address. Long names are cut; unprintable bytes
 * become '?'. */
struct symbol {
	char function[64];	/* empty: not known, then nothing else is */
	uint32_t offset;	/* from the start of the function */
	char file[64];		/* empty: not known */
	unsigned line;
};

/* Read the header. False: this is no table of symbols, or a damaged table. */
bool symbols_open(struct symbols *symbols);

/* The table of bytes bytes at start, in the kernel's memory. */
bool symbols_open_memory(struct symbols *symbols, const void *start,
			 size_t bytes);

/*
 * Look address up in an opened table. Returns false, with *symbol cleared, when
 * the table does not know the address. An interrupt may call this function when
 * the table lies in memory.
 */
bool symbols_look_up(const struct symbols *symbols, uint32_t address,
		     struct symbol *symbol);

/* How many words above the stack pointer the return address lies while the
 * instruction at address is carried out; SYMBOLS_FRAME_POINTER also when the
 * table does not say. */
uint32_t symbols_frame_words(const struct symbols *symbols, uint32_t address);

/*
 * Write `name+0x12 (file.c:99)`, or the address in hexadecimal when nothing is
 * known, as snprintf() does.
 */
int symbols_format(char *to, size_t size, const struct symbols *symbols,
		   uint32_t address);

/* For variables.c: bytes at the place `at` of the table, false: there are none;
 * the string at offset, cut and made printable, empty: there is none. */
bool symbols_read(const struct symbols *symbols, uint32_t at, void *to,
		  size_t bytes);
void symbols_read_string(const struct symbols *symbols, uint32_t offset,
			 char *to, size_t size);
/* Where the variables begin. */
uint32_t symbols_variables_at(const struct symbols *symbols);
