/*
 * paging.c - the pages of address spaces: map, find, protect, copy, take out.
 *
 * An entry of a table holds the frame and the rights of a page. The tables are
 * found and made in tables.c. A change of an entry in the current space drops
 * the translation from the TLB; an entry that was empty is not in the TLB.
 */
#include "arch/i686/paging.h"

#include "arch/arch.h"
#include "arch/i686/cpu.h"
#include "arch/i686/tables.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/mman.h"
#include "kernel/lib/sched_point.h"

#define PART_ENTRIES		128	/* then tasks may switch */

/* [const] The bits of an entry for each set of rights. */
static uint64_t page_bits[(PROT_READ | PROT_WRITE | PROT_EXEC) + 1];

void paging_init(void)
{
	unsigned prot;

	for (prot = 0; prot < ARRAY_LENGTH(page_bits); prot++) {
		page_bits[prot] = PTE_USER;
		if (prot != PROT_NONE)	/* else kept, but out of reach */
			page_bits[prot] |= PTE_PRESENT;
		if (prot & PROT_WRITE)
			page_bits[prot] |= PTE_WRITABLE;
		if (!(prot & PROT_EXEC) && cpu_features.no_execute)
			page_bits[prot] |= PTE_NO_EXECUTE;
	}
}

static inline uint64_t page_entry(frame_t frame, int prot)
{
	return page_bits[prot] | frame_entry(frame);
}

static inline bool is_empty(uint64_t entry)
{
	return !(uint32_t)entry;	/* the lower half holds PTE_USER */
}

int arch_map(struct arch_space *space, uaddr_t va, frame_t frame, int prot)
{
	uint64_t *entry;

	if (va >> 21 != space->recent_number && !table_search(space, va)) {
		if (!table_make(space, va))
			return -ENOMEM;
		table_search(space, va);
	}
	entry = &space->recent_table[table_index(va)];
	if (is_empty(*entry)) {		/* the TLB keeps no such */
		*entry = page_entry(frame, prot);
		note_entry(space->recent_notes, table_index(va));
		return 0;
	}
	*entry = page_entry(frame, prot);
	if (is_current(space))
		invalidate(va);
	return 0;
}

frame_t arch_lookup(struct arch_space *space, uaddr_t va, bool *writable_out)
{
	uint64_t *table = table_find(space, va);
	uint64_t entry = table ? table[table_index(va)] : 0;

	*writable_out = entry & PTE_WRITABLE;
	return entry_frame(entry);
}

frame_t arch_lookup_writable(struct arch_space *space, uaddr_t va)
{
	const uint64_t *table = va < USER_HIGHEST ? table_find(space, va)
						  : NULL;
	uint64_t entry = table ? table[table_index(va)] : 0;

	return entry & PTE_WRITABLE ? entry_frame(entry) : 0;
}

/* Take the pages of these entries out; va belongs to the first entry. */
static inline uint32_t clear_entries(uint64_t *first, uint64_t *end,
				     uaddr_t va, bool is_current,
				     void (*drop)(frame_t frame))
{
	uint32_t dropped = 0;
	uint64_t *entry;

	for (entry = first; entry < end; entry++) {
		if (is_empty(*entry))
			continue;
		drop(entry_frame(*entry));
		*entry = 0;
		dropped++;
		if (is_current)
			invalidate(va + (entry - first) * PAGE_SIZE);
	}
	return dropped;
}

uint32_t arch_unmap_range(struct arch_space *space, uaddr_t start, uaddr_t end,
			  void (*drop)(frame_t frame))
{
	bool current = is_current(space);
	uint32_t dropped = 0;
	uint64_t *table;
	uaddr_t va, stop;

	for (va = start; va < end; va = stop) {
		stop = MIN(ALIGN_DOWN(va, LARGE_BYTES) + LARGE_BYTES, end);
		table = table_find(space, va);
		if (!table)
			continue;
		table += table_index(va);
		dropped += clear_entries(table, table + (stop - va) / PAGE_SIZE,
					 va, current, drop);
	}
	return dropped;
}

uint32_t pages_put(uint64_t *entry, uint64_t *end)
{
	uint32_t dropped = 0;
	uint64_t *stop;

	for (; entry < end; entry = stop) {
		stop = MIN(entry + PART_ENTRIES, end);
		dropped += clear_entries(entry, stop, 0, false, frame_put);
		sched_point();
	}
	return dropped;
}

void arch_protect_range(struct arch_space *space, uaddr_t start, uaddr_t end,
			int prot, bool (*may_write)(frame_t frame))
{
	uint64_t *table, *entry;
	uaddr_t va;
	int allowed;

	for (va = start; va < end; va += PAGE_SIZE) {
		table = table_find(space, va);
		if (!table) {
			va |= LARGE_BYTES - PAGE_SIZE;
			continue;
		}
		entry = &table[table_index(va)];
		if (!*entry)
			continue;
		allowed = prot;
		if (!may_write(entry_frame(*entry)))
			allowed &= ~PROT_WRITE;
		*entry = page_entry(entry_frame(*entry), allowed);
		if (is_current(space))
			invalidate(va);
	}
}

/* Copy entries of a table. */
static uint32_t copy_entries(uint64_t *target, uint64_t *source,
			     const uint64_t *end, bool is_shared)
{
	uint32_t copied = 0;

	for (; source < end; source++, target++) {
		if (is_empty(*source) || !is_empty(*target))
			continue;
		if (!is_shared)
			*source &= ~PTE_WRITABLE;
		*target = *source;
		frame_get(entry_frame(*source));
		copied++;
	}
	return copied;
}

/* Copy entries of the table for [*at, end), at most `left` of them. */
static int copy_table(struct arch_copy *copy, uint64_t *source, uaddr_t *at,
		      uaddr_t end)
{
	const struct table_notes *used = table_notes(virt_to_frame(source));
	unsigned first = MAX(table_index(*at), used->lowest);
	unsigned last = MIN(table_index(end - PAGE_SIZE) + 1u, used->end);
	struct table_notes *notes;
	uint64_t *target;

	if (first >= last) {
		*at = end;
		return 0;
	}
	target = table_find(copy->to, *at);
	if (!target)
		target = table_make(copy->to, *at);
	if (!target)
		return -ENOMEM;
	if (last - first > copy->left) {
		last = first + copy->left;
		end = ALIGN_DOWN(*at, LARGE_BYTES) + last * PAGE_SIZE;
	}
	notes = table_notes(virt_to_frame(target));
	note_entry(notes, first);
	note_entry(notes, last - 1);
	copy->copied += copy_entries(target + first, source + first,
				     source + last, copy->is_shared);
	copy->left -= last - first;
	*at = end;
	return 0;
}

int arch_copy_pages(struct arch_copy *copy, uaddr_t *at, uaddr_t end)
{
	uint64_t *table;
	uaddr_t stop;
	int error = 0;

	while (*at < end && copy->left > 0 && !error) {
		stop = MIN(ALIGN_DOWN(*at, LARGE_BYTES) + LARGE_BYTES, end);
		table = table_find(copy->from, *at);
		if (table)
			error = copy_table(copy, table, at, stop);
		else
			*at = table_after(copy->from, *at, end);
		copy->left -= MIN(copy->left, 1u);
	}
	return error;
}
