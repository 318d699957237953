/*
 * pipe.c - pipes and FIFOs under random schedules, with the shipped file.c,
 * wait.c and poll.c.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/coroutine.c tests/host/stub/kernel.c
 * link: tests/host/stub/memory.c kernel/task/wait.c kernel/task/timer.c
 * link: kernel/obj/file.c kernel/obj/object.c kernel/ipc/pipe.c
 * link: kernel/ipc/fifo.c kernel/sys/poll.c
 * link: kernel/task/crowd.c
 *
 * Readers, writers, openers, closers, pollers, killers, bad addresses, no
 * memory (stub/actors.h). Beside the pipe stands a model: a plain ring of the
 * same bytes. The two operations are checked from inside, the calls from
 * outside, with these rules:
 *
 * - a reader gets the written bytes: no byte is lost or doubled;
 * - the result of a call is the sum of its operations; a write of at most
 *   PIPE_BUF bytes is one operation;
 * - an operation that fails changes nothing;
 * - end of file only without a writer, EPIPE and one SIGPIPE only without a
 *   reader;
 * - a task that moves bytes is the first in the wait queue;
 * - when no task can run, no reader, writer, opener or poller could go on;
 * - an empty pipe keeps at most one page;
 * - at the end nothing is left.
 *
 * The file is longer than most, so that the rules stand beside the checked
 * calls.
 */
#include "tests/host/stub/actors.h"

#include "kernel/abi/poll.h"
#include "kernel/fs/node.h"
#include "kernel/ipc/fifo.h"
#include "kernel/ipc/pipe.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"

#define SCHEDULES	100000
#define BYTES_MOST	70000		/* of a call: over the capacity */
#define SOURCE_BYTES	(HOST_USER_BYTES / 2)

static const char *const program_name = "pipe";

/* The running call of an actor, for the checks. */
static struct doing {
	enum { NOTHING, TRANSFER, OPENING, POLLING } kind;
	int end;			/* of the transfer or opening */
	size_t left;			/* bytes not yet moved */
	size_t done;			/* bytes moved by operations */
	unsigned operations;		/* how many moved something */
	uint32_t met;			/* opens of the peer's end before */
	unsigned pipe_signals;
	uaddr_t at;			/* where the transfer began */
	unsigned events;		/* that poll() waits for */
} doings[ACTORS_MOST];

static struct object *pipe;		/* NULL: there is none now */
static struct object_ops checked_ops;
static const struct object_ops *real_ops;
static struct node fifo_node;
static bool is_fifo;
static uint8_t model[PIPE_CAPACITY];
static uint32_t model_head, model_tail;
static uint32_t opens[2];
static uint32_t before[ACTORS_MOST];	/* writers that had left a FIFO before
					 * this actor opened the FIFO to read */

static struct doing *mine(void)
{
	return &doings[self()->number];
}

#include "tests/host/pipe_world.h"

/* ---- The operations, looked at from inside ------------------------------- */

static uint32_t model_fill(void)
{
	return model_tail - model_head;
}

/* Does the user's memory hold these bytes of the model? Or put them there. */
static bool compare(uint32_t at, uaddr_t user, size_t bytes)
{
	size_t first = MIN(bytes, PIPE_CAPACITY - at % PIPE_CAPACITY);

	return !memcmp(model + at % PIPE_CAPACITY, host_user_bytes(user),
		       first) &&
	       !memcmp(model, host_user_bytes(user + first), bytes - first);
}

static void remember(uint32_t at, uaddr_t user, size_t bytes)
{
	size_t first = MIN(bytes, PIPE_CAPACITY - at % PIPE_CAPACITY);

	memcpy(model + at % PIPE_CAPACITY, host_user_bytes(user), first);
	memcpy(model, host_user_bytes(user + first), bytes - first);
}

static uint32_t fill_of_pipe(void)
{
	return CONTAINER_OF(pipe, struct pipe, object)->fill;
}

static void account(ssize_t done, uaddr_t at, const char *overtaken)
{
	if (at != mine()->at + mine()->done)
		fail("transfer_goes_on_at_another_address");
	if (fill_of_pipe() != model_fill())
		fail("pipe_holds_%u_bytes_not_%u", fill_of_pipe(),
		     model_fill());
	if (done <= 0)
		return;
	if (overtaken)
		fail("%s", overtaken);
	mine()->operations++;
	mine()->done += done;
	mine()->left -= done;
}

static ssize_t checked_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	const char *overtaken = who_is_overtaken(&pipe->queue[END_READ]);
	ssize_t done = real_ops->read(file, to, bytes);

	if (done > 0) {
		if (done > model_fill() || !compare(model_head, to, done))
			fail("bytes_are_lost_or_changed");
		model_head += done;
	}
	if (done == 0 && bytes > 0 && (pipe->ends[END_WRITE] || model_fill()))
		fail("end_of_file_comes_too_early");
	account(done, to, overtaken);
	return done;
}

