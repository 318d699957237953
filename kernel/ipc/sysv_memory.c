/*
 * sysv_memory.c - segments of shared memory of System V.
 *
 * A segment is a source of pages, like a file. A page comes into being at the
 * first access, full of zeros, and the user of that process pays for the page.
 * The segment knows no attachments: each mapping holds a reference, as with all
 * sources, so fork(2), exec(2) and the end of a process need no word about
 * segments. shm_nattch is the number of mappings.
 *
 * IPC_RMID takes the identifier away. The pages live until the last mapping has
 * gone.
 *
 * Not promised: shmat(2) of a removed segment, which Linux allows.
 * IEEE Std 1003.1-2017, shmget(), shmat(), shmdt(), shmctl().
 */
#include "kernel/ipc/sysv_memory.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/printk.h"
#include "kernel/task/process.h"

static struct sysv_memory *memory_of_source(struct page_source *source)
{
	return CONTAINER_OF(source, struct sysv_memory, source);
}

/* ---- As a source of mapped pages ----------------------------------------- */

static frame_t sysv_memory_page(struct page_source *source, uint32_t index,
				enum page_use use)
{
	struct sysv_memory *memory = memory_of_source(source);
	frame_t frame;

	(void)use;
	if (index >= contents_page_count(memory->bytes))
		return 0;
	frame = contents_make(&memory->contents, index);
	return frame ? frame : PAGE_NO_MEMORY;
}

static void sysv_memory_end(struct page_source *source)
{
	object_end(&memory_of_source(source)->keyed.object);
}

static const struct page_source_ops source_ops = {
	.page = sysv_memory_page,
	.end = sysv_memory_end,
};

/* ---- As an object -------------------------------------------------------- */

static struct sysv_memory *memory_of(const struct object *object)
{
	return CONTAINER_OF(object, struct sysv_memory, keyed.object);
}

static void sysv_memory_report(const struct object *object, char *to,
			       size_t size)
{
	const struct sysv_memory *memory = memory_of(object);
	int used = keyed_report(object, to, size);

	snprintf(to + used, size - used, "%u bytes, %u mappings",
		 memory->bytes, memory->source.mappings);
}

static void sysv_memory_destroy(struct object *object)
{
	struct sysv_memory *memory = memory_of(object);

	if (contents_resize(&memory->contents, 0) > 0)
		object_destroy_later(object);
	else
		keyed_free(&memory->keyed);
}

const struct object_ops sysv_memory_ops = {
	.kind = "sysv memory",
	.describe = keyed_describe,
	.report = sysv_memory_report,
	.destroy = sysv_memory_destroy,
};

static void set_up(struct keyed *keyed, uint32_t bytes)
{
	struct sysv_memory *memory = (struct sysv_memory *)keyed;

	page_source_init(&memory->source, &source_ops, &keyed->object.refs,
			 PROT_READ | PROT_WRITE | PROT_EXEC);
	memory->bytes = bytes;
	memory->creator = process_current()->id;
	contents_resize(&memory->contents, bytes);
}

long sysv_memory_get(key_t key, uint32_t bytes, int flags)
{
	const struct keyed_request request = {
		.ops = &sysv_memory_ops, .key = key, .flags = flags,
		.bytes = sizeof(struct sysv_memory), .size = bytes,
		.needs_size = true,
		.set_up = set_up,
	};

	return keyed_get(&request);
}

/* ---- Mapping ------------------------------------------------------------- */

long sysv_memory_attach(struct sysv_memory *memory, uaddr_t address, int prot)
{
	struct space *space = process_current()->space;
	const struct mapping mapping = {
		.address = address, .bytes = memory->bytes, .prot = prot,
		.flags = REGION_SHARED |
			 (prot & PROT_WRITE ? 0 : REGION_READ_ONLY),
		.source = &memory->source,
		.source_bytes = ALIGN_UP(memory->bytes, PAGE_SIZE),
	};
	long at;

	if (address % PAGE_SIZE)
		return -EINVAL;
	at = space_map(space, &mapping);
	if ((uaddr_t)at % PAGE_SIZE)
		return at;		/* an error */
	if (address && (uaddr_t)at != address) {
		space_unmap(space, at, mapping.bytes);
		return -EINVAL;
	}
	memory->last = process_current()->id;
	memory->attached = keyed_now();
	return at;
}

int sysv_memory_detach(uaddr_t address)
{
	struct space *space = process_current()->space;
	struct page_source *source = space_source_at(space, address);
	struct sysv_memory *memory;

	if (!source || source->ops != &source_ops)
		return -EINVAL;
	memory = memory_of_source(source);
	object_get(&memory->keyed.object);
	space_unmap_source(space, source, address, memory->bytes);
	memory->last = process_current()->id;
	memory->detached = keyed_now();
	object_put(&memory->keyed.object);
	return 0;
}
