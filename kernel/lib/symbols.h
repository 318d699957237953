/*
 * symbols.h - from an address to a function, a file and a line.
 *
 * tools/symbols.py writes a table at build time: into the kernel's own
 * `.symbols` section, and into a section `.parley.symbols` of each program.
 * A crash or a back trace looks addresses up in it. A program's table comes
 * from outside and may lie: every offset is checked before it is used.
 *
 * The table, little-endian, without padding, aligned to 4 bytes:
 *
 *	struct symbols_header
 *	struct symbols_function [function_count]	sorted by address
 *	struct symbols_line [line_count]		sorted by address
 *	uint32_t file_names [file_count]		offsets into the strings
 *	char strings [string_bytes]			the last byte is NUL
 *
 * An entry covers the addresses up to the next entry. Where code ends, an entry
 * with line 0 (or name 0: the empty string) says that nothing is known.
 */
#pragma once

#include "kernel/lib/types.h"

#define SYMBOLS_MAGIC	0x31595350u	/* the bytes "PSY1" */

struct symbols_header {
	uint32_t magic;
	uint32_t function_count;
	uint32_t line_count;
	uint32_t file_count;
	uint32_t string_bytes;
};

struct symbols_function {
	uint32_t address;
	uint32_t name;		/* offset into the strings */
};

struct symbols_line {
	uint32_t address;
	uint16_t file;		/* index into file_names */
	uint16_t line;		/* from 1; 0 where there is no code */
};

/* What is known of an address. */
struct symbol {
	const char *function;	/* NULL: not known, then nothing else is */
	uint32_t offset;	/* from the start of the function */
	const char *file;	/* NULL: not known */
	unsigned line;
};

/*
 * Look address up in the table of table_bytes bytes. Returns false, with
 * *symbol cleared, when the table is damaged or does not know the address.
 * The strings stay in the table. An interrupt may call it.
 */
bool symbols_look_up(struct symbol *symbol, const void *table,
		     size_t table_bytes, uint32_t address);

/*
 * Write `name+0x12 (file.c:99)`, or the address in hexadecimal when nothing is
 * known, as snprintf() does.
 */
int symbols_format(char *to, size_t size, const void *table,
		   size_t table_bytes, uint32_t address);