static ssize_t checked_write(struct open_file *file, uaddr_t from,
			     size_t bytes)
{
	const char *overtaken = who_is_overtaken(&pipe->queue[END_WRITE]);
	ssize_t done = pipe_write(file, from, bytes);

	if (done > 0) {
		remember(model_tail, from, done);
		model_tail += done;
		if (model_fill() > PIPE_CAPACITY)
			fail("pipe_is_overfull");
	}
	if ((done == -EPIPE) != (pipe->ends[END_READ] == 0))
		fail("EPIPE_with_%u_readers", pipe->ends[END_READ]);
	account(done, from, overtaken);
	return done;
}

static void checked_destroy(struct object *object)
{
	if (object != pipe)
		fail("another_pipe_is_destroyed");
	pipe = NULL;
	model_head = model_tail = 0;
	real_ops->destroy(object);
}

/* Insert the checks between the pipe and its operations. */
static void look_inside(struct object *object)
{
	if (object->ops == &checked_ops)
		return;
	real_ops = object->ops;
	checked_ops = *real_ops;
	checked_ops.read = checked_read;
	checked_ops.write = checked_write;
	checked_ops.destroy = checked_destroy;
	object->ops = &checked_ops;
	pipe = object;
}

/* ---- The calls, judged from outside -------------------------------------- */

static size_t choose_bytes(void)
{
	switch (choose(8)) {
	case 0:
		return PIPE_BUF;
	case 1:
		return PIPE_BUF + 1 + choose(PIPE_BUF);
	case 2:
		return 1 + choose(BYTES_MOST);
	case 3:
		return PIPE_CAPACITY - PIPE_BUF * choose(2) - choose(3);
	case 4:
		return choose(3);
	}
	return 1 + choose(PIPE_BUF);
}

/* An address for so many bytes; now and then an address too near the end. */
static uaddr_t choose_address(int end, size_t bytes)
{
	if (choose(20) == 0)
		return host_user + HOST_USER_BYTES - choose(bytes + 1);
	if (end == END_WRITE)
		return host_user + choose(SOURCE_BYTES - BYTES_MOST);
	return host_user + SOURCE_BYTES + self()->number * BYTES_MOST;
}

static void judge(const struct open_file *file, uaddr_t at, size_t bytes,
		  long result)
{
	const struct doing *doing = mine();

	if (result >= 0 && (size_t)result != doing->done)
		fail("call_gives_%ld_not_%zu", result, doing->done);
	if (result < 0 && doing->done)
		fail("call_that_fails_has_moved_%zu_bytes", doing->done);
	if (doing->end == END_WRITE && bytes <= PIPE_BUF &&
	    doing->operations > 1)
		fail("write_of_%zu_is_split", bytes);
	/* A long read goes on while whole parts are there: see file.c. */
	if (doing->end == END_READ &&
	    doing->operations > 1 + doing->done / 16384)
		fail("read_waits_for_more");
	if (doing->pipe_signals != (result == -EPIPE) && doing->done == 0)
		fail("%u_SIGPIPE_with_result_%ld", doing->pipe_signals,
		     result);
	if (result == -EINTR)
		check_interrupted(doing->done);
	if (result == -ENOMEM)
		check_no_memory();
	if (result == -EFAULT && at + bytes <= host_user + HOST_USER_BYTES)
		fail("good_address_is_EFAULT");
	if (result == -EAGAIN && !(file->flags & O_NONBLOCK))
		fail("blocking_call_is_EAGAIN");
	/* A blocking write may end early only with a reason. */
	if (doing->end == END_WRITE && result >= 0 &&
	    (size_t)result < bytes && !(file->flags & O_NONBLOCK) &&
	    !self()->is_signalled && !doing->pipe_signals &&
	    !failures_to_tell &&
	    at + bytes <= host_user + HOST_USER_BYTES)
		fail("write_gives_up_after_%ld_of_%zu", result, bytes);
}

static void transfer(struct actor *actor, int end)
{
	struct open_file *file = actor->files[end];
	size_t bytes = choose_bytes();
	uaddr_t at = choose_address(end, bytes);
	bool is_nonblocking;
	long result;

	if (!file)
		return;
	file_get(file);		/* its flags are checked afterwards */
	is_nonblocking = choose(4) == 0;
	file->flags = (file->flags & ~O_NONBLOCK) |
		      (is_nonblocking ? O_NONBLOCK : 0);
	maybe_fail_alloc();
	*mine() = (struct doing){ .kind = TRANSFER, .end = end,
				   .left = bytes, .at = at };
	tell("%s %zu", end ? "writes" : "reads", bytes);
	result = end == END_READ ? file_read(file, at, bytes)
				 : file_write(file, at, bytes);
	tell("has moved %ld", result);
	judge(file, at, bytes, result);
	mine()->kind = NOTHING;
	failures_to_tell = 0;
	file_put(file);
}

