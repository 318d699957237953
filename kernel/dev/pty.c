/*
 * pty.c - pseudo-terminals: a program at the far side of a terminal.
 *
 * Each open of /dev/ptmx makes a pair: the *master*, which the opener gets, and
 * a terminal with the name /dev/pts/N. What is written to the master is typed
 * at the terminal; what programs write to the terminal, and the echo, can be
 * read from the master:
 *
 *	master write -> line discipline (line.c) -> read of the terminal
 *	master read  <- output, a page deep      <- write to the terminal, echo
 *
 *			master				terminal
 *	input full	write waits			read goes on
 *	no output	read waits			write goes on
 *	output full	read goes on			write waits, no echo
 *	far side closed	read: the rest, then -EIO	hung up: terminal.c
 *
 * A write to the master waits only while the terminal has a line to read. Else
 * both sides could wait for each other: then a key too many is lost, as at the
 * console.
 *
 * The master holds a reference to the terminal, the terminal none to the
 * master. When the master closes, the name goes, the terminal hangs up, and the
 * terminal lives until its last descriptor has gone.
 *
 * pty_name.c has the names.
 *
 * IEEE Std 1003.1-2017, posix_openpt(), grantpt(), unlockpt(), ptsname(). The
 * requests are those of Linux.
 */
#include "kernel/dev/pty.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/dev/pty_name.h"
#include "kernel/fs/device.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"

#define OUTPUT_BYTES	PAGE_SIZE
#define KEYS_BYTES	24	/* in a try of a write */

static struct pool pty_pool = POOL_COUNTED("pty", sizeof(struct pty),
					   ACCOUNT_TERMINALS);

static struct pty *pty_of(const struct object *master)
{
	return CONTAINER_OF(master, struct pty, master);
}

static struct pty *pty_of_terminal(const struct object *terminal)
{
	return CONTAINER_OF(terminal, struct pty, terminal.object);
}

static uint32_t fill_of(const struct pty *pty)
{
	return pty->tail - pty->head;
}

static bool is_open(const struct object *object)
{
	return object->ends[END_READ] || object->ends[END_WRITE];
}

/* Has the last program closed the terminal? */
static bool is_left(const struct pty *pty)
{
	return pty->was_opened && !is_open(&pty->terminal.object);
}

/* ---- The terminal ------------------------------------------------------- */

/* Output of the line discipline. Echo without room is lost. */
static void put_output(struct line_screen *screen, const char *bytes,
		       size_t length)
{
	struct pty *pty = CONTAINER_OF(screen, struct pty,
				       terminal.line.screen);
	bool was_empty = fill_of(pty) == 0;

	length = MIN(length, OUTPUT_BYTES - fill_of(pty));
	for (size_t i = 0; i < length; i++)
		pty->output[pty->tail++ % OUTPUT_BYTES] = bytes[i];
	if (was_empty && length > 0)
		object_wake(&pty->master, END_READ);
}

/* A newline becomes two bytes. */
static size_t room(const struct terminal *terminal)
{
	const struct pty *pty = CONTAINER_OF(terminal, struct pty, terminal);

	return (OUTPUT_BYTES - fill_of(pty)) / 2;
}

static void input_was_read(struct terminal *terminal)
{
	struct pty *pty = CONTAINER_OF(terminal, struct pty, terminal);

	if (!line_is_full(&terminal->line))
		object_wake(&pty->master, END_WRITE);
}

static const struct terminal_ops pty_terminal_ops = {
	.room = room,
	.was_read = input_was_read,
};

static int slave_open(struct open_file *file)
{
	struct pty *pty = pty_of_terminal(file->object);

	if (pty->terminal.is_hung_up)
		return -EIO;
	pty->was_opened = true;
	return 0;
}

static void slave_close(struct open_file *file)
{
	struct pty *pty = pty_of_terminal(file->object);

	if (is_left(pty) && !pty->terminal.is_hung_up)
		wait_wake_end(&pty->master.queue[END_READ]);
}

static int slave_stat(struct object *object, struct stat *status)
{
	return node_stat(node_object(pty_of_terminal(object)->node), status);
}

static bool slave_describe(const struct object *object, char *to, size_t size)
{
	return node_describe_as("pty", pty_of_terminal(object)->node, to, size);
}

static void slave_report(const struct object *object, char *to, size_t size)
{
	const struct line *line = &terminal_of(object)->line;

	snprintf(to, size, "%u of %u bytes", line->tail - line->head,
		 LINE_CELLS);
}

static struct object *slave_peer(const struct object *object)
{
	struct pty *pty = pty_of_terminal(object);

	return pty->terminal.is_hung_up ? NULL : &pty->master;
}

static void pty_free(struct pty *pty)
{
	if (pty->node)
		node_put(pty->node);
	if (pty->terminal.line.cells)
		page_free(pty->terminal.line.cells);
	if (pty->output)
		page_free(pty->output);
	pool_free(&pty_pool, pty);
}

static void slave_destroy(struct object *object)
{
	struct pty *pty = pty_of_terminal(object);

	terminal_end(&pty->terminal);
	pty_free(pty);
}

static const struct object_ops slave_ops = {
	.kind = "pty",
	.sends_signals = true,
	.is_stream = true,
	.has_trace = true,
	.read = terminal_read,
	.write = terminal_write,
	.poll = terminal_poll,
	.open = slave_open,
	.close = slave_close,
	.stat = slave_stat,
	.control = terminal_control,
	.describe = slave_describe,
	.report = slave_report,
	.peer = slave_peer,
	.destroy = slave_destroy,
};

