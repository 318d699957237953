/*
 * memory.c - frames and pools for tests on the build machine.
 *
 * Frames lie in low memory, so that 32 bits name them, and are poisoned while
 * they are free; pool objects come from malloc(). So the address sanitizer
 * sees every use after free, of both.
 */
#include <sanitizer/asan_interface.h>

#include "host.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/task/late_page.h"

/* From <sys/mman.h>, whose names clash with Parley's. */
void *mmap(void *address, size_t bytes, int prot, int flags, int fd,
	   long offset);
#define HOST_PROT_READ_WRITE	3
#define HOST_MAP_ANON_LOW	(0x02 | 0x20 | 0x40)

#define WEAK __attribute__((weak))

WEAK uint32_t frame_count[FRAME_USES];
WEAK uint32_t frame_total;
WEAK const char *const frame_use_name[FRAME_USES] = {
	"free", "boot", "heap", "stack", "table", "user", "file", "buffer",
};
WEAK uint32_t alloc_fail_countdown;
WEAK struct pool *pool_list;
WEAK struct boot_info boot_info = { .command_line = "" };
uaddr_t host_user;

static uint8_t *arena;
static uint32_t arena_frames;
static struct {
	uint32_t refs, use;
} *records;
static frame_t *free_frames;
static unsigned windows_open;
static uint8_t *boot_memory;
static size_t boot_bytes;

static void *low_memory(size_t bytes)
{
	void *memory = mmap(NULL, bytes, HOST_PROT_READ_WRITE,
			    HOST_MAP_ANON_LOW, -1, 0);

	if ((uintptr_t)memory + bytes > UINT32_MAX) {
		printf("Bail out! no low memory\n");
		exit(1);
	}
	return memory;
}

void host_init(uint32_t frames)
{
	arena = low_memory((size_t)frames * PAGE_SIZE);
	arena_frames = frames;
	records = calloc(frames, sizeof(*records));
	free_frames = calloc(frames, sizeof(*free_frames));
	for (uint32_t i = 0; i < frames; i++)
		free_frames[i] = virt_to_frame(arena) + i;
	frame_count[FRAME_FREE] = frames;
	ASAN_POISON_MEMORY_REGION(arena, (size_t)frames * PAGE_SIZE);
	host_user = virt_to_phys(low_memory(HOST_USER_BYTES));
}

uint8_t *host_boot_memory(size_t bytes)
{
	boot_memory = low_memory(bytes);
	boot_bytes = bytes;
	return boot_memory;
}

static bool is_boot(frame_t frame)
{
	return boot_memory &&
	       frame - virt_to_frame(boot_memory) < boot_bytes / PAGE_SIZE;
}

static uint32_t number_of(frame_t frame)
{
	uint32_t number = frame - virt_to_frame(arena);

	ASSERT(number < arena_frames);
	return number;
}

/* All frames count as high: their addresses are, and so the tests see a frame
 * that is opened and not closed. */
WEAK void *arch_window_open(frame_t frame)
{
	ASSERT(++windows_open < 8);
	return frame_to_virt(frame);
}

WEAK void arch_window_close(void)
{
	ASSERT(windows_open-- > 0);
}

WEAK bool alloc_fails_now(void)
{
	return --alloc_fail_countdown == 0;
}

WEAK frame_t frame_alloc(enum frame_use use)
{
	frame_t frame;

	if (frame_count[FRAME_FREE] == 0 || alloc_should_fail())
		return 0;
	frame = free_frames[--frame_count[FRAME_FREE]];
	frame_count[use]++;
	records[number_of(frame)].refs = 1;
	records[number_of(frame)].use = use;
	ASAN_UNPOISON_MEMORY_REGION(frame_to_virt(frame), PAGE_SIZE);
	memset(frame_to_virt(frame), 0xdb, PAGE_SIZE);
	return frame;
}

WEAK void frame_get(frame_t frame)
{
	if (!is_boot(frame))
		records[number_of(frame)].refs++;
}

WEAK void frame_put(frame_t frame)
{
	uint32_t number;

	if (is_boot(frame))
		return;
	number = number_of(frame);
	ASSERT(records[number].refs > 0);
	if (--records[number].refs > 0)
		return;
	frame_count[records[number].use]--;
	free_frames[frame_count[FRAME_FREE]++] = frame;
	ASAN_POISON_MEMORY_REGION(frame_to_virt(frame), PAGE_SIZE);
}

WEAK uint32_t frame_refs(frame_t frame)
{
	return is_boot(frame) ? 1 : records[number_of(frame)].refs;
}

WEAK void frame_set_use(frame_t frame, enum frame_use use)
{
	frame_count[records[number_of(frame)].use]--;
	frame_count[use]++;
	records[number_of(frame)].use = use;
}

WEAK void frame_clear(frame_t frame, uint32_t start, uint32_t end)
{
	memset((uint8_t *)frame_to_virt(frame) + start, 0, end - start);
}