/* open(2) of the FIFO, as in kernel/sys/path.c. */
static void open_fifo(struct actor *actor, int end)
{
	uint32_t flags = end == END_READ ? O_RDONLY : O_WRONLY;
	struct object *object;
	struct open_file *file;
	int error;

	if (!is_fifo || actor->files[end])
		return;
	flags |= choose(3) == 0 ? O_NONBLOCK : 0;
	maybe_fail_alloc();
	if (fifo_open_node(&fifo_node, flags, &object) != 0) {
		check_no_memory();
		return;
	}
	look_inside(object);
	mine()->met = opens[!end];
	error = file_open(object, flags, &file);
	object_put(object);
	if (error == -ENOMEM) {
		check_no_memory();
		return;
	}
	if ((error == -ENXIO) != (flags == (O_WRONLY | O_NONBLOCK) &&
				  (!pipe || !pipe->ends[END_READ])))
		fail("ENXIO_is_wrong");
	if (error)
		return;
	opens[end]++;
	if (end == END_READ)
		before[actor->number] = mine()->met - pipe->ends[END_WRITE];
	mine()->kind = OPENING;
	mine()->end = end;
	tell("opens the end to %s", end ? "write" : "read");
	error = file_meet(file);
	tell("has opened it: %d", error);
	mine()->kind = NOTHING;
	if (error == -EINTR)
		check_interrupted(0);
	if (error)
		file_put(file);
	else
		actor->files[end] = file;
}

/* The end may belong to a different actor: a thread of the same process may
   close it. */
static void close_end(struct actor *actor, int end)
{
	struct open_file *file = actor->files[end];

	if (!file)
		return;
	tell("closes end %d of %d", end, actor->number);
	actor->files[end] = NULL;
	file_put(file);
}

/* Does poll() report the end of the stream? A FIFO has no end before the first
 * writer that this reader meets. */
static bool has_ended(void)
{
	if (pipe->ends[END_WRITE])
		return false;
	return !is_fifo || opens[END_WRITE] != before[self()->number];
}

/* The result of poll(), compared with the model. */
static void check_poll(const struct pollfd *fds)
{
	unsigned events = mine()->events;
	unsigned room = PIPE_CAPACITY - model_fill();
	const struct open_file *const *files =
		(const struct open_file *const *)self()->files;

	if (fds[0].fd == 0 && files[0] && fds[0].revents !=
	    (((model_fill() ? POLLIN : 0) |
	      (has_ended() ? POLLHUP : 0)) & events))
		fail("poll_says_%x_with_%u_bytes", fds[0].revents,
		     model_fill());
	if (fds[1].fd == 1 && files[1] && fds[1].revents !=
	    (((room >= PIPE_BUF ? POLLOUT : 0) |
	      (pipe->ends[END_READ] ? 0 : POLLERR)) & events))
		fail("poll_says_%x_with_room_for_%u", fds[1].revents, room);
}

static void poll_both(void)
{
	uaddr_t at = host_user + SOURCE_BYTES + self()->number * BYTES_MOST;
	struct pollfd *fds;
	unsigned events = choose(2) * POLLIN | choose(2) * POLLOUT;
	struct descriptors table = { .files = self()->files, .limit = 2 };
	struct open_file *before_poll[2];
	int timeout_ms = choose(3) ? -1 : (int)choose(2);
	long result;

	maybe_fail_alloc();
	fds = (void *)host_user_bytes(at);
	for (int i = 0; i < 2; i++)
		fds[i] = (struct pollfd){ self()->files[i] ? i : -1,
					  events, 0 };
	self()->process.descriptors = &table;
	memcpy(before_poll, self()->files, sizeof(before_poll));
	mine()->kind = POLLING;
	mine()->events = events | POLLERR | POLLHUP;
	tell("polls");
	result = sys_poll(at, 2, timeout_ms);
	tell("has polled: %ld", result);
	mine()->kind = NOTHING;
	/* Events may come after the deadline, and a file that was closed
	 * meanwhile has been open until now. */
	if ((result > 0 || timeout_ms == 0) && !memcmp(before_poll,
				   self()->files, sizeof(before_poll)))
		check_poll(fds);
	if (result == -EINTR)
		check_interrupted(0);
	failures_to_tell = 0;
}

