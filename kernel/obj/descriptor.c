/*
 * descriptor.c - the table from small numbers to open files.
 *
 * The table starts small and grows by doubling up to OPEN_MAX. `limit` is one
 * more than the highest number in use, so that fork and exit look only at the
 * used part. The lowest free number is found in two steps, however many numbers
 * are in use: first the word of `used` that is not full, then the bit.
 */
#include "kernel/obj/descriptor.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

static struct pool table_pool = POOL("descriptors",
				     sizeof(struct descriptors));

static struct descriptors *own_table(void)
{
	return process_current()->descriptors;
}

/* Lowering the limit closes nothing. */
static uint32_t most_descriptors(const struct process *process)
{
	return process_limit(process, RLIMIT_NOFILE);
}

/* Give the table room for its capacity. NULL: no memory, the table is freed. */
static struct descriptors *with_room(struct descriptors *table)
{
	if (!table)
		return NULL;
	table->files = table->first;
	if (table->capacity > DESCRIPTORS_FIRST)
		table->files = heap_alloc(table->capacity *
					  sizeof(table->files[0]));
	if (table->files)
		return table;
	pool_free(&table_pool, table);
	return NULL;
}

static void free_room(struct descriptors *table)
{
	if (table->files != table->first)
		heap_free(table->files);
}

struct descriptors *descriptors_create(void)
{
	struct descriptors *table = pool_alloc(&table_pool);

	if (table)
		table->capacity = DESCRIPTORS_FIRST;
	return with_room(table);
}

struct descriptors *descriptors_clone(const struct descriptors *from)
{
	struct descriptors *table = pool_alloc_dirty(&table_pool);
	uint32_t fd;

	if (table)
		*table = *from;
	table = with_room(table);
	for (fd = 0; table && fd < table->limit; fd++) {
		table->files[fd] = from->files[fd];
		if (table->files[fd])
			file_get(table->files[fd]);
	}
	return table;
}

/* Take a descriptor out of the table; the caller gets the reference. */
static struct open_file *take(struct descriptors *table, uint32_t fd)
{
	struct open_file *file = table->files[fd];

	table->files[fd] = NULL;
	table->used[fd / 32] &= ~(1u << fd % 32);
	table->full &= ~(1u << fd / 32);
	while (table->limit > 0 && !table->files[table->limit - 1])
		table->limit--;
	return file;
}

/* Close a descriptor of the running process. */
static void drop(struct descriptors *table, uint32_t fd)
{
	struct open_file *file = take(table, fd);

	if (file->object->ops->leave)
		file->object->ops->leave(file);
	file_put(file);
}

void descriptors_destroy(struct descriptors *table)
{
	struct open_file *file;

	while (table->limit > 0) {
		file = table->files[--table->limit];
		table->files[table->limit] = NULL;
		if (file)
			file_put(file);
		sched_point();		/* no other task uses the table */
	}
	free_room(table);
	pool_free(&table_pool, table);
}

void descriptors_close_on_exec(struct descriptors *table)
{
	uint32_t fd;

	for (fd = table->limit; fd-- > 0;)
		if (table->files[fd] &&
		    table->close_on_exec[fd / 32] & 1u << fd % 32)
			drop(table, fd);
}

struct open_file *descriptor_file(int fd)
{
	return descriptor_find(fd);
}

static int grow(struct descriptors *table, uint32_t at_least)
{
	uint32_t capacity = table->capacity;
	struct open_file **files;

	while (capacity < at_least)
		capacity *= 2;
	if (capacity == table->capacity)
		return 0;
	files = heap_alloc(capacity * sizeof(files[0]));
	if (!files)
		return -ENOMEM;
	memcpy(files, table->files, table->limit * sizeof(files[0]));
	free_room(table);
	table->files = files;
	table->capacity = capacity;
	return 0;
}