WEAK frame_t *frame_next(frame_t frame)
{
	return &records[number_of(frame)].refs;
}

WEAK frame_t frame_unlink(frame_t frame)
{
	frame_t next = *frame_next(frame);

	*frame_next(frame) = 1;
	return next;
}

WEAK void *page_alloc(enum frame_use use)
{
	frame_t frame = frame_alloc(use);

	return frame ? frame_to_virt(frame) : NULL;
}

WEAK void *page_alloc_zeroed(enum frame_use use)
{
	void *page = page_alloc(use);

	return page ? memset(page, 0, PAGE_SIZE) : NULL;
}

WEAK void page_free(void *page)
{
	frame_put(virt_to_frame(page));
}

/* ---- Accounts: root has no limits and pays for all --------------------- */

static const uint32_t no_limits[ACCOUNT_KINDS] = {
	[0 ... ACCOUNT_KINDS - 1] = UINT32_MAX,
};

WEAK struct account account_root = { .refs = 1, .most = no_limits };

static struct account *root_pays(void)
{
	return &account_root;
}

WEAK struct account *(*account_payer)(void) = root_pays;

WEAK void account_may_end(struct account *account)
{
	(void)account;
}

WEAK void account_put(struct account *account)
{
	account->refs--;
}

WEAK struct account *pool_payer(const void *object)
{
	(void)object;
	return &account_root;
}

/* ---- Pools: each object is a separate malloc() ----------------------- */

static struct pool heap_pool = POOL("heap", 0);

static void use_pool(struct pool *pool, int change)
{
	if (!pool->is_ready) {
		pool->is_ready = true;
		pool->next = pool_list;
		pool_list = pool;
	}
	pool->used += change;
}

WEAK void *pool_alloc(struct pool *pool)
{
	if (alloc_should_fail())
		return NULL;
	use_pool(pool, 1);
	return calloc(1, pool->bytes);
}

WEAK void *pool_alloc_dirty(struct pool *pool)
{
	return pool_alloc(pool);
}

WEAK void *pool_alloc_for(struct pool *pool, struct account *account)
{
	(void)account;
	return pool_alloc(pool);
}

WEAK void pool_free(struct pool *pool, void *object)
{
	use_pool(pool, -1);
	free(object);
}

WEAK void *heap_alloc(size_t bytes)
{
	ASSERT(bytes <= POOL_LARGEST);
	if (alloc_should_fail())
		return NULL;
	use_pool(&heap_pool, 1);
	return calloc(1, bytes);
}

WEAK void *heap_alloc_dirty(size_t bytes)
{
	void *memory = heap_alloc(bytes);

	if (memory)
		memset(memory, 0xdb, bytes);
	return memory;
}

WEAK void heap_free(void *memory)
{
	if (!memory)
		return;
	use_pool(&heap_pool, -1);
	free(memory);
}

uint32_t host_pool_objects(void)
{
	const struct pool *pool;
	uint32_t used = 0;

	for (pool = pool_list; pool; pool = pool->next)
		used += pool->used;
	return used;
}

/* ---- A program's memory ---------------------------------------------- */

/* Bytes of [start, start + bytes) in front of the first bad address. */
static size_t good_part(uaddr_t start, size_t bytes)
{
	uint64_t offset = (uint64_t)start - host_user;

	if (offset >= HOST_USER_BYTES)
		return 0;
	return MIN(bytes, HOST_USER_BYTES - offset);
}

WEAK int copy_from_user(void *to, uaddr_t from, size_t bytes)
{
	size_t good = good_part(from, bytes);

	memcpy(to, host_user_bytes(from), good);
	return good == bytes ? 0 : -EFAULT;
}

WEAK int copy_to_user(uaddr_t to, const void *from, size_t bytes)
{
	size_t good = good_part(to, bytes);

	memcpy(host_user_bytes(to), from, good);
	return good == bytes ? 0 : -EFAULT;
}

WEAK bool fetch_user_word(uaddr_t at, uint32_t *value)
{
	return copy_from_user(value, at, sizeof(*value)) == 0;
}

WEAK bool store_user_word(uaddr_t at, uint32_t value)
{
	return copy_to_user(at, &value, sizeof(value)) == 0;
}

WEAK int clear_user(uaddr_t to, size_t bytes)
{
	size_t good = good_part(to, bytes);

	memset(host_user_bytes(to), 0, good);
	return good == bytes ? 0 : -EFAULT;
}

WEAK ssize_t copy_string_from_user(char *to, uaddr_t from, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (copy_from_user(to + i, from + i, 1))
			return -EFAULT;
		if (to[i] == '\0')
			return i;
	}
	return -ENAMETOOLONG;
}

int late_page_copy_to_user(uaddr_t to, const void *from, size_t bytes)
{
	return copy_to_user(to, from, bytes);
}
