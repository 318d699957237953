/*
 * paging.c - the page tables of address spaces: PAE, three levels.
 *
 * The file is longer than most: every walk of the three levels stands here.
 *
 *	top (4 of 1 GiB) -> directory (512 of 2 MiB) -> table (512 of 4 KiB)
 *
 * The fourth gigabyte is the kernel's. Every address space has the same
 * directory there, so a kernel mapping made once is seen everywhere.
 *
 * Directories and tables of the user half are made when first needed. Each of
 * these frames is linked in arch_space.tables and notes the range of entries
 * ever used, so that fork and exit look only there. When a space is
 * destroyed, its tables contain only zeros again and go into a small cache,
 * where the next fork finds them.
 */
#include "arch/i686/paging.h"

#include "arch/arch.h"
#include "arch/i686/cpu.h"
#include "arch/i686/processor.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/mman.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/task/cpu.h"

#define TABLE_CACHE_MOST	16
#define PART_ENTRIES		128	/* then tasks may switch */
#define TOP_BYTES		0x40000000u	/* of a directory */
#define KERNEL_TOP_INDEX	3

/* 32 bytes at a multiple of 32: objects of the pool are 64 bytes apart. */
static struct pool top_pool = POOL("page-pointers", 60);
static frame_t table_cache;		/* [P] zeroed frames, linked */
static uint32_t table_cache_count;

/* [const] The bits of an entry for each set of rights. */
static uint64_t page_bits[(PROT_READ | PROT_WRITE | PROT_EXEC) + 1];

static inline unsigned top_index(uint32_t va)
{
	return va >> 30;
}

static inline unsigned table_index(uint32_t va)
{
	return va >> 12 & 511;
}

static inline uint64_t *entries(uint64_t entry)
{
	return phys_to_virt(entry & PTE_TABLE);
}

static inline bool is_current(const struct arch_space *space)
{
	return space->root_pa == arch_cpu()->root_pa;
}

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

/* ---- Tables of the user half -------------------------------------------- */

/* [P] the page_notes() of each frame of a space's tables */
struct table_notes {
	uint32_t number:12;	/* of a table: its va >> 21 */
	uint32_t next:20;	/* frame in arch_space.tables; 0: none */
	uint16_t lowest;	/* entries ever used: from here */
	uint16_t end;		/* up to here; 0: none */
};

_Static_assert(sizeof(struct table_notes) <= PAGE_NOTES_BYTES, "must fit");

#define DIRECTORY_NUMBER	2048	/* + the number of the gigabyte */

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

/* A cached frame counts as free. */
static void count_cached(int tables)
{
	frame_count[FRAME_FREE] += tables;
	frame_count[FRAME_TABLE] -= tables;
}

/* A zeroed frame, from the cache if possible. */
static frame_t table_take(void)
{
	frame_t frame = table_cache;
	void *page;

	if (!frame) {
		page = page_alloc_zeroed(FRAME_TABLE);
		return page ? virt_to_frame(page) : 0;
	}
	if (alloc_should_fail())
		return 0;
	table_cache = table_notes(frame)->next;
	table_cache_count--;
	count_cached(-1);
	return frame;
}

/* The user that pays for the space pays for its tables. */
static paddr_t table_alloc(struct arch_space *space, uint32_t number)
{
	struct account *payer = pool_payer(space->top);
	frame_t frame;

	if (!account_charge(payer, ACCOUNT_MEMORY, ACCOUNT_PAGE))
		return 0;
	frame = table_take();
	if (!frame) {
		account_uncharge(payer, ACCOUNT_MEMORY, ACCOUNT_PAGE);
		return 0;
	}
	*table_notes(frame) = (struct table_notes){
		number, space->tables, 511, 0
	};
	space->tables = frame;
	return frame * PAGE_SIZE;
}

static void table_free(frame_t frame, struct table_notes *notes)
{
	if (table_cache_count >= TABLE_CACHE_MOST) {
		page_end_notes(frame, FRAME_TABLE);
		frame_put(frame);
		return;
	}
	notes->next = table_cache;
	table_cache = frame;
	table_cache_count++;
	count_cached(1);
}

int arch_space_init(struct arch_space *space)
{
	space->top = pool_alloc(&top_pool);
	if (!space->top)
		return -ENOMEM;
	space->top[KERNEL_TOP_INDEX] = kernel_pointers[KERNEL_TOP_INDEX];
	space->root_pa = virt_to_phys(space->top);
	space->tables = 0;
	space->recent_number = UINT32_MAX;
	return 0;
}

static uint64_t *walk(struct arch_space *space, uint32_t va)
{
	uint64_t entry = space->top[top_index(va)];

	if (!entry)
		return NULL;
	entry = entries(entry)[directory_index(va)];
	if (!entry)
		return NULL;
	space->recent_number = va >> 21;
	space->recent_table = entries(entry);
	space->recent_notes = table_notes(entry_frame(entry));
	return space->recent_table;
}

/* The table for va, or NULL: no table there, or memory is out. Tables stay as
 * long as the space, so the space can remember the last table. */
