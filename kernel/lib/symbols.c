/*
 * symbols.c - from an address to a function, a file and a line.
 *
 * Two binary searches in a table that may be hostile. Counts are checked once
 * against the size of the table, before any multiplication can wrap; offsets
 * are checked where they are used; the strings end in a NUL, so that no name
 * runs out of the table. A table that is not sorted gives wrong answers and
 * nothing worse.
 */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/symbols.h"

/* The parts of a table whose sizes were found to be true. */
struct table {
	const struct symbols_header *header;
	const struct symbols_function *functions;
	const struct symbols_line *lines;
	const uint32_t *files;
	const char *strings;
};

/* Take count entries of entry_bytes off the rest; false if it has fewer. */
static bool take(size_t *rest, uint32_t count, size_t entry_bytes)
{
	if (count > *rest / entry_bytes)
		return false;
	*rest -= count * entry_bytes;
	return true;
}

static bool table_open(struct table *table, const void *start, size_t bytes)
{
	const struct symbols_header *header = start;
	size_t rest = bytes;

	if (!start || (uintptr_t)start % sizeof(uint32_t) != 0 ||
	    !take(&rest, 1, sizeof(*header)) || header->magic != SYMBOLS_MAGIC)
		return false;
	if (!take(&rest, header->function_count, sizeof(*table->functions)) ||
	    !take(&rest, header->line_count, sizeof(*table->lines)) ||
	    !take(&rest, header->file_count, sizeof(*table->files)) ||
	    header->string_bytes == 0 || header->string_bytes > rest)
		return false;
	table->header = header;
	table->functions = (const void *)(header + 1);
	table->lines = (const void *)(table->functions +
				      header->function_count);
	table->files = (const void *)(table->lines + header->line_count);
	table->strings = (const void *)(table->files + header->file_count);
	return table->strings[header->string_bytes - 1] == '\0';
}

/* The string at offset, or NULL where there is none. */
static const char *string_at(const struct table *table, uint32_t offset)
{
	if (offset == 0 || offset >= table->header->string_bytes)
		return NULL;
	return table->strings + offset;
}

/*
 * The last of count entries, entry_bytes apart, whose first word is at most
 * address; NULL when there is none. Both kinds of entry begin with an address.
 */
static const void *entry_for(const void *entries, uint32_t count,
			     size_t entry_bytes, uint32_t address)
{
	const char *base = entries;
	uint32_t low = 0;
	uint32_t high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const void *entry = base + middle * entry_bytes;

		if (*(const uint32_t *)entry <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : base + (low - 1) * entry_bytes;
}

static void look_up_line(struct symbol *symbol, const struct table *table,
			 uint32_t address)
{
	const struct symbols_line *line;

	line = entry_for(table->lines, table->header->line_count,
			 sizeof(*line), address);
	if (!line || line->line == 0 || line->file >= table->header->file_count)
		return;
	symbol->file = string_at(table, table->files[line->file]);
	symbol->line = symbol->file ? line->line : 0;
}

bool symbols_look_up(struct symbol *symbol, const void *start,
		     size_t bytes, uint32_t address)
{
	const struct symbols_function *function;
	struct table table;

	memset(symbol, 0, sizeof(*symbol));
	if (!table_open(&table, start, bytes))
		return false;
	function = entry_for(table.functions, table.header->function_count,
			     sizeof(*function), address);
	if (!function)
		return false;
	symbol->function = string_at(&table, function->name);
	if (!symbol->function)
		return false;
	symbol->offset = address - function->address;
	look_up_line(symbol, &table, address);
	return true;
}

int symbols_format(char *to, size_t size, const void *table,
		   size_t table_bytes, uint32_t address)
{
	struct symbol symbol;

	if (!symbols_look_up(&symbol, table, table_bytes, address))
		return snprintf(to, size, "0x%x", (unsigned)address);
	if (!symbol.file)
		return snprintf(to, size, "%s+0x%x", symbol.function,
				(unsigned)symbol.offset);
	return snprintf(to, size, "%s+0x%x (%s:%u)", symbol.function,
			(unsigned)symbol.offset, symbol.file, symbol.line);
}
