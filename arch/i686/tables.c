/*
 * tables.c - the page tables of address spaces: PAE, three levels.
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
#include "arch/i686/tables.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/mm/heap.h"

#define TABLE_CACHE_MOST	16
#define TOP_BYTES		0x40000000u	/* of a directory */
#define KERNEL_TOP_INDEX	3

/* 32 bytes at a multiple of 32: objects of the pool are 64 bytes apart. */
static struct pool top_pool = POOL("page-pointers", 60);
static frame_t table_cache;		/* [P] zeroed frames, linked */
static uint32_t table_cache_count;

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

uint64_t *table_search(struct arch_space *space, uint32_t va)
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

uint64_t *table_make(struct arch_space *space, uint32_t va)
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

uaddr_t table_after(const struct arch_space *space, uaddr_t at,
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
			dropped += pages_put(table + notes->lowest,
					     table + notes->end);
		}
		table_free(frame, notes);
		account_uncharge(pool_payer(space->top), ACCOUNT_MEMORY,
				 ACCOUNT_PAGE);
	}
	pool_free(&top_pool, space->top);
	return dropped;
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
