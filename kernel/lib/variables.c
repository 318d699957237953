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

/* No task switches during a walk. */
#define VARIABLES_MOST	256
#define POINTERS_MOST	32
#define READ_AT_ONCE	16u
#define NAME_BYTES	64
#define INDEX_BYTES	16	/* "[4294967295]" */

/* Where the first thing of the entry lies; false: the pointer is none. */
static bool find_start(const struct symbols_variable *variable,
		       const struct variable_query *query, uint32_t *pointers,
		       uint32_t *start)
{
	*start = variable->address;
	if (variable->offset == VARIABLE_DIRECT)
		return true;
	if (++*pointers > POINTERS_MOST)
		return false;
	*start = query->read(query->context, variable->address);
	if (*start < query->start || *start > query->address)
		return false;
	*start += variable->offset;
	return true;
}

/* [own] The place of the address in a variable, and the pointers followed. */
struct found {
	uint32_t index;
	uint32_t distance;	/* from the start of the element */
	uint32_t pointers;
};

/* Is the address in the variable? */
static bool find_index(const struct symbols_variable *variable,
		       const struct variable_query *query,
		       struct found *found)
{
	uint32_t count = variable->count, start;

	if (variable->stride == 0 ||
	    !find_start(variable, query, &found->pointers, &start) ||
	    query->address < start)
		return false;
	if (count == 0)
		count = query->has_many ? UINT32_MAX : 1;
	found->index = (query->address - start) / variable->stride;
	found->distance = (query->address - start) % variable->stride;
	return found->index < count && found->distance < variable->bytes;
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
	uint32_t count = MIN(symbols->header.variables, VARIABLES_MOST), i;
	uint32_t at = symbols_variables_at(symbols);
	struct symbols_variable some[READ_AT_ONCE], *variable;
	struct found found = { .pointers = 0 };
	char name[NAME_BYTES];

	for (i = 0; i < count; i++) {
		variable = &some[i % READ_AT_ONCE];
		if (variable == some &&
		    !symbols_read(symbols, at + i * sizeof(*variable), some,
				  MIN(count - i, READ_AT_ONCE) *
				  sizeof(*variable)))
			return false;
		if (!find_index(variable, query, &found))
			continue;
		symbols_read_string(symbols, variable->name, name,
				    sizeof(name));
		write_name(to, size, name, variable->offset != VARIABLE_DIRECT,
			   found.index, found.distance);
		return *name;
	}
	return false;
}
