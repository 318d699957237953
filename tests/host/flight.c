/*
 * flight.c - descriptors in messages, while the search for lost messages runs.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 * link: kernel/obj/object.c kernel/obj/file.c kernel/obj/flight.c
 *
 * A task sends open files of boxes into boxes, receives them, closes them, and
 * gives names to boxes, in a random order. Between these calls the search makes
 * steps. No message that the task can reach may lose its file, and after the
 * last step each other message has lost its file. At the end no box is left.
 */
#include "tests/host/stub/host.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/lib/string.h"
#include "kernel/obj/flight.h"
#include "kernel/task/process.h"

#define BOXES		5
#define FILES		8		/* descriptors of the task */
#define MESSAGES	6		/* in one box */
#define RUNS		60000
#define CALLS		40

struct box {
	struct object object;		/* first */
	struct flight_holder holder;
	struct flight *messages[MESSAGES];
	int count;
	bool is_used;
	bool is_reached;		/* by the model */
};

static struct box boxes[BOXES];
static struct open_file *files[FILES];	/* the descriptors; NULL: free */
static uint32_t early, late;

static void box_destroy(struct object *object)
{
	struct box *box = (struct box *)object;

	for (int i = 0; i < box->count; i++)
		flight_end(box->messages[i]);
	box->is_used = false;
}

static const struct object_ops box_ops = {
	.kind = "box",
	.holder_at = offsetof(struct box, holder),
	.destroy = box_destroy,
};

static struct box *box_of(const struct open_file *file)
{
	return (struct box *)file->object;
}

/* ---- Beside file.c: no call waits here ----------------------------------- */

long wait_for(const struct wait_request *request, wait_attempt *attempt,
	      void *context)
{
	(void)request, (void)attempt, (void)context;
	abort();
}

void wait_wake(struct wait_queue *queue)
{
	(void)queue;
}

bool wait_has_priority(const struct wait_queue *queue)
{
	(void)queue;
	return true;
}

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	(void)process, (void)n, (void)info;
	abort();
}

/* ---- Calls of the task --------------------------------------------------- */

static int free_descriptor(void)
{
	for (int fd = 0; fd < FILES; fd++)
		if (!files[fd])
			return fd;
	return -1;
}

/* A further open file of the box. */
static void open_box(struct box *box, uint32_t flags)
{
	int fd = free_descriptor();

	if (fd >= 0)
		file_open(&box->object, flags, &files[fd]);
}

static void create(void)
{
	struct box *box = boxes;

	while (box < boxes + BOXES && box->is_used)
		box++;
	if (box == boxes + BOXES || free_descriptor() < 0)
		return;
	memset(box, 0, sizeof(*box));
	box->is_used = true;
	object_init(&box->object, &box_ops);
	flight_holder_init(&box->holder, &box->object);
	open_box(box, O_RDWR);
	object_put(&box->object);
}

/* As in the kernel, no message goes into a box that no file can receive from.
 */
static void send(struct open_file *file, struct box *to)
{
	if (to->count == MESSAGES ||
	    (to->object.ends[END_READ] == 0 && !to->holder.is_root))
		return;
	to->messages[to->count] = flight_create(file);
	flight_depart(to->messages[to->count++], &to->holder);
}

static void receive(const struct open_file *file)
{
	struct box *from = box_of(file);
	int fd = free_descriptor();

	if (!file_can_read(file) || from->count == 0 || fd < 0)
		return;
	files[fd] = flight_get_file(from->messages[0]);
	flight_end(from->messages[0]);
	memmove(from->messages, from->messages + 1,
		--from->count * sizeof(from->messages[0]));
}

static void close(int fd)
{
	file_put(files[fd]);
	files[fd] = NULL;
}

static void take_name(struct box *box)
{
	flight_set_root(&box->holder, false);
	object_put(&box->object);
}

/* The name holds a reference. */
static void give_name(const struct open_file *file)
{
	struct box *box = box_of(file);

	if (!file_can_read(file))
		return;
	if (box->holder.is_root) {
		take_name(box);
	} else {
		object_get(&box->object);
		flight_set_root(&box->holder, true);
	}
}

static void call(void)
{
	int fd = host_random(FILES);

	if (!files[fd]) {
		create();
		return;
	}
	switch (host_random(7)) {
	case 0:
	case 1:
		send(files[fd], box_of(files[host_random(FILES)] ?: files[fd]));
		break;
	case 2:
		receive(files[fd]);
		break;
	case 3:
		give_name(files[fd]);
		break;
	case 4:
		if (file_can_read(files[fd]))
			open_box(box_of(files[fd]),
				 host_random(2) ? O_RDWR : O_WRONLY);
		break;
	default:
		close(fd);
	}
}

/* ---- The model ----------------------------------------------------------- */

static void reach(struct box *box);

static void reach_by(const struct open_file *file)
{
	if (file && file_can_read(file))
		reach(box_of(file));
}

static void reach(struct box *box)
{
	if (box->is_reached)
		return;
	box->is_reached = true;
	for (int i = 0; i < box->count; i++)
		reach_by(box->messages[i]->file);
}

static void find_reached(void)
{
	for (int i = 0; i < BOXES; i++)
		boxes[i].is_reached = false;
	for (int fd = 0; fd < FILES; fd++)
		reach_by(files[fd]);
	for (int i = 0; i < BOXES; i++)
		if (boxes[i].is_used && boxes[i].holder.is_root)
			reach(&boxes[i]);
}

/* Messages with a file, or without a file, in boxes that are reached or not. */
static uint32_t count(bool is_reached, bool has_file)
{
	uint32_t found = 0;

	for (struct box *box = boxes; box < boxes + BOXES; box++)
		for (int i = 0; box->is_used && i < box->count; i++)
			found += box->is_reached == is_reached &&
				 !!box->messages[i]->file == has_file;
	return found;
}

/* ---- The test ------------------------------------------------------------ */

static void settle(void)
{
	while (flights_settle())
		;
	find_reached();
	early += count(true, false);
	late += count(false, true);
}

static void run(void)
{
	for (int calls = 0; calls < CALLS; calls++) {
		call();
		for (uint32_t steps = host_random(6); steps > 0; steps--)
			flights_settle();
		find_reached();
		early += count(true, false);
		if (host_random(20) == 0)
			settle();
	}
	for (int fd = 0; fd < FILES; fd++)
		if (files[fd])
			close(fd);
	for (int i = 0; i < BOXES; i++)
		if (boxes[i].is_used && boxes[i].holder.is_root)
			take_name(&boxes[i]);
	settle();
}

int main(void)
{
	uint32_t left = 0;

	for (int i = 0; i < RUNS; i++) {
		run();
		left += object_count + file_count + host_pool_objects();
	}
	is(early, 0, "message_that_can_be_received_loses_its_descriptor");
	is(late, 0, "message_that_is_lost_keeps_its_descriptor");
	is(left, 0, "circle_of_boxes_is_left");
	return tap_done();
}
