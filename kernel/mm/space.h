/*
 * space.h - the address space of a process: a list of regions.
 *
 * A region says what a range of addresses means: anonymous memory that comes
 * into being when touched, or pages of a source (a file, shared pages). Page
 * tables are only a cache of that: a fault looks the region up and fills them
 * in. All functions need task switches postponed [P] and none sleeps, since no
 * page of Parley's ever comes from a disk.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/mman.h"
#include "kernel/lib/list.h"

struct wait_queue;

/*
 * Something that pages come from. Embedded in a file or a shared object, whose
 * count of references keeps it alive while it is mapped.
 */
struct page_source {
	const struct page_source_ops *ops;
	uint32_t *refs;		/* that count */
	struct list regions;	/* those that show it, in all spaces */
	int limit;		/* PROT_ bits that a mapping may have at most */
};

struct page_source_ops {
	/*
	 * The frame of page `index`: who keeps it takes a reference at once. 0
	 * when the page lies beyond the end (the toucher gets SIGBUS), or
	 * PAGE_NO_MEMORY. to_write: a shared mapping is about to change it.
	 */
	paddr_t (*page)(struct page_source *source, uint32_t index,
			bool to_write);
	/* The last reference has gone. */
	void (*end)(struct page_source *source);
};

#define PAGE_NO_MEMORY	1u	/* no frame has this address */

#define REGION_SHARED	1	/* writes go to the source, forks share */
#define REGION_STACK	2	/* the first stack, wholly demand-zero */
#define REGION_HEAP	4	/* moved by brk() */
#define REGION_READ_ONLY 8	/* may never become writable */
#define REGION_NO_EXEC	16	/* nor executable */
#define REGION_LENT	32	/* private memory that space_lend() shares */

struct region {
	struct list_node node;	/* in the space, by address */
	struct space *space;
	uaddr_t start;
	uaddr_t end;		/* first address behind */
	int prot;
	unsigned flags;
	struct page_source *source;	/* NULL: anonymous */
	struct list_node viewer;	/* in source->regions */
	uint32_t source_page;	/* page of the source that start shows */
	uint32_t source_bytes;	/* from start; what is behind reads as zero */
};

/*
 * Words of memory that a space knows the sleepers of, so that nobody has to
 * search: each with the queue in its futex (kernel/ipc/futex.c). A word has one
 * place where it may be noted. A place without a note holds a word that belongs
 * elsewhere, so that one comparison finds out.
 */
#define SPACE_WORDS	8

struct space {
	struct arch_space arch;
	struct list regions;
	struct region *recent;	/* the one found last, or NULL */
	uaddr_t heap_start;	/* where brk() began */
	uaddr_t heap_end;
	uint32_t pages;		/* frames mapped, shared ones included */
	uint32_t region_count;
	bool is_vital;		/* may have the last frame */
	bool knows_words;
	uaddr_t words[SPACE_WORDS];
	struct wait_queue *queues[SPACE_WORDS];	/* theirs; or NULL */
};

/* words[n], n being word / 4 % SPACE_WORDS; without the division. */
static inline uaddr_t *space_word_at(struct space *space, uaddr_t word)
{
	return (uaddr_t *)((uintptr_t)space->words +
			   (word & (sizeof(space->words) - 4)));
}

/* queues[n]. */
static inline struct wait_queue **space_queue_at(struct space *space,
						 uaddr_t word)
{
	return (struct wait_queue **)((uintptr_t)space->queues +
		(word & (sizeof(space->words) - 4)) * (sizeof(void *) / 4));
}

static inline void space_knows_no_words(struct space *space)
{
	unsigned n;

	for (n = 0; n < SPACE_WORDS; n++)
		space->words[n] = 0;
	space->words[0] = sizeof(uint32_t);
	space->knows_words = false;
}

/* Set by the floor above: what words[] says may no longer be so, since regions
 * have changed or gone. */
extern void (*space_forget_words)(struct space *space);

/* Where things are in user space; the program itself is linked at PROGRAM_VA
 * and its stack ends there, so that a small process needs one page table. */
#define PROGRAM_VA	0x00810000u
#define STACK_TOP_VA	PROGRAM_VA
#define STACK_LOWEST_VA	USER_LOWEST
#define MMAP_LOWEST_VA	0x40000000u

