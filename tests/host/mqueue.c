/*
 * mqueue.c - message queues, their calls, wait.c and poll.c: the shipped files.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/coroutine.c tests/host/stub/memory.c
 * link: tests/host/stub/kernel.c kernel/task/wait.c kernel/task/user.c
 * link: kernel/task/timer.c kernel/obj/file.c kernel/obj/object.c
 * link: kernel/sys/poll.c kernel/task/process_memory.c
 * link: kernel/task/crowd.c
 *
 * Senders, receivers, deadlines, signals, killers, closers, bad addresses, no
 * memory, registrations (stub/actors.h). Beside the queue stands a model: a
 * table of messages. The model is checked inside each attempt, with these
 * rules:
 *
 * - a receiver gets the oldest of the most urgent messages, unchanged. A
 *   message that comes to an empty queue goes to the first sleeping receiver
 *   with room for the message at a good address;
 * - a call has moved one message or none, as its result says; a call ended by
 *   time, signal or error has moved none;
 * - a task that moves a message is the first in the wait queue;
 * - a registered process is told once, when the empty queue gets a message and
 *   no receiver waits, and at no other time;
 * - when no task can run, no sender, receiver or poller could go on;
 * - at the end nothing is left.
 *
 * The file is long so that the rules stand beside the checked calls.
 */
#include "tests/host/stub/actors.h"

#include "kernel/abi/poll.h"
#include "kernel/ipc/mqueue.h"
#include "tests/host/mqueue_world.h"

/* Between put and take and their callers stands a look at the model. */
#define mqueue_put	shipped_put
#define mqueue_take	shipped_take
#include "kernel/ipc/mqueue.c"
#undef mqueue_put
#undef mqueue_take
long mqueue_put(struct mqueue_transfer *transfer);
long mqueue_take(struct mqueue_transfer *transfer);
#include "kernel/ipc/mqueue_message.c"
#include "kernel/ipc/mqueue_notice.c"
#include "kernel/sys/sigevent.c"
#include "kernel/sys/mqueue.c"

#define SCHEDULES	100000
#define MODEL_MOST	4
#define MESSAGE_BYTES	9000		/* three pieces of kernel memory */
#define SOURCE_BYTES	(HOST_USER_BYTES / 2)

static const char *const program_name = "mqueue";

struct model_message {
	uaddr_t from;
	size_t bytes;
	uint32_t priority;
};

/* Oldest first. */
static struct model_message model[MODEL_MOST + 1];
static uint32_t model_length, model_most;

static struct doing {
	enum { NOTHING, TRANSFER, POLLING } kind;
	int end;
	const struct open_file *file;	/* of a transfer */
	bool may_be_eagain;		/* O_NONBLOCK at a time of the call */
	unsigned moved;			/* messages, in this call */
	uint32_t priority;		/* of the received message */
	bool was_given;			/* this message, during the wait */
	struct model_message message;
} doings[ACTORS_MOST];

static struct descriptors tables[ACTORS_MOST];
static struct mqueue *queue;

/* The registered process, by the rules of POSIX. */
static struct {
	int actor;			/* -1: no actor */
	int fd;				/* registered through this... */
	const struct open_file *file;	/* ...while it has this file */
	int kind;
} model_notice;

static struct doing *mine(void)
{
	return &doings[self()->number];
}

/* ---- Attempts, looked at from inside ------------------------------------- */

static bool notice_holds(void)
{
	struct actor *actor;

	if (model_notice.actor < 0)
		return false;
	actor = &actors[model_notice.actor];
	return !actor->has_ended &&
	       actor->files[model_notice.fd] == model_notice.file;
}

/* A message came to the empty queue: was exactly the right process told? */
static void check_notice(bool is_due, const unsigned *before)
{
	int told = is_due && notice_holds() && model_notice.kind != SIGEV_NONE
		? model_notice.actor : -1;

	for (unsigned i = 0; i < actor_count; i++)
		if (notices[i] - before[i] != (told == (int)i))
			fail("%u_notices_for_%u_whose_turn_is_%d",
			     notices[i] - before[i], i, told);
	if (is_due)
		model_notice.actor = -1;
}

static void check_count(void)
{
	if (queue->count != model_length || model_length > model_most)
		fail("queue_holds_%u_messages_not_%u", queue->count,
		     model_length);
}

/* The first sleeping receiver, or NULL. */
static const struct task *first_receiver(void)
{
	struct list_node *first =
		list_first(&queue->object.queue[END_READ].sleepers);

	return first ? LIST_ENTRY(first, struct task, wait.node) : NULL;
}

