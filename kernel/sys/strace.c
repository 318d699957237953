/*
 * strace.c - let a program watch the system calls of processes.
 *
 * A watcher opens an object that is a ring of records. A process attaches to
 * the object (tracer.h), and each call of the process puts a record into the
 * ring before and after the call. When the ring is full, the watched task
 * waits, so nothing is lost. After the watcher has gone, no task waits.
 *
 * Records hold numbers, and the beginning of each argument that is a string
 * according to syscalls.def. The watcher turns records into words.
 */
#include "kernel/sys/tracer.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/strace.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define RECORDS	32

struct strace {
	struct object object;		/* [P] */
	uint32_t head, tail;		/* [P] read and written so far */
	struct call_record records[RECORDS];	/* [P] */
};

_Static_assert(sizeof(struct strace) <= POOL_LARGEST, "it is one pool object");

static struct pool strace_pool = POOL("strace", sizeof(struct strace));

/* The types of each call's arguments, as the table has them: "int,IN(char)". */
#define A0()		""
#define A1(t1, n1)	#t1
#define A2(t1, n1, ...)	#t1 "," A1(__VA_ARGS__)
#define A3(t1, n1, ...)	#t1 "," A2(__VA_ARGS__)
#define A4(t1, n1, ...)	#t1 "," A3(__VA_ARGS__)
#define A5(t1, n1, ...)	#t1 "," A4(__VA_ARGS__)
#define A6(t1, n1, ...)	#t1 "," A5(__VA_ARGS__)
#undef IN
#undef OUT
#define SYSCALL(number, name, result, arguments, ...) [number] = arguments,
#define SYSCALL_RAW	SYSCALL

static const char *const argument_types[] = {
#include "kernel/abi/syscalls.def"
};

#define STRING_TYPE	"IN(char)"

static struct strace *strace_of(const struct object *object)
{
	return CONTAINER_OF(object, struct strace, object);
}

/* Each watched process has a reference, and the open file has one. */
static bool is_watching(const struct open_file *file)
{
	return file->object->refs > 1;
}

static ssize_t strace_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct strace *strace = strace_of(file->object);
	const size_t size = sizeof(struct call_record);
	size_t done = 0;

	if (bytes < size)
		return -EINVAL;
	if (strace->head == strace->tail)
		return is_watching(file) ? -EAGAIN : 0;
	for (; done + size <= bytes && strace->head != strace->tail;
	     done += size, strace->head++)
		if (copy_to_user(to + done, &strace->records[strace->head %
				 RECORDS], size) != 0)
			return done ? (ssize_t)done : -EFAULT;
	wait_wake_all(&strace->object.queue[END_WRITE]);
	return done;
}

static unsigned strace_poll(const struct open_file *file)
{
	const struct strace *strace = strace_of(file->object);

	return (strace->head != strace->tail ? POLLIN : 0) |
	       (is_watching(file) ? 0 : POLLHUP);
}

/* The watcher goes: wake the tasks that wait for room. */
static void strace_close(struct open_file *file)
{
	wait_wake_all(&file->object->queue[END_WRITE]);
}

static void strace_destroy(struct object *object)
{
	pool_free(&strace_pool, strace_of(object));
}

/* ---- The watched tasks -------------------------------------------------- */

static long put_record(void *context)
{
	struct strace *strace = strace_of(process_current()->tracer);

	if (strace->object.ends[END_READ] == 0)
		return 0;
	if (strace->tail - strace->head == RECORDS)
		return -EAGAIN;
	strace->records[strace->tail++ % RECORDS] =
		*(const struct call_record *)context;
	object_wake(&strace->object, END_READ);
	return 0;
}

static void report(struct call_record *record)
{
	struct object *tracer = process_current()->tracer;
	const struct wait_request request = {
		.queue = &tracer->queue[END_WRITE],
		.object = tracer,
		.event = WAIT_SPACE,
		.deadline_ns = FOREVER,
		.is_deaf = true,
	};

	record->pid = task_current()->id;
	if (wait_try(request.queue, put_record, record) == -EAGAIN)
		wait_for(&request, put_record, record);
}

static void fetch_texts(struct call_record *record)
{
	const char *type = argument_types[record->number];
	unsigned argument = 0, text = 0;

	for (; type && *type && text < CALL_TEXTS; argument++) {
		if (!strncmp(type, STRING_TYPE, strlen(STRING_TYPE)) &&
		    copy_string_from_user(record->texts[text],
					  record->arguments[argument],
					  CALL_TEXT_BYTES) == -EFAULT)
			record->texts[text][0] = '\0';
		if (!strncmp(type, STRING_TYPE, strlen(STRING_TYPE)))
			record->texts[text++][CALL_TEXT_BYTES - 1] = '\0';
		type = strchr(type, ',');
		type = type ? type + 1 : NULL;
	}
}

static void strace_call(struct object *tracer, uint32_t number,
			const uint32_t *arguments, const int32_t *result)
{
	struct call_record record;

	(void)tracer;
	memset(&record, 0, sizeof(record));
	record.number = number;
	memcpy(record.arguments, arguments, sizeof(record.arguments));
	if (result) {
		record.is_end = 1;
		record.result = *result;
	} else if (number < ARRAY_LENGTH(argument_types)) {
		fetch_texts(&record);
	}
	report(&record);
}

static const struct object_ops strace_ops = {
	.kind = "strace",
	.read = strace_read,
	.poll = strace_poll,
	.close = strace_close,
	.call = strace_call,
	.destroy = strace_destroy,
};

/* ---- System calls ------------------------------------------------------- */

long sys_strace_open(int flags)
{
	struct strace *strace;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	strace = pool_alloc(&strace_pool);
	if (!strace)
		return -ENOMEM;
	object_init(&strace->object, &strace_ops);
	return descriptor_open(&strace->object, O_RDONLY | (flags & O_NONBLOCK),
			   flags & O_CLOEXEC);
}

long sys_strace_attach(int fd)
{
	return tracer_attach(fd, &strace_ops);
}