static void actor_step(struct actor *actor)
{
	int end = choose(2);

	switch (choose(10)) {
	case 0: case 1: case 2: case 3: case 4: case 5:
		if (actor->files[!end] && choose(4))
			end = !end;
		if (is_fifo && !actor->files[end])
			open_fifo(actor, end);
		else
			transfer(actor, end);
		return;
	case 6:
		poll_both();
		return;
	case 7:
		close_end(&actors[choose(actor_count)], end);
		return;
	default:
		common_step();
	}
}

static void actor_leave(struct actor *actor)
{
	close_end(actor, END_READ);
	close_end(actor, END_WRITE);
}

/* ---- The rules between the steps ----------------------------------------- */

static void check_turns(int end)
{
	uint32_t owed = 0;

	for (unsigned i = 0; i < actor_count; i++)
		if (actors[i].task.wait.queue == &pipe->queue[end])
			owed += wait_has_turn(
				&actors[i].task.wait);
	if (owed != pipe->queue[end].owed)
		fail("%u_turns_are_owed_not_%u", pipe->queue[end].owed, owed);
}

/* The pages in use are the first pages, and an empty pipe keeps one page. */
static void check_pages(void)
{
	const struct pipe *it = CONTAINER_OF(pipe, struct pipe, object);

	if (it->fill == 0 && it->page_count > 1)
		fail("empty_pipe_keeps_%u_pages", it->page_count);
	if (it->page_count > PIPE_PAGES ||
	    (it->page_count < PIPE_PAGES &&
	     it->head + it->fill > it->page_count * PAGE_SIZE))
		fail("%u_pages_for_%u_bytes", it->page_count, it->fill);
	if (it->page_count != frame_count[FRAME_BUFFER])
		fail("%u_pages_are_%u_frames", it->page_count,
		     frame_count[FRAME_BUFFER]);
}

static void check_state(void)
{
	if (!pipe)
		return;
	check_pages();
	check_turns(END_READ);
	check_turns(END_WRITE);
}

static bool could_move(const struct doing *doing)
{
	size_t room = PIPE_CAPACITY - model_fill();

	if (pipe->ends[!doing->end] == 0)
		return true;
	if (doing->end == END_READ)
		return model_fill() > 0;
	return room >= (doing->left <= PIPE_BUF ? doing->left : 1);
}

static void check_poller(const struct actor *actor)
{
	for (int i = 0; i < 2; i++)
		if (actor->files[i] && file_poll(actor->files[i]) &
		    doings[actor->number].events)
			fail("poll_of_%d_sleeps_beside_an_event",
			     actor->number);
}

static void check_sleeper(struct actor *actor)
{
	const struct doing *doing = &doings[actor->number];
	struct wait_queue *queue;

	switch (doing->kind) {
	case TRANSFER:
		queue = &pipe->queue[doing->end];
		if ((list_first(&queue->sleepers) == &actor->task.wait.node ||
		     pipe->ends[!doing->end] == 0) && could_move(doing))
			fail("wake_up_of_%d_is_lost", actor->number);
		break;
	case OPENING:
		if (pipe->ends[!doing->end] || opens[!doing->end] !=
		    doing->met)
			fail("opener_%d_has_met_somebody", actor->number);
		break;
	case POLLING:
		check_poller(actor);
		break;
	case NOTHING:
		break;		/* asleep until a time */
	}
}

/* Each actor inherits both ends, some actors keep only one end. */
static void share_pipe(void)
{
	struct open_file *files[2];

	if (pipe_create(0, &files[END_READ], &files[END_WRITE]) != 0)
		fail("no_pipe");
	look_inside(files[END_READ]->object);
	for (unsigned i = 0; i < actor_count; i++) {
		for (int end = 0; end < 2; end++) {
			if (choose(3) == 0)
				continue;
			file_get(files[end]);
			actors[i].files[end] = files[end];
		}
	}
	file_put(files[END_READ]);
	file_put(files[END_WRITE]);
}

static void schedule_begin(void)
{
	memset(doings, 0, sizeof(doings));
	memset(opens, 0, sizeof(opens));
	model_head = model_tail = 0;
	is_fifo = seed % 2;
	if (!is_fifo)
		share_pipe();
}

static void schedule_end(void)
{
	if (pipe || fifo_node.data || fifo_node.links)
		fail("pipe_stays_behind");
	if (host_pool_objects() || frame_count[FRAME_BUFFER] || file_count ||
	    object_count)
		fail("leak: %u objects, %u pages, %u files",
		     host_pool_objects(), frame_count[FRAME_BUFFER],
		     file_count);
}

int main(int argc, char **argv)
{
	host_init(64);
	for (uint32_t i = 0; i < SOURCE_BYTES; i++)
		host_user_bytes(host_user)[i] = choose(256);
	return run_schedules(argc, argv, SCHEDULES);
}