/* Can this receiver take a message of so many bytes? */
static bool may_take(const struct task *task, size_t bytes)
{
	const struct mqueue_transfer *receive = task->wait.context;

	return receive->at + bytes <= host_user + HOST_USER_BYTES;
}

/* The sleeping receiver that must get the message, or NULL. */
static struct actor *next_receiver(size_t bytes)
{
	struct task *task;

	LIST_FOR_EACH(task, &queue->object.queue[END_READ].sleepers, wait.node)
		if (may_take(task, bytes))
			return CONTAINER_OF(task, struct actor, task);
	return NULL;
}

static void check_bytes(const struct mqueue_transfer *received,
			const struct model_message *message)
{
	if (memcmp(host_user_bytes(received->at),
		   host_user_bytes(message->from), message->bytes))
		fail("wrong_message_is_received");
}

static void put_into_model(const struct mqueue_transfer *transfer,
			   const struct actor *to)
{
	const struct model_message message = {
		transfer->at, transfer->bytes, transfer->priority,
	};

	if (!to) {
		model[model_length++] = message;
		return;
	}
	if (list_is_linked(&to->task.wait.node) || to->task.wait.outcome != 0)
		fail("first_receiver_is_given_nothing");
	check_bytes(to->task.wait.context, &message);
	doings[to->number].was_given = true;
	doings[to->number].message = message;
}

long mqueue_put(struct mqueue_transfer *transfer)
{
	const char *overtaken =
		who_is_overtaken(&queue->object.queue[END_WRITE]);
	const struct actor *to = next_receiver(transfer->bytes);
	bool is_due = model_length == 0 && !to;
	bool passes = first_receiver() &&
		      (!to || first_receiver() != &to->task);
	unsigned before[ACTORS_MOST];
	long result;

	if (first_receiver() && model_length)
		fail("receiver_sleeps_beside_a_message");
	memcpy(before, notices, sizeof(before));
	result = shipped_put(transfer);
	if (result == WAIT_TRY_NEXT && !passes)
		fail("receiver_with_a_good_address_is_passed_over");
	if (result == 0) {
		if (model_length >= model_most)
			fail("message_is_sent_into_a_full_queue");
		if (overtaken)
			fail("%s", overtaken);
		put_into_model(transfer, to);
		mine()->moved++;
	}
	check_count();
	check_notice(is_due && result == 0, before);
	return result;
}

static void check_received(long bytes, const struct model_message *message)
{
	if ((size_t)bytes != message->bytes)
		fail("message_is_received_in_part");
	mine()->priority = message->priority;
	mine()->moved++;
}

static void take_from_model(const struct mqueue_transfer *transfer, long bytes)
{
	struct model_message *best = NULL, *message;

	for (message = model; message < model + model_length; message++)
		if (!best || message->priority > best->priority)
			best = message;
	if (!best)
		fail("message_comes_from_nowhere");
	check_bytes(transfer, best);
	check_received(bytes, best);
	model_length--;
	for (; best < model + model_length; best++)
		*best = best[1];
}

long mqueue_take(struct mqueue_transfer *transfer)
{
	const struct task *first = first_receiver();
	long result = shipped_take(transfer);

	if (result >= 0) {
		if (self()->is_killed)
			fail("dead_task_takes_a_message");
		if (first && !mine()->was_given)
			fail("task_at_the_head_is_overtaken");
		if (mine()->was_given)
			check_received(result, &mine()->message);
		else
			take_from_model(transfer, result);
	}
	check_count();
	return result;
}

/* ---- The calls, judged from outside -------------------------------------- */

static uaddr_t own_memory(void)
{
	return host_user + SOURCE_BYTES + self()->number * 2 * MESSAGE_BYTES;
}

static uaddr_t choose_deadline(void)
{
	switch (choose(6)) {
	case 0:
		return now + choose(60);
	case 1:
		return now;
	case 2:
		return BAD_TIME;
	}
	return 0;		/* no deadline */
}

