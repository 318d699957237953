/*
 * descriptor.c - the table from small numbers to open files.
 *
 * The table starts small and grows by doubling. Numbers from DESCRIPTORS_PART
 * on are in further parts, so that a process with few descriptors pays for few.
 * `limit` is the highest number in use plus 1, so that fork and exit look only
 * at numbers in use. The search for the lowest free number of a part has two
 * steps, however many numbers are in use: first a word of `used` with a free
 * bit, then the bit.
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

static struct descriptors *clone_part(const struct descriptors *from)
{
	struct descriptors *table = pool_alloc_dirty(&table_pool);
	uint32_t fd;

	if (table) {
		*table = *from;
		table->next = NULL;
	}
	table = with_room(table);
	for (fd = 0; table && fd < table->limit; fd++) {
		table->files[fd] = from->files[fd];
		if (table->files[fd])
			file_get(table->files[fd]);
	}
	return table;
}

/* Threads of the process may open and close between two parts: each part is as
 * it was at one moment. */
struct descriptors *descriptors_clone(const struct descriptors *from)
{
	struct descriptors *table = clone_part(from), *last = table;

	for (from = from->next; last && from; from = from->next) {
		sched_point();
		last = last->next = clone_part(from);
	}
	if (!last && table) {
		descriptors_destroy(table);
		table = NULL;
	}
	return table;
}

/* Take a descriptor out of the part; the caller gets the reference. */
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

/* A descriptor of the running process has closed. */
static void drop(struct open_file *file)
{
	if (file->object->ops->leave)
		file->object->ops->leave(file);
	file_put(file);
}

static void close_part(struct descriptors *part)
{
	struct open_file *file;

	while (part->limit > 0) {
		file = part->files[--part->limit];
		part->files[part->limit] = NULL;
		if (file)
			file_put(file);
		sched_point();		/* no other task uses the table */
	}
}

/* Reports of other tasks read the table until the end. */
void descriptors_destroy(struct descriptors *table)
{
	struct descriptors *part, *next;

	for (part = table; part; part = part->next)
		close_part(part);
	for (part = table; part; part = next) {
		next = part->next;
		free_room(part);
		pool_free(&table_pool, part);
	}
}

void descriptors_close_on_exec(struct descriptors *table)
{
	uint32_t fd;

	for (; table; table = table->next) {
		for (fd = table->limit; fd-- > 0;) {
			if (!table->files[fd] ||
			    !(table->close_on_exec[fd / 32] & 1u << fd % 32))
				continue;
			drop(take(table, fd));
			sched_point();
		}
		if (table->next)
			sched_point();
	}
}

int descriptors_next(const struct descriptors *table, uint32_t fd)
{
	uint32_t begin;

	for (begin = 0; table; table = table->next, begin += DESCRIPTORS_PART)
		for (fd = MAX(fd, begin); fd - begin < table->limit; fd++)
			if (table->files[fd - begin])
				return fd;
	return -1;
}

static bool part_holds(const struct descriptors *part,
		       const struct object *object)
{
	for (uint32_t fd = 0; fd < part->limit; fd++)
		if (part->files[fd] && part->files[fd]->object == object)
			return true;
	return false;
}

/* A thread may copy the descriptor from a part that comes to a part that was
 * looked at. Then the search begins again. */
bool descriptors_hold(const struct object *object)
{
	const struct descriptors *table = own_table(), *part = table;
	uint32_t puts = table->puts;

	while (part && !part_holds(part, object)) {
		part = part->next;
		if (part)
			sched_point();
		if (puts != table->puts)
			part = table;
		puts = table->puts;
	}
	return part;
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

static void put_in_part(struct descriptors *table, uint32_t fd,
			struct open_file *file, bool close_on_exec)
{
	table->files[fd] = file;
	table->limit = MAX(table->limit, fd + 1);
	table->used[fd / 32] |= 1u << fd % 32;
	table->full |= (uint32_t)(~table->used[fd / 32] == 0) << fd / 32;
	table->close_on_exec[fd / 32] &= ~(1u << fd % 32);
	table->close_on_exec[fd / 32] |= (uint32_t)close_on_exec << fd % 32;
}

/* The lowest free number >= lowest of a part; DESCRIPTORS_PART: none. */
static uint32_t lowest_free(const struct descriptors *table, uint32_t lowest)
{
	uint32_t word, free;

	for (; lowest < DESCRIPTORS_PART; lowest = ALIGN_UP(lowest + 1, 32)) {
		word = __builtin_ctz(~table->full >> lowest / 32
				     << lowest / 32);
		if (word == DESCRIPTOR_WORDS)
			break;
		lowest = MAX(lowest, word * 32);
		free = ~table->used[word] >> lowest % 32 << lowest % 32;
		if (free)
			return word * 32 + __builtin_ctz(free);
	}
	return DESCRIPTORS_PART;
}

/* The part behind this part, made if it is not there yet; NULL: no memory. */
static struct descriptors *next_part(struct descriptors *part)
{
	if (!part->next)
		part->next = descriptors_create();
	return part->next;
}

int descriptor_reserve(struct process *process, int lowest)
{
	uint32_t fd, begin = 0, most = most_descriptors(process);
	struct descriptors *part = process->descriptors;
	int error;

	if (lowest < 0 || (uint32_t)lowest >= most)
		return lowest ? -EINVAL : -EMFILE;
	while ((fd = lowest_free(part, lowest)) == DESCRIPTORS_PART) {
		begin += DESCRIPTORS_PART;
		lowest = MAX(lowest - DESCRIPTORS_PART, 0);
		if (begin >= most)
			return -EMFILE;
		part = next_part(part);
		if (!part)
			return -ENOMEM;
	}
	if (begin + fd >= most)
		return -EMFILE;
	error = grow(part, fd + 1);
	return error ? error : (int)(begin + fd);
}

/* Put a file in at a number that descriptor_reserve() has given. */
static void put_in(struct descriptors *table, uint32_t fd,
		   struct open_file *file, bool close_on_exec)
{
	table->puts++;
	put_in_part(descriptors_part(table, fd), fd % DESCRIPTORS_PART, file,
		    close_on_exec);
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
	int error;

	if (!object)
		return -ENOMEM;
	error = file_open(object, flags, &file);
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
	drop(take(descriptors_part(own_table(), fd), fd % DESCRIPTORS_PART));
	return 0;
}

/* Let the table have room for this number. 0 or -ENOMEM. */
static int make_room(struct descriptors *part, uint32_t fd)
{
	for (; part && fd >= DESCRIPTORS_PART; fd -= DESCRIPTORS_PART)
		part = next_part(part);
	return part ? grow(part, fd + 1) : -ENOMEM;
}

int descriptor_dup2(int fd, int to, bool close_on_exec)
{
	struct open_file *file = descriptor_file(fd), *before;
	int error;

	if (!file || to < 0 ||
	    (uint32_t)to >= most_descriptors(process_current()))
		return -EBADF;
	if (fd == to)
		return to;
	error = make_room(own_table(), to);
	if (error)
		return error;
	file_get(file);
	before = descriptor_file(to);
	put_in(own_table(), to, file, close_on_exec);
	if (before)
		drop(before);	/* last: tasks may switch */
	return to;
}

bool descriptor_is_close_on_exec(int fd)
{
	const struct descriptors *part = descriptors_part(own_table(), fd);

	fd %= DESCRIPTORS_PART;
	return part->close_on_exec[fd / 32] & 1u << fd % 32;
}

void descriptor_set_close_on_exec(int fd, bool on)
{
	put_in(own_table(), fd, descriptor_file(fd), on);
}