static inline uint64_t *find_table(struct arch_space *space, uint32_t va)
{
	if (va >> 21 == space->recent_number)
		return space->recent_table;
	return walk(space, va);
}

static uint64_t *make_table(struct arch_space *space, uint32_t va)
{
	uint64_t *top = &space->top[top_index(va)];
	uint64_t *entry;
	paddr_t pa;

	if (!*top) {
		pa = table_alloc(space, DIRECTORY_NUMBER + top_index(va));
		if (!pa)
			return NULL;
		*top = pa | PTE_PRESENT;
		if (is_current(space))	/* the processor keeps these four */
			arch_flush_tlb();
	}
	entry = &entries(*top)[directory_index(va)];
	if (!*entry) {
		pa = table_alloc(space, va >> 21);
		if (!pa)
			return NULL;
		*entry = pa | PTE_PRESENT | PTE_WRITABLE | PTE_USER;
		note_entry(table_notes(entry_frame(*top)), directory_index(va));
	}
	return entries(*entry);
}

static inline uint64_t page_entry(frame_t frame, int prot)
{
	return page_bits[prot] | frame_entry(frame);
}

/* ---- Pages -------------------------------------------------------------- */

static inline bool is_empty(uint64_t entry)
{
	return !(uint32_t)entry;	/* the lower half holds PTE_USER */
}

int arch_map(struct arch_space *space, uaddr_t va, frame_t frame, int prot)
{
	uint64_t *entry;

	if (va >> 21 != space->recent_number && !walk(space, va)) {
		if (!make_table(space, va))
			return -ENOMEM;
		walk(space, va);
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
	uint64_t *table = find_table(space, va);
	uint64_t entry = table ? table[table_index(va)] : 0;

	*writable_out = entry & PTE_WRITABLE;
	return entry_frame(entry);
}

frame_t arch_lookup_writable(struct arch_space *space, uaddr_t va)
{
	const uint64_t *table = va < USER_HIGHEST ? find_table(space, va)
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
		table = find_table(space, va);
		if (!table)
			continue;
		table += table_index(va);
		dropped += clear_entries(table, table + (stop - va) / PAGE_SIZE,
					 va, current, drop);
	}
	return dropped;
}

/* Of a space that no task uses any more. */
static uint32_t clear_in_parts(uint64_t *entry, uint64_t *end)
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

uint32_t arch_space_destroy(struct arch_space *space)
{
	struct table_notes *notes;
	uint32_t dropped = 0;
	frame_t frame, next;
	uint64_t *table;

	ASSERT(!is_current(space));
	/* Tables were linked after their directories, so they come first. */
	for (frame = space->tables; frame; frame = next) {
		notes = table_notes(frame);
		next = notes->next;
		table = frame_to_virt(frame);
		if (notes->number < DIRECTORY_NUMBER) {
			entries(space->top[notes->number / 512])
				[notes->number % 512] = 0;
			dropped += clear_in_parts(table + notes->lowest,
						  table + notes->end);
		}
		table_free(frame, notes);
		account_uncharge(pool_payer(space->top), ACCOUNT_MEMORY,
				 ACCOUNT_PAGE);
	}
	pool_free(&top_pool, space->top);
	return dropped;
}

void arch_protect_range(struct arch_space *space, uaddr_t start, uaddr_t end,
			int prot, bool (*may_write)(frame_t frame))
{
	uint64_t *table, *entry;
	uaddr_t va;
	int allowed;

	for (va = start; va < end; va += PAGE_SIZE) {
		table = find_table(space, va);
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

/* No table is at `at`: the address of the next table, at most `end`. */
static uaddr_t next_table(const struct arch_space *space, uaddr_t at,
			  uaddr_t end)
{
	uint64_t top = space->top[top_index(at)];
	uaddr_t first = ALIGN_DOWN(at, TOP_BYTES), next = first + TOP_BYTES;
	const struct table_notes *used;
	unsigned i;

	if (top) {
		used = table_notes(entry_frame(top));
		i = MAX(directory_index(at), used->lowest);
		while (i < used->end && !entries(top)[i])
			i++;
		if (i < used->end)
			next = first + i * LARGE_BYTES;
	}
	return MIN(next, end);
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
	target = find_table(copy->to, *at);
	if (!target)
		target = make_table(copy->to, *at);
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
		table = find_table(copy->from, *at);
		if (table)
			error = copy_table(copy, table, at, stop);
		else
			*at = next_table(copy->from, *at, end);
		copy->left -= MIN(copy->left, 1u);
	}
	return error;
}

void arch_space_switch(struct arch_space *space)
{
	uint32_t root_pa = space ? space->root_pa
				 : virt_to_phys(kernel_pointers);

	if (root_pa == arch_cpu()->root_pa)
		return;
	arch_cpu()->root_pa = root_pa;
	arch_flush_tlb();
}

uint32_t arch_loaded_root(void)
{
	return arch_cpu()->root_pa;
}

void arch_flush_tlb(void)
{
	uint32_t root_pa = arch_cpu()->root_pa;

	__asm__ volatile("mov %0, %%cr3" :: "r"(root_pa) : "memory");
}