static void judge(long result, uaddr_t deadline, bool is_good)
{
	check_count();
	if (mine()->moved != (result >= 0))
		fail("call_that_gives_%ld_has_moved_%u_messages", result,
		     mine()->moved);
	switch (result) {
	case -EINTR:
		check_interrupted(mine()->moved);
		return;
	case -ENOMEM:
		check_no_memory();
		return;
	case -ETIMEDOUT:
		if (!deadline || now < deadline)
			fail("call_ends_before_its_deadline");
		return;
	case -EAGAIN:
		if (!mine()->may_be_eagain)
			fail("blocking_call_is_EAGAIN");
		return;
	case -EINVAL:
		if (deadline != BAD_TIME)
			fail("good_time_is_EINVAL");
		return;
	}
	if (result < 0 && !(result == -EFAULT && !is_good))
		fail("call_gives_%ld", result);
}

/* The calls under way at this file see the new flag, or saw the old flag. */
static void choose_blocking(struct open_file *file)
{
	file->flags = (file->flags & ~O_NONBLOCK) |
		      (choose(4) == 0 ? O_NONBLOCK : 0);
	for (unsigned i = 0; i < actor_count; i++)
		if (doings[i].kind == TRANSFER && doings[i].file == file &&
		    file->flags & O_NONBLOCK)
			doings[i].may_be_eagain = true;
}

static void send(void)
{
	size_t bytes = choose(3) ? choose(100) : choose(MESSAGE_BYTES + 1);
	uaddr_t at = host_user + choose(SOURCE_BYTES - MESSAGE_BYTES);
	uaddr_t deadline = choose_deadline();
	uint32_t priority = choose(3) * 15;
	bool is_good = choose(10) > 0;
	long result;

	if (!is_good)
		at = host_user - (bytes + 1) / 2;
	tell("sends %zu bytes, priority %u", bytes, priority);
	result = deadline || choose(2) ?
		sys_mq_timedsend(1, at, bytes, priority, deadline) :
		sys_mq_send(1, at, bytes, priority);
	tell("has sent: %ld", result);
	judge(result, deadline, is_good);
}

static void receive(void)
{
	uaddr_t deadline = choose_deadline(), at = own_memory();
	uaddr_t priority_at = choose(2) ? at + MESSAGE_BYTES + 8 : 0;
	bool is_good = choose(10) > 0;
	long result;

	if (!is_good)
		at = host_user + HOST_USER_BYTES - choose(MESSAGE_BYTES / 8);
	tell("receives");
	result = deadline || choose(2) ?
		sys_mq_timedreceive(0, at, MESSAGE_BYTES, priority_at,
				    deadline) :
		sys_mq_receive(0, at, MESSAGE_BYTES, priority_at);
	tell("has received: %ld", result);
	judge(result, deadline, is_good);
	if (result >= 0 && priority_at &&
	    *(uint32_t *)host_user_bytes(priority_at) != mine()->priority)
		fail("receiver_is_told_another_priority");
}

static void transfer(struct actor *actor, int end)
{
	struct open_file *file = actor->files[end];

	if (!file)
		return;
	file_get(file);			/* no new file has the same address */
	*mine() = (struct doing){ .kind = TRANSFER, .end = end, .file = file };
	choose_blocking(file);
	maybe_fail_alloc();
	if (end == END_READ)
		receive();
	else
		send();
	mine()->kind = NOTHING;
	failures_to_tell = 0;
	file_put(file);
}

/* mq_notify(3). */
static void ask_for_notice(struct actor *actor, int end)
{
	static const int kinds[] = { SIGEV_NONE, SIGEV_SIGNAL, SIGEV_THREAD };
	const struct user_event event = { .notify = kinds[choose(3)],
					  .signal = SIGUSR1 };
	uaddr_t at = choose(4) ? own_memory() : 0;
	bool is_taken = notice_holds();
	long result;

	if (!actor->files[end])
		return;
	if (at)
		memcpy(host_user_bytes(at), &event, sizeof(event));
	result = sys_mq_notify(end, at);
	tell("asks to be told: %ld", result);
	if (result != (at && is_taken ? -EBUSY : 0))
		fail("registration_gives_%ld", result);
	if (!at && model_notice.actor == actor->number)
		model_notice.actor = -1;
	if (!at || result)
		return;
	model_notice.actor = actor->number;
	model_notice.fd = end;
	model_notice.file = actor->files[end];
	model_notice.kind = event.notify;
}

static void poll_both(void)
{
	uaddr_t at = own_memory();
	struct pollfd *fds = (void *)host_user_bytes(at);

	for (int i = 0; i < 2; i++)
		fds[i] = (struct pollfd){ self()->files[i] ? i : -1,
					  i ? POLLOUT : POLLIN, 0 };
	mine()->kind = POLLING;
	tell("polls");
	tell("has polled: %ld", sys_poll(at, 2, choose(3) ? -1
							  : (int)choose(2)));
	mine()->kind = NOTHING;
	failures_to_tell = 0;
}