static void put_in(struct descriptors *table, uint32_t fd,
		   struct open_file *file, bool close_on_exec)
{
	table->files[fd] = file;
	table->limit = MAX(table->limit, fd + 1);
	table->used[fd / 32] |= 1u << fd % 32;
	table->full |= (uint32_t)(~table->used[fd / 32] == 0) << fd / 32;
	table->close_on_exec[fd / 32] &= ~(1u << fd % 32);
	table->close_on_exec[fd / 32] |= (uint32_t)close_on_exec << fd % 32;
}

/* The lowest free number >= lowest; OPEN_MAX: none. */
static uint32_t lowest_free(const struct descriptors *table, uint32_t lowest)
{
	uint32_t word, free;

	for (; lowest < OPEN_MAX; lowest = ALIGN_UP(lowest + 1, 32)) {
		word = __builtin_ctz(~table->full >> lowest / 32
				     << lowest / 32);
		if (word == DESCRIPTOR_WORDS)
			break;
		lowest = MAX(lowest, word * 32);
		free = ~table->used[word] >> lowest % 32 << lowest % 32;
		if (free)
			return word * 32 + __builtin_ctz(free);
	}
	return OPEN_MAX;
}

int descriptor_reserve(struct process *process, int lowest)
{
	uint32_t fd, most = most_descriptors(process);
	int error;

	if (lowest < 0 || (uint32_t)lowest >= most)
		return lowest ? -EINVAL : -EMFILE;
	fd = lowest_free(process->descriptors, lowest);
	if (fd >= most)
		return -EMFILE;
	error = grow(process->descriptors, fd + 1);
	return error ? error : (int)fd;
}

void descriptor_fill(struct process *process, int fd, struct open_file *file)
{
	put_in(process->descriptors, fd, file, false);
}

int descriptor_install(struct open_file *file, int lowest, bool close_on_exec)
{
	int fd = descriptor_reserve(process_current(), lowest);

	if (fd >= 0)
		put_in(own_table(), fd, file, close_on_exec);
	return fd;
}

int descriptor_give(struct open_file *file, bool close_on_exec)
{
	int fd = descriptor_install(file, 0, close_on_exec);

	if (fd < 0)
		file_put(file);
	return fd;
}

int descriptor_open(struct object *object, uint32_t flags, bool close_on_exec)
{
	struct open_file *file;
	int error = file_open(object, flags, &file);

	object_put(object);
	return error ? error : descriptor_give(file, close_on_exec);
}

int descriptor_give_pair(struct open_file *const files[2], bool close_on_exec,
			 uaddr_t fds_at)
{
	int fds[2] = {
		descriptor_give(files[0], close_on_exec),
		descriptor_give(files[1], close_on_exec),
	};
	int error = MIN(fds[0], fds[1]);

	if (error >= 0 && copy_to_user(fds_at, fds, sizeof(fds)) == 0)
		return 0;
	for (int i = 1; i >= 0; i--)
		if (fds[i] >= 0)
			descriptor_close(fds[i]);
	return error < 0 ? error : -EFAULT;
}

int descriptor_close(int fd)
{
	if (!descriptor_file(fd))
		return -EBADF;
	drop(own_table(), fd);
	return 0;
}

int descriptor_dup2(int fd, int to, bool close_on_exec)
{
	struct open_file *file = descriptor_file(fd);
	struct descriptors *table = own_table();
	int error;

	if (!file || to < 0 ||
	    (uint32_t)to >= most_descriptors(process_current()))
		return -EBADF;
	if (fd == to)
		return to;
	error = grow(table, to + 1);
	if (error)
		return error;
	file_get(file);
	if (descriptor_file(to))
		drop(table, to);
	put_in(table, to, file, close_on_exec);
	return to;
}

bool descriptor_is_close_on_exec(int fd)
{
	return own_table()->close_on_exec[fd / 32] & 1u << fd % 32;
}

void descriptor_set_close_on_exec(int fd, bool on)
{
	put_in(own_table(), fd, own_table()->files[fd], on);
}