/* An empty space, or NULL. */
struct space *space_create(void);
/* Drop all mappings and free it. It must not be the current one. */
void space_destroy(struct space *space);
/* Are there so many frames that this space may have? The last ones are kept
 * from large programs: see fault.c. */
bool space_may_grow(const struct space *space, uint32_t frames);
/* A copy for fork: private pages copy-on-write, shared ones shared; of the page
 * at `stack`, which both will write to, a copy. NULL when memory is, or would
 * be, exhausted. */
struct space *space_clone(struct space *space, uaddr_t stack);

/*
 * Map [address, address + bytes), page-aligned; address 0 lets the kernel
 * choose. source may be NULL. Takes its own reference of the source. Replaces
 * what was mapped there when `fixed`. Returns the address, or -ENOMEM (no room
 * or memory, or a fixed address that is not a user's), -EINVAL (no whole
 * pages), as a negative number in the top page.
 */
long space_map(struct space *space, uaddr_t address, size_t bytes, int prot,
	       unsigned flags, bool fixed, struct page_source *source,
	       uint32_t source_page, uint32_t source_bytes);
/* 0, or -EINVAL, -ENOMEM (a region had to be split and memory is out). */
int space_unmap(struct space *space, uaddr_t address, size_t bytes);
int space_protect(struct space *space, uaddr_t address, size_t bytes, int prot);
/* Is the whole range mapped? 0, -EINVAL (not page-aligned), -ENOMEM (no). */
int space_check(struct space *space, uaddr_t address, size_t bytes);
/* Move the end of the heap; returns the new end, or -ENOMEM. */
long space_set_brk(struct space *space, uaddr_t end);

/*
 * Make the page at address usable for access (FAULT_ bits of machine.h).
 * Returns 0; -EFAULT: nothing is mapped; -EACCES: the region forbids it;
 * -ENXIO: beyond the end of the source; -ENOMEM.
 */
int space_fault(struct space *space, uaddr_t address, unsigned access);

/* ---- share.c: one page in several spaces -------------------------------- */

static inline void page_source_init(struct page_source *source,
				    const struct page_source_ops *ops,
				    uint32_t *refs, int limit)
{
	source->ops = ops;
	source->refs = refs;
	source->limit = limit;
	list_init(&source->regions);
}

/* Take the source's pages from number `first` on out of all spaces but
 * `except` (or NULL). Who touches one then asks the source again. */
void source_unmap(struct page_source *source, uint32_t first,
		  const struct space *except);

/*
 * Turn private memory of the space into pages of a source that has none yet:
 * give(source, index, pa) gets each frame, without a reference of its own, and
 * returns 0 or -ENOMEM. The space goes on using the memory as before, only
 * that a fork no longer copies it. Returns 0, or -EFAULT (not all is mapped),
 * -EPERM (shared with others already), -EACCES (the memory's own protection is
 * less than prot), -ENOMEM. After an error all is as it was.
 */
int space_lend(struct space *space, uaddr_t address, size_t bytes, int prot,
	       struct page_source *source,
	       int (*give)(struct page_source *source, uint32_t index,
			   paddr_t pa));
/* What the space lent through this source is its private memory again. */
void space_take_back(struct space *space, struct page_source *source);

/* ---- move.c: pages that change hands -------------------------------------
 *
 * Ranges are whole pages of user memory. */

/* May its pages be taken: private memory of the space's own, writable, that
 * shows no file? */
bool space_may_take(struct space *space, uaddr_t start, uaddr_t end);
/* May others take their place: private and writable? */
bool space_may_place(struct space *space, uaddr_t start, uaddr_t end);
/* Take them out and give each frame, with its reference, to collect(), in
 * order. The next touch finds zeros. 0, or -ENOMEM and nothing was taken. */
int space_take(struct space *space, uaddr_t start, uaddr_t end,
	       void (*collect)(paddr_t pa));
/* Put frames there, the first of them `pa`, the others linked through
 * frame_notes()->next; their references are the space's then. What was there
 * is lost. 0, or -ENOMEM and the frames are the caller's as before. */
int space_place(struct space *space, uaddr_t start, uaddr_t end, paddr_t pa);
