/*
 * space.h - the address space of a process: a tree of regions.
 *
 * A region gives a range of addresses a meaning: anonymous memory, which the
 * first access creates, or pages of a source (a file, shared pages). The page
 * tables are only a cache of the regions: a fault finds the region and fills
 * the page tables in. All functions need task switches postponed [P]. No
 * function sleeps: a fault that needs a disk says so, and the caller waits.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/mman.h"
#include "kernel/lib/tree.h"

/*
 * A source of pages, embedded in a file or a shared object. The object's count
 * of references keeps the source alive while the source is mapped.
 */
struct page_source {
	const struct page_source_ops *ops;	/* [const] */
	uint32_t *refs;		/* [const] where the count is */
	struct list regions;	/* [P] regions with this source, any space */
	uint32_t mappings;	/* [P] how many regions */
	int limit;		/* [const] PROT_ bits that mappings may have */
	bool tracks_writes;	/* [const] wants to know of the first write to
				   a page of a shared mapping */
};

/* What a mapping does with a page next. */
enum page_use {
	PAGE_COPY,		/* private: reads or copies the page */
	PAGE_SHARE,		/* shared: reads */
	PAGE_WRITE		/* shared: writes */
};

/* [const] the functions of a kind of source */
struct page_source_ops {
	/*
	 * The frame of page `index`; a caller that keeps the frame takes a
	 * reference at once. 0: the page lies beyond the end (the program gets
	 * SIGBUS). PAGE_NO_MEMORY: no free frame. PAGE_WAIT: the disk reads
	 * the page; as fs_missing().
	 */
	frame_t (*page)(struct page_source *source, uint32_t index,
			enum page_use use);
	/* Lent memory only: take the frame of page `index`, without a reference
	 * of its own. 0 or -ENOMEM. */
	int (*give)(struct page_source *source, uint32_t index, frame_t frame);
	/* A program maps the source, or calls msync() for a mapping in which
	 * the program may have written: the times of a file. NULL: no times. */
	void (*touch)(struct page_source *source, bool is_written);
	/* Are the pages on the disk? As node_ops.sync. NULL: no disk. */
	int (*sync)(struct page_source *source, uint32_t *until);
	/* The last reference has gone. */
	void (*end)(struct page_source *source);
};

/* A reference of the source: the address of the source stays this source's, and
 * is not used for a new source, until the last reference has gone. */
static inline void page_source_get(struct page_source *source)
{
	++*source->refs;
}

static inline void page_source_put(struct page_source *source)
{
	if (--*source->refs == 0)
		source->ops->end(source);
}

#define PAGE_NO_MEMORY	1u	/* no frame has these addresses */
#define PAGE_WAIT	2u

#define REGION_SHARED	1	/* writes go to the source, forks share */
#define REGION_STACK	2	/* the first stack, wholly demand-zero */
#define REGION_HEAP	4	/* moved by brk() */
#define REGION_READ_ONLY 8	/* may never become writable */
#define REGION_NO_EXEC	16	/* may never become executable */
#define REGION_LENT	32	/* private memory that space_lend() shares */

struct region {
	struct tree_node node;	/* [P] in the space, by address */
	struct space *space;	/* [const] NULL: the mark of a walk */
	uaddr_t start;		/* [P] */
	uaddr_t end;		/* [P] first address behind */
	int prot;		/* [P] PROT_ bits */
	unsigned flags;		/* [P] REGION_ bits */
	struct page_source *source;	/* [P] NULL: anonymous */
	struct list_node viewer;	/* [P] in source->regions */
	uint32_t source_page;	/* [P] page of the source at start */
	uint32_t source_bytes;	/* [P] from start; zeros follow */
};

struct space {
	struct arch_space arch;	/* [P] the page tables */
	struct tree regions;	/* [P] by address */
	struct region *recent;	/* [P] the last region found, or NULL */
	struct list_node *packed;	/* [P] a region: no page is free from
					 * MMAP_LOWEST_VA to its end; or the
					 * head of the list */
	uaddr_t heap_start;	/* [P] set by exec; brk() begins here */
	uaddr_t heap_end;	/* [P] */
	uaddr_t arguments;	/* [P] the strings of argv, set by exec */
	uaddr_t arguments_end;	/* [P] in exec: where they are to end */
	uint32_t pages;		/* [P] mapped frames, shared frames too */
	uint32_t region_count;	/* [P] */
	pid_t process;		/* [P] of this process: for reports */
	bool is_vital;		/* [P] may have the last frame */
};

/* Addresses in user space. The program is linked at PROGRAM_VA, where the stack
 * ends, so that a small process needs one page table. */
#define PROGRAM_VA	0x00810000u
#define STACK_TOP_VA	PROGRAM_VA
/* libc keeps the first thread's control block at the end of the stack: the
 * first value of a program's thread pointer. */
#define FIRST_THREAD_VA	(STACK_TOP_VA - 1024)
#define STACK_LOWEST_VA	USER_LOWEST
#define MMAP_LOWEST_VA	0x40000000u

/* An empty space, or NULL. */
struct space *space_create(void);
/* Drop all mappings and free the space, which must not be the current space. */
void space_destroy(struct space *space);
/* May this space have so many more frames? Large programs do not get the last
 * frames: see fault.c. */
bool space_may_grow(const struct space *space, uint32_t frames);
/* A copy for fork: private pages become copy-on-write, shared pages stay
 * shared. The page at `stack` is copied at once, since both processes write to
 * the page next. NULL when memory is, or would be, exhausted. */
struct space *space_clone(struct space *space, uaddr_t stack);