/* A registration through a file ends with the file. */
static void close_end(struct actor *actor, int end)
{
	struct open_file *file = actor->files[end];

	if (!file)
		return;
	tell("closes end %d of %d", end, actor->number);
	actor->files[end] = NULL;
	if (!notice_holds())
		model_notice.actor = -1;
	file_put(file);
}

static void actor_step(struct actor *actor)
{
	int end = choose(2);

	switch (choose(12)) {
	case 0: case 1: case 2: case 3: case 4: case 5: case 6:
		if (!actor->files[end])
			end = !end;
		transfer(actor, end);
		return;
	case 7:
		poll_both();
		return;
	case 8:
		ask_for_notice(actor, end);
		return;
	case 9:
		if (choose(2))
			close_end(&actors[choose(actor_count)], end);
		return;
	default:
		common_step();
	}
}

static void actor_leave(struct actor *actor)
{
	actor->process.state = PROCESS_ZOMBIE;
	close_end(actor, END_READ);
	close_end(actor, END_WRITE);
}

/* ---- The rules between the steps ----------------------------------------- */

static void check_state(void)
{
	for (int end = 0; end < 2; end++) {
		uint32_t owed = 0;

		for (unsigned i = 0; i < actor_count; i++)
			if (actors[i].task.wait.queue ==
			    &queue->object.queue[end])
				owed += wait_has_turn(
				&actors[i].task.wait);
		if (owed != queue->object.queue[end].owed)
			fail("%u_turns_are_owed_not_%u",
			     queue->object.queue[end].owed, owed);
	}
}

static void check_sleeper(struct actor *actor)
{
	const struct doing *doing = &doings[actor->number];
	bool could = doing->end == END_READ ? model_length > 0
					    : model_length < model_most;

	if (doing->kind == TRANSFER && could &&
	    list_first(&queue->object.queue[doing->end].sleepers) ==
	    &actor->task.wait.node)
		fail("wake_up_of_%d_is_lost", actor->number);
	if (doing->kind != POLLING)
		return;
	for (int i = 0; i < 2; i++)
		if (actor->files[i] && file_poll(actor->files[i]) &
		    (i ? POLLOUT : POLLIN))
			fail("poll_of_%d_sleeps_beside_an_event",
			     actor->number);
}

/* Each actor has two descriptors: of files that all actors share, or of its own
   files. */
static void share_queue(struct object *object)
{
	static const uint32_t flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	struct open_file *files[3];

	for (int i = 0; i < 3; i++)
		if (file_open(object, flags[i], &files[i]) != 0)
			fail("no_file");
	for (unsigned i = 0; i < actor_count; i++) {
		for (int end = 0; end < 2; end++) {
			struct open_file *file = files[choose(2) ? end : 2];

			if (choose(6) == 0)
				continue;
			file_get(file);
			actors[i].files[end] = file;
		}
		tables[i].files = actors[i].files;
		tables[i].limit = 2;
		actors[i].process.descriptors = &tables[i];
	}
	for (int i = 0; i < 3; i++)
		file_put(files[i]);
}

static void schedule_begin(void)
{
	const struct mq_attr attr = {
		.mq_maxmsg = 1 + choose(MODEL_MOST),
		.mq_msgsize = MESSAGE_BYTES,
	};
	struct object *object;

	memset(doings, 0, sizeof(doings));
	memset(notices, 0, sizeof(notices));
	model_length = 0;
	model_most = attr.mq_maxmsg;
	model_notice.actor = -1;
	if (mqueue_create(&attr, &object) != 0)
		fail("no_queue");
	queue = CONTAINER_OF(object, struct mqueue, object);
	share_queue(object);	/* our own reference holds to the end */
}

static void schedule_end(void)
{
	object_put(&queue->object);
	objects_destroy_ended();
	if (host_pool_objects() || file_count || object_count ||
	    account_root.used[ACCOUNT_MESSAGES])
		fail("leak: %u objects, %u files, %u bytes",
		     host_pool_objects(), file_count,
		     account_root.used[ACCOUNT_MESSAGES]);
}

int main(int argc, char **argv)
{
	host_init(8);
	for (uint32_t i = 0; i < SOURCE_BYTES; i++)
		host_user_bytes(host_user)[i] = choose(256);
	return run_schedules(argc, argv, SCHEDULES);
}
