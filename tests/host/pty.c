/*
 * pty.c - pseudo-terminals through random schedules, beside a model.
 *
 * Bytes go both ways through a raw pair, in pieces of any size; the model is
 * two long strings. Each side that would wait becomes a sleeper: when a try
 * would succeed, the sleeper must have been woken. After -EAGAIN, poll says no;
 * after poll says yes, the try makes progress. Then both sides close in any
 * order, and no memory is left.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 * link: kernel/dev/pty.c kernel/dev/pty_name.c kernel/dev/terminal.c
 * link: kernel/dev/terminal_control.c kernel/dev/owner.c
 * link: kernel/dev/line.c kernel/dev/line_screen.c
 * link: kernel/task/user.c
 */
#include "tests/host/stub/host.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/termios.h"
#include "kernel/dev/pty.h"
#include "kernel/fs/device.h"
#include "kernel/fs/node.h"
#include "kernel/lib/string.h"
#include "kernel/obj/file.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

#define RUNS	300
#define STEPS	400
#define PIECE	700		/* the most bytes of a try */

struct list process_list = LIST_INIT(process_list);

static node_opener *open_master;
static struct node pts, *name_node;	/* a single pair at a time */
static struct task task;
static struct process process;
static unsigned names_made, names_removed;

/* ---- Stubs --------------------------------------------------------------- */

void object_init(struct object *object, const struct object_ops *ops)
{
	memset(object, 0, sizeof(*object));
	object->ops = ops;
	object->refs = 1;
	for (int end = 0; end < 2; end++) {
		list_init(&object->queue[end].sleepers);
		list_init(&object->queue[end].watchers);
	}
}

void object_end(struct object *object)
{
	object->ops->destroy(object);
}

struct node *device_directory(const char *name, mode_t mode)
{
	(void)name, (void)mode;
	return &pts;
}

int device_register_maker(const char *name, mode_t mode, node_opener *open)
{
	(void)name, (void)mode;
	open_master = open;
	return 0;
}

bool device_stat(const struct object *object, struct stat *status)
{
	(void)object, (void)status;
	return false;
}

struct node *node_create_special(mode_t mode, node_opener *open, void *data)
{
	struct node *node = heap_alloc(sizeof(*node));

	if (!node)
		return NULL;
	node->object.refs = 1;
	node->mode = mode;
	node->open = open;
	node->data = data;
	return node;
}

void node_put(struct node *node)
{
	if (--node->object.refs == 0)
		heap_free(node);
}

struct place place_in(struct node *directory, const char *name)
{
	return (struct place){ .directory = directory, .name = name,
			       .node = name_node };
}

int entry_add(const struct place *place, struct node *node)
{
	(void)place;
	name_node = node;
	node->object.refs++;
	names_made++;
	return 0;
}

int entry_remove(const struct place *place)
{
	name_node = NULL;
	names_removed++;
	node_put(place->node);
	return 0;
}

struct object *node_object(struct node *node)
{
	return &node->object;
}

int node_stat(struct object *object, struct stat *status)
{
	status->st_mode = node_of(object)->mode;
	return 0;
}

bool node_describe_as(const char *kind, const struct node *node, char *to,
		      size_t size)
{
	(void)kind, (void)node, (void)to, (void)size;
	return false;
}

/* The first sleeper gets a turn. */
void wait_wake(struct wait_queue *queue)
{
	list_take_first(&queue->sleepers);
}

void wait_wake_end(struct wait_queue *queue)
{
	wait_wake(queue);
}

void timer_init(struct timer *timer, void (*expired)(struct timer *timer))
{
	timer->expired = expired;
}

void timer_start(struct timer *timer, uint64_t deadline_ns)
{
	(void)timer, (void)deadline_ns;
}

void timer_stop(struct timer *timer)
{
	(void)timer;
}

void id_get(pid_t id)
{
	(void)id;
}

void id_put(pid_t id)
{
	(void)id;
}

struct process *process_find(pid_t id)
{
	(void)id;
	return NULL;
}

bool group_is_orphaned(pid_t group)
{
	(void)group;
	return false;
}

int signal_send(struct process *to, int n, const siginfo_t *info)
{
	(void)to, (void)n, (void)info;
	return 0;
}

void group_send(pid_t group, int n)
{
	(void)group, (void)n;
}

/* ---- A pair and its model ------------------------------------------------ */

/* A direction: what was written, and how much of it was read. */
struct flow {
	uint8_t bytes[STEPS * PIECE];
	size_t written, read;
};

static struct open_file files[2];	/* the master, the terminal */
static struct list_node sleepers[2][2];	/* by file and end */
static struct flow flows[2];		/* written by this file */
static bool is_right;

static void check(bool condition, const char *what)
{
	if (!condition && is_right)
		printf("# %s\n", what);
	is_right &= condition;
}

static bool can(int side, int end)
{
	unsigned wanted = end == END_READ ? POLLIN : POLLOUT;

	return files[side].object->ops->poll(&files[side]) & wanted;
}

static struct list *queue_of(int side, int end)
{
	return &files[side].object->queue[end].sleepers;
}

