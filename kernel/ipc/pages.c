/*
 * pages.c - a block of memory that its owner shares, and may take back.
 *
 *	private ---grant---> granted ---revoke---> revoked
 *
 *			owner		borrower: has mapped the descriptor
 *	granted		as before	access with at most the granted rights
 *	revoked		as before	access: SIGBUS; mmap(): ENXIO
 *
 * The pages stay at the same addresses in the owner's memory. The owner sees
 * the writes of a borrower, and the borrower sees the writes of the owner. The
 * pages live like the pages of a file: the end of the last mapping and of the
 * last descriptor frees a page. So borrowers keep the pages after the end of
 * the owner. No process can revoke the pages then: the owner is one process,
 * not a child, and not a later process with the same number.
 *
 * Revoking undoes the grant: the owner's memory is private again, and can be
 * granted anew. A grant shares pages of the owner alone: a child that the owner
 * forks during a grant has its own copy of the pages, as of all private pages,
 * and may map the descriptor like any process.
 *
 * Not promised: that a borrower has no copy of the bytes.
 */
#include "kernel/ipc/pages.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/contents.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

struct pages {
	struct object object;		/* [P] */
	struct page_source source;	/* [P] */
	struct contents contents;	/* [P] the frames */
	uint32_t bytes;			/* [const] */
	bool is_revoked;		/* [P] */
	pid_t owner;			/* [const] with the start time: a */
	uint64_t owner_start_ns;	/* [const] pid is used again */
};

static struct pool pages_pool = POOL("pages", sizeof(struct pages));

static struct pages *pages_of(struct object *object)
{
	return CONTAINER_OF(object, struct pages, object);
}

static struct pages *pages_of_source(struct page_source *source)
{
	return CONTAINER_OF(source, struct pages, source);
}

static bool is_owner(const struct pages *pages)
{
	const struct process *process = process_current();

	return process->id == pages->owner &&
	       process->start_ns == pages->owner_start_ns;
}

/* ---- As a source of mapped pages ----------------------------------------- */

static frame_t pages_page(struct page_source *source, uint32_t index,
			  enum page_use use)
{
	struct pages *pages = pages_of_source(source);

	(void)use;
	if (index >= pages->bytes / PAGE_SIZE ||
	    (pages->is_revoked && !is_owner(pages)))
		return 0;
	return contents_own(&pages->contents, index);
}

static void pages_end(struct page_source *source)
{
	object_end(&pages_of_source(source)->object);
}

static int pages_give(struct page_source *source, uint32_t index,
		      frame_t frame)
{
	return contents_put(&pages_of_source(source)->contents, index, frame);
}

static const struct page_source_ops pages_source_ops = {
	.page = pages_page,
	.give = pages_give,
	.end = pages_end,
};

/* ---- As an object -------------------------------------------------------- */

static int pages_map(struct open_file *file, struct page_source **source_out)
{
	struct pages *pages = pages_of(file->object);

	if (pages->is_revoked)
		return -ENXIO;
	trace(TRACE_MAP, file->object, pages->bytes / PAGE_SIZE, 0);
	*source_out = &pages->source;
	return 0;
}

static int pages_stat(struct object *object, struct stat *status)
{
	const struct pages *pages = pages_of(object);

	status->st_mode = S_IFREG | 0400 |
			  (pages->source.limit & PROT_WRITE ? 0200 : 0);
	status->st_ino = object->id;
	status->st_nlink = 1;
	status->st_size = pages->bytes;
	status->st_blksize = PAGE_SIZE;
	return 0;
}

static void pages_report(const struct object *object, char *to, size_t size)
{
	const struct pages *pages = pages_of((struct object *)object);

	snprintf(to, size, "%u pages, %s %d", pages->bytes / PAGE_SIZE,
		 pages->is_revoked ? "revoked by" : "granted by",
		 pages->owner);
}

static void pages_destroy(struct object *object)
{
	struct pages *pages = pages_of(object);

	ASSERT(list_is_empty(&pages->source.regions));
	if (contents_resize(&pages->contents, 0) > 0)
		object_destroy_later(object);
	else
		pool_free(&pages_pool, pages);
}

static const struct object_ops pages_ops = {
	.kind = "pages",
	.map = pages_map,
	.stat = pages_stat,
	.report = pages_report,
	.destroy = pages_destroy,
};

/* ---- Granting and revoking ----------------------------------------------- */

static struct pages *pages_create(size_t bytes, int prot)
{
	struct pages *pages = pool_alloc(&pages_pool);

	if (!pages)
		return NULL;
	object_init(&pages->object, &pages_ops);
	page_source_init(&pages->source, &pages_source_ops,
			 &pages->object.refs, prot);
	pages->bytes = bytes;
	pages->owner = process_current()->id;
	pages->owner_start_ns = process_current()->start_ns;
	return pages;
}

int pages_grant(uaddr_t address, size_t bytes, int prot,
		struct open_file **out)
{
	struct pages *pages;
	int error;

	if (address % PAGE_SIZE || bytes % PAGE_SIZE || bytes == 0)
		return -EINVAL;
	if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC) || !(prot & PROT_READ))
		return -EINVAL;
	if (!user_range_is_valid(address, bytes))
		return -EFAULT;
	pages = pages_create(bytes, prot);
	if (!pages)
		return -ENOMEM;
	error = file_open(&pages->object, O_RDWR, out);
	if (error)
		goto put_pages;
	error = space_lend(process_current()->space, address, bytes, prot,
			   &pages->source);
	trace(TRACE_GRANT, &pages->object, error ? 0 : bytes / PAGE_SIZE, 0);
	if (error)
		file_put(*out);
put_pages:
	object_put(&pages->object);
	return error;
}

/* Tasks may switch meanwhile: a borrower gets no page back, and a fork copies
 * only what the borrower still has. */
static void take_back(struct pages *pages, struct space *owner)
{
	object_get(&pages->object);	/* a thread may close the descriptor */
	source_unmap(&pages->source, 0, pages->bytes / PAGE_SIZE, owner);
	space_take_back(owner, &pages->source);
	object_put(&pages->object);
}

int pages_revoke(struct open_file *file)
{
	struct pages *pages = pages_of(file->object);
	struct space *space = process_current()->space;

	if (file->object->ops != &pages_ops)
		return -EINVAL;
	if (!is_owner(pages))
		return -EPERM;
	pages->is_revoked = true;
	trace(TRACE_REVOKE, file->object, pages->bytes / PAGE_SIZE, 0);
	take_back(pages, space);
	return 0;
}