/* [own] A mapping for space_map(); a field left out is 0. */
struct mapping {
	uaddr_t address;	/* whole pages; 0: the kernel chooses */
	size_t bytes;		/* rounded up to whole pages */
	int prot;		/* PROT_ bits */
	unsigned flags;		/* REGION_ bits */
	bool is_fixed;		/* at this address; replaces old mappings */
	struct page_source *source;	/* NULL: anonymous */
	uint32_t source_page;	/* page of the source at address */
	uint32_t source_bytes;	/* from address; zeros follow */
};

/*
 * Map memory, with a new reference of the source. Returns the address, or as a
 * negative number in the top page -ENOMEM (no room or memory, or a fixed
 * address that is not a user's) or -EINVAL (no bytes, or a fixed address that
 * is no multiple of a page). Tasks may switch while old mappings are replaced.
 */
long space_map(struct space *space, const struct mapping *mapping);
/* 0, or -EINVAL, -ENOMEM (a region had to be split and memory is out). */
int space_unmap(struct space *space, uaddr_t address, size_t bytes);
int space_protect(struct space *space, uaddr_t address, size_t bytes, int prot);
/* Is the whole range mapped? 0, -EINVAL (not page-aligned), -ENOMEM (no). Tasks
 * may switch afterwards. */
int space_check(struct space *space, uaddr_t address, size_t bytes);
/* Move the end of the heap; returns the new end, or -ENOMEM. */
long space_set_brk(struct space *space, uaddr_t end);

/*
 * Make the page at address usable for access (FAULT_ bits of machine.h).
 * Returns 0; -EFAULT: nothing is mapped; -EACCES: the region forbids it;
 * -ENXIO: beyond the end of the source; -ENOMEM; -EAGAIN: the source waits for
 * its disk.
 */
int space_fault(struct space *space, uaddr_t address, unsigned access);
/* The page of zeros, which is never writable: for the holes of a source. */
frame_t space_zeros(void);

/*
 * Copy memory of any space for a report; the process need not run. False: a
 * page is absent, or is not a user's. Brings in no page.
 */
bool space_peek(struct space *space, uaddr_t from, void *to, size_t bytes);
/* PROT_ bits of the memory at address; -1: nothing is mapped there. */
int space_rights(struct space *space, uaddr_t address);

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

/* msync(2): tell the sources of shared mappings in the range that a program may
 * have written. 0, or the errors of space_check(). */
int space_touch(struct space *space, uaddr_t address, size_t bytes);
/* Are the pages of the first mapping in [*address, end) on their disk, if it is
 * shared? An attempt, as node_ops.sync. After 0, *address lies behind the
 * mapping. */
int space_sync(struct space *space, uaddr_t *address, uaddr_t end,
	       uint32_t *until);

/* Take the source's pages from number `first` up to `end` out of all spaces but
 * `except` (or NULL). The next access to such a page asks the source again, and
 * the source must not give the page back. Tasks may switch: the caller holds a
 * reference of the source. */
void source_unmap(struct page_source *source, uint32_t first, uint32_t end,
		  const struct space *except);
/* The source of the shared mapping of page 0 at this address, or NULL. */
struct page_source *space_source_at(struct space *space, uaddr_t address);
/* Unmap what is left of the mapping of so many bytes of the source that began
 * at this address: not what was mapped there since. Tasks may switch: the
 * caller holds a reference of the source. */
void space_unmap_source(struct space *space, const struct page_source *source,
			uaddr_t address, size_t bytes);
/* Take page `index` out of all spaces that map this very frame: not out of a
 * private mapping with a copy. False: a part is done, call again. No space may
 * map the page while source_page_leaves(), which does a part as well. */
bool source_release(struct page_source *source, uint32_t index, frame_t frame);
bool source_page_leaves(const struct page_source *source, uint32_t index);
/* The source has no mappings any more, and ends. */
void source_end(struct page_source *source);

/*
 * Turn private memory of the space into pages of a source without pages.
 * The source's give() gets each frame. The space goes on using the memory as
 * before, but a fork no longer copies the memory. Returns 0, or -EFAULT (a part
 * is not mapped), -EPERM (already shared), -EACCES (the memory's own protection
 * is less than prot), -ENOMEM. An error changes nothing. Tasks may switch: what
 * a thread unmaps meanwhile is -EFAULT.
 */
int space_lend(struct space *space, uaddr_t address, size_t bytes, int prot,
	       struct page_source *source);
/* Memory that the space lent through this source becomes private again. */
void space_take_back(struct space *space, struct page_source *source);

/* ---- advise.c ------------------------------------------------------------ */

/* Drop the pages of the range: the next access brings each in anew. The errors
 * of space_check(), and -EINVAL for lent memory. Tasks may switch. */
int space_drop(struct space *space, uaddr_t address, size_t bytes);
/* Is the page at address in the page tables? */
bool space_has_page(struct space *space, uaddr_t address);

/* ---- move.c: pages move to a different space -----------------------------
 *
 * Ranges are whole pages of user memory. */

/* May the pages be taken: private writable memory, without a file? */
bool space_may_take(struct space *space, uaddr_t start, uaddr_t end);
/* May new pages replace the pages: private and writable? */
bool space_may_place(struct space *space, uaddr_t start, uaddr_t end);
/* Take the pages out, and give each frame with its reference to collect(), in
 * order. The next access finds zeros. 0, or -ENOMEM and nothing was taken. */
int space_take(struct space *space, uaddr_t start, uaddr_t end,
	       void (*collect)(frame_t frame));
/* Map a list of frames: frame_next() links them. The space takes over the
 * references, and the old pages are lost. 0, and the caller takes the frames
 * off the list; or -ENOMEM and the frames stay the caller's. */
int space_place(struct space *space, uaddr_t start, uaddr_t end,
		frame_t frame);
