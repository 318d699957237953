/*
 * variables.c - from an address in a program's data to a variable's name.
 *
 * A single walk over a table that may be hostile: the length is limited, each
 * read is checked (kernel/lib/symbols.c), and no division is by 0. A lying
 * table gives a wrong name and nothing worse.
 */
#include "kernel/lib/variables.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

#define VARIABLES_MOST	4096
#define NAME_BYTES	64
#define INDEX_BYTES	16	/* "[4294967295]" */

/* Where the first thing of the entry lies; false: the pointer is none. */
static bool find_start(const struct symbols_variable *variable,
		       const struct variable_query *query, uint32_t *start)
{
	*start = variable->address;
	if (variable->offset == VARIABLE_DIRECT)
		return true;
	*start = query->read(query->context, variable->address);
	if (*start < query->start || *start > query->address)
		return false;
	*start += variable->offset;
	return true;
}

/* Is the address in the variable? Also the index, and the distance from the
 * start of the element. */
static bool find_index(const struct symbols_variable *variable,
		       const struct variable_query *query, uint32_t *index,
		       uint32_t *distance)
{
	uint32_t count = variable->count, start;

	if (variable->stride == 0 || !find_start(variable, query, &start) ||
	    query->address < start)
		return false;
	if (count == 0)
		count = query->has_many ? UINT32_MAX : 1;
	*index = (query->address - start) / variable->stride;
	*distance = (query->address - start) % variable->stride;
	return *index < count && *distance < variable->bytes;
}

/* The text for "[]": an index. But for the first struct behind a pointer,
 * people write "->" in place of the index and the dot. */
static size_t write_index(char *to, size_t size, const char **name,
			  bool is_behind, uint32_t index)
{
	*name += 2;
	if (!is_behind || index != 0 || **name != '.')
		return snprintf(to, size, "[%u]", (unsigned)index);
	++*name;
	return strlcpy(to, "->", size);
}

static void write_name(char *to, size_t size, const char *name, bool is_behind,
		       uint32_t index, uint32_t distance)
{
	size_t length = 0;

	while (*name && length + INDEX_BYTES < size) {
		if (name[0] == '[' && name[1] == ']')
			length += write_index(to + length, INDEX_BYTES, &name,
					      is_behind, index);
		else if (name[0] == '+' && name[1] == '\0')
			break;
		else
			to[length++] = *name++;
	}
	to[length] = '\0';
	if (*name == '+' && distance)
		snprintf(to + length, size - length, "+0x%x",
			 (unsigned)distance);
}

bool variable_describe(const struct symbols *symbols,
		       const struct variable_query *query, char *to,
		       size_t size)
{
	uint32_t count = MIN(symbols->header.variables, VARIABLES_MOST);
	uint32_t at = symbols_variables_at(symbols), index, distance;
	struct symbols_variable variable;
	char name[NAME_BYTES];

	for (; count > 0; count--, at += sizeof(variable)) {
		if (!symbols_read(symbols, at, &variable, sizeof(variable)))
			return false;
		if (!find_index(&variable, query, &index, &distance))
			continue;
		symbols_read_string(symbols, variable.name, name, sizeof(name));
		write_name(to, size, name, variable.offset != VARIABLE_DIRECT,
			   index, distance);
		return *name;
	}
	return false;
}