static bool sleeps(int side, int end)
{
	return !list_is_empty(queue_of(side, end));
}

/* The try was in vain, or was not. */
static void note(int side, int end, bool could, ssize_t done)
{
	check(could == (done > 0), "poll and the try agree");
	check(done > 0 || done == -EAGAIN, "the try works or says again");
	if (done == -EAGAIN && !sleeps(side, end)) {
		list_node_init(&sleepers[side][end]);
		list_append(queue_of(side, end), &sleepers[side][end]);
	}
}

static void try_to_write(int side)
{
	uint8_t *from = host_user_bytes(host_user);
	size_t bytes = host_random(PIECE - 1) + 1;
	bool could = can(side, END_WRITE);
	struct flow *flow = &flows[side];
	ssize_t done;

	for (size_t i = 0; i < bytes; i++)
		from[i] = host_random(256);
	done = files[side].object->ops->write(&files[side], host_user, bytes);
	note(side, END_WRITE, could, done);
	if (done <= 0)
		return;
	memcpy(flow->bytes + flow->written, from, done);
	flow->written += done;
}

static void try_to_read(int side)
{
	size_t bytes = host_random(PIECE - 1) + 1;
	bool could = can(side, END_READ);
	struct flow *flow = &flows[!side];
	ssize_t done;

	done = files[side].object->ops->read(&files[side], host_user, bytes);
	note(side, END_READ, could, done);
	if (done <= 0)
		return;
	check(flow->read + done <= flow->written &&
	      memcmp(flow->bytes + flow->read, host_user_bytes(host_user),
		     done) == 0, "the bytes come as they went");
	flow->read += done;
}

/* No side sleeps that could go on: its wake was lost. */
static void look_for_lost_wakes(void)
{
	for (int side = 0; side < 2; side++)
		for (int end = 0; end < 2; end++)
			check(!sleeps(side, end) || !can(side, end),
			      "no wake is lost");
}

static void open_side(int side, struct object *object)
{
	files[side] = (struct open_file){ .object = object, .refs = 1,
					  .flags = O_RDWR };
	object->ends[END_READ]++;
	object->ends[END_WRITE]++;
	if (object->ops->open)
		check(object->ops->open(&files[side]) == 0, "the side opens");
}

static void close_side(int side)
{
	struct object *object = files[side].object;

	object->ends[END_READ]--;
	object->ends[END_WRITE]--;
	for (int end = 0; end < 2; end++)
		if (sleeps(side, end))
			list_take_first(queue_of(side, end));
	object->ops->close(&files[side]);
	object_put(object);
}

static void make_raw(void)
{
	struct termios modes = { .c_cc = { [VMIN] = 1 } };

	memcpy(host_user_bytes(host_user), &modes, sizeof(modes));
	check(files[0].object->ops->control(&files[0], TCSETS, host_user) == 0,
	      "the modes are set");
}

static void open_pair(void)
{
	struct object *object;
	int unlocked = 0;

	check(open_master(NULL, 0, &object) == 0, "a master opens");
	open_side(0, object);
	check(name_node->open(name_node, 0, &object) == -EIO, "it is locked");
	memcpy(host_user_bytes(host_user), &unlocked, sizeof(unlocked));
	files[0].object->ops->control(&files[0], TIOCSPTLCK, host_user);
	check(name_node->open(name_node, 0, &object) == 0, "it is unlocked");
	open_side(1, object);
	make_raw();
}

/* For some time mostly writes come, then mostly reads: the pair fills and runs
 * empty. */
static void run(void)
{
	unsigned writes = 5;

	memset(flows, 0, sizeof(flows));
	open_pair();
	for (int step = 0; step < STEPS && is_right; step++) {
		int side = host_random(2);

		if (step % 50 == 0)
			writes = host_random(2) ? 9 : 1;
		if (host_random(10) < writes)
			try_to_write(side);
		else
			try_to_read(side);
		look_for_lost_wakes();
	}
}

/* The side that stays sees the end, and is woken. */
static void end_run(void)
{
	int first = host_random(2);
	ssize_t done;

	close_side(first);
	check(!sleeps(!first, END_READ), "the end wakes the reader");
	do
		done = files[!first].object->ops->read(&files[!first],
						       host_user, PIECE);
	while (done > 0);
	check(done == (first == 0 ? 0 : -EIO), "then the end is read");
	check(files[!first].object->ops->poll(&files[!first]) & POLLHUP,
	      "and poll says so");
	close_side(!first);
}

int main(void)
{
	uint32_t frames;

	host_init(64);
	frames = frame_count[FRAME_FREE];
	task.process = &process;
	cpu.current = &task;
	pty_init();
	is_right = true;
	for (int i = 0; i < RUNS && is_right; i++) {
		run();
		end_run();
	}
	ok(is_right, "bytes_wakes_and_ends_are_those_of_the_model");
	is(host_pool_objects(), 0, "no_object_is_left");
	is(frame_count[FRAME_FREE], frames, "no_page_is_left");
	ok(names_made == RUNS && names_removed == RUNS, "no_name_is_left");
	return tap_done();
}