void pty_was_opened(struct object *object)
{
	if (object->ops == &slave_ops)
		owner_take(&terminal_of(object)->owner);
}

/* ---- The master --------------------------------------------------------- */

static ssize_t master_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct pty *pty = pty_of(file->object);
	uint32_t at = pty->head % OUTPUT_BYTES;

	if (bytes == 0)
		return 0;
	if (fill_of(pty) == 0)
		return is_left(pty) ? -EIO : -EAGAIN;
	bytes = MIN(bytes, MIN(fill_of(pty), OUTPUT_BYTES - at));
	if (copy_to_user(to, pty->output + at, bytes) != 0)
		return -EFAULT;
	pty->head += bytes;
	trace(TRACE_RECEIVE, file->object, bytes, 0);
	object_wake(&pty->terminal.object, END_WRITE);
	return bytes;
}

/* A key that sends a signal to a group of processes ends the try: tasks may
 * switch then. */
static ssize_t master_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	struct pty *pty = pty_of(file->object);
	struct terminal *terminal = &pty->terminal;
	uint32_t signals = terminal->signals;
	uint8_t keys[KEYS_BYTES];
	size_t done = 0;

	bytes = MIN(bytes, KEYS_BYTES);
	if (copy_from_user(keys, from, bytes) != 0)
		return -EFAULT;
	while (done < bytes && terminal->signals == signals &&
	       !line_is_full(&terminal->line))
		terminal_input(terminal, &keys[done++], 1);
	if (done == 0 && bytes > 0)
		return -EAGAIN;
	if (done > 0)
		trace(TRACE_SEND, file->object, done, 0);
	terminal_wake(terminal);
	return done;
}

static unsigned master_poll(const struct open_file *file)
{
	const struct pty *pty = pty_of(file->object);
	unsigned events = 0;

	if (fill_of(pty) > 0)
		events |= POLLIN;
	if (!line_is_full(&pty->terminal.line))
		events |= POLLOUT;
	return events | (is_left(pty) ? POLLHUP : 0);
}

static int set_lock(struct pty *pty, uaddr_t from)
{
	int is_locked;

	if (copy_from_user(&is_locked, from, sizeof(is_locked)) != 0)
		return -EFAULT;
	pty->is_locked = is_locked;
	return 0;
}

static int master_control(struct open_file *file, uint32_t request,
			  uint32_t argument)
{
	struct pty *pty = pty_of(file->object);

	switch (request) {
	case TIOCGPTN:
		return copy_to_user(argument, &pty->number,
				    sizeof(pty->number));
	case TIOCSPTLCK:
		return set_lock(pty, argument);
	default:
		return terminal_control_far(&pty->terminal, request, argument);
	}
}

static void hang_up(struct pty *pty)
{
	if (pty->terminal.is_hung_up)
		return;
	terminal_hang_up(&pty->terminal);
	pty_name_remove(pty);
}

static void master_close(struct open_file *file)
{
	if (!is_open(file->object))
		hang_up(pty_of(file->object));
}

static bool master_describe(const struct object *object, char *to, size_t size)
{
	return node_describe_as("ptmx", pty_of(object)->node, to, size);
}

static void master_report(const struct object *object, char *to, size_t size)
{
	snprintf(to, size, "%u of %u bytes", fill_of(pty_of(object)),
		 OUTPUT_BYTES);
}

static struct object *master_peer(const struct object *object)
{
	return &pty_of(object)->terminal.object;
}

static void master_destroy(struct object *object)
{
	hang_up(pty_of(object));
	object_put(&pty_of(object)->terminal.object);
}

static const struct object_ops master_ops = {
	.kind = "ptmx",
	.sends_signals = true,
	.is_stream = true,
	.has_trace = true,
	.read = master_read,
	.write = master_write,
	.poll = master_poll,
	.close = master_close,
	.control = master_control,
	.describe = master_describe,
	.report = master_report,
	.peer = master_peer,
	.destroy = master_destroy,
};

/* ---- Making a pair ------------------------------------------------------ */

static int get_memory(struct pty *pty)
{
	_Static_assert(LINE_CELLS * sizeof(uint16_t) == PAGE_SIZE,
		       "the cells are a page");
	pty->output = page_alloc(FRAME_BUFFER);
	pty->terminal.line.cells = page_alloc(FRAME_BUFFER);
	return pty->output && pty->terminal.line.cells ? 0 : -ENOMEM;
}

/* open(2) of /dev/ptmx. */
static int open_master(struct node *node, uint32_t flags, struct object **out)
{
	struct pty *pty = pool_alloc(&pty_pool);
	int error;

	(void)node, (void)flags;
	if (!pty)
		return account_error(ACCOUNT_TERMINALS, 1, -ENOSPC, -ENOMEM);
	error = get_memory(pty);
	if (!error)
		error = pty_name_add(pty);
	if (error) {
		pty_free(pty);
		return error;
	}
	pty->is_locked = true;
	pty->terminal.ops = &pty_terminal_ops;
	pty->terminal.line.screen.output = put_output;
	terminal_init(&pty->terminal, &slave_ops);
	object_init(&pty->master, &master_ops);
	*out = &pty->master;
	return 0;
}

void pty_init(void)
{
	pty_names_init();
	if (device_register_maker("ptmx", 0666, open_master) != 0)
		panic("no memory for /dev/ptmx");
}
