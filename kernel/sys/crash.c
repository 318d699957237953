/*
 * crash.c - where in its source a program was: its own file tells.
 *
 * The build puts a table into each program, in a section of its own that is
 * not loaded (kernel/lib/symbols.h). The table is read where it lies: files of
 * the initrd are contiguous in memory. A program that was copied elsewhere may
 * not be, and is then reported without names.
 */
#include "kernel/sys/crash.h"

#include "arch/arch.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/node.h"
#include "kernel/lib/string.h"
#include "kernel/lib/symbols.h"
#include "kernel/mm/frame.h"
#include "kernel/sys/elf.h"
#include "kernel/task/process.h"

#define SECTION_NAME	".parley.symbols"
#define TABLE_MOST	(1u << 20)

static bool read_at(struct node *node, uint32_t at, void *to, size_t bytes)
{
	return at <= INT32_MAX &&
	       node_read(node, at, to, bytes) == (ssize_t)bytes;
}

static bool is_symbols(struct node *node, const struct elf_section *names,
		       const struct elf_section *section)
{
	char name[sizeof(SECTION_NAME)];

	return read_at(node, names->offset + section->name, name,
		       sizeof(name)) &&
	       memcmp(name, SECTION_NAME, sizeof(name)) == 0;
}

static bool find_section(struct node *node, struct elf_section *section)
{
	struct elf_header header;
	struct elf_section names;
	unsigned i;

	if (!read_at(node, 0, &header, sizeof(header)) ||
	    header.section_bytes != sizeof(names) ||
	    !read_at(node, header.section_at +
		     header.section_names * sizeof(names), &names,
		     sizeof(names)))
		return false;
	for (i = 0; i < header.section_count; i++)
		if (read_at(node, header.section_at + i * sizeof(*section),
			    section, sizeof(*section)) &&
		    is_symbols(node, &names, section))
			return section->bytes <= TABLE_MOST;
	return false;
}

static paddr_t page_at(struct node *node, uint32_t index)
{
	struct page_source *source = node_source(node);
	paddr_t pa = source->ops->page(source, index, false);

	return pa == PAGE_NO_MEMORY ? 0 : pa;
}

/* The table as the kernel sees it, if its pages follow each other. */
static const char *find_table(struct node *node,
			      const struct elf_section *section)
{
	uint32_t first = section->offset / PAGE_SIZE;
	uint32_t last = (section->offset + section->bytes) / PAGE_SIZE;
	paddr_t start = page_at(node, first);
	uint32_t i;

	if (!start || section->offset > INT32_MAX)
		return NULL;
	for (i = first; i < last; i++)
		if (page_at(node, i) != start + (i - first) * PAGE_SIZE)
			return NULL;
	return (char *)phys_to_virt(start) + section->offset % PAGE_SIZE;
}

void crash_describe(const struct process *process, uaddr_t address, char *to,
		    size_t size)
{
	struct elf_section section;
	const char *table = NULL;

	*to = '\0';
	if (!process->image || process->image->ops != &regular_ops)
		return;
	if (find_section(node_of(process->image), &section))
		table = find_table(node_of(process->image), &section);
	if (table)
		symbols_format(to, size, table, section.bytes, address);
}
