/*
 * mailbox.c - the mailboxes under random schedules: nothing lost, nothing
 * doubled, in order, however senders, receivers, callers and killers meet.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/coroutine.c tests/host/stub/kernel.c
 * link: kernel/task/user.c
 * link: tests/host/stub/memory.c kernel/obj/object.c kernel/obj/file.c
 * link: kernel/obj/descriptor.c
 *
 * The shipped kernel/ipc/mail*.c over the shipped wait.c. A few processes, some
 * with several tasks, share two boxes of random capacity and send each other
 * direct messages. Every message has a serial number in its body; the model
 * knows of each whether it lies in a box, was taken, or came back. Checked are:
 *
 * - a send that succeeds has put its message in once, a synchronous one has
 *   seen it taken; one that fails has sent nothing;
 * - who takes a message wanted it, its body is whole, no older one that it
 *   could have had is left behind;
 * - a message goes to the first that waits for it; a newcomer does not send or
 *   take before those who wait;
 * - no message lies in a box while somebody sleeps who wants it; no sender
 *   sleeps beside free room, no caller without somebody who could reply;
 * - a reply that was accepted arrives, one that was not has no caller;
 * - what the box counts is what is there, and at the end no memory is used.
 *
 * A failure prints the command that repeats it:
 *	build/host/mailbox SEED		one schedule, told step by step
 *	build/host/mailbox 0 N		N schedules
 *
 * A long file, since every call of a mailbox has an actor's side here.
 */
#include "tests/host/mailbox_model.h"

#define STEPS_MOST	8
#define SCHEDULES	100000u
#define REPLY_MARK	0x80000000u
#define NOWHERE		0x10u

static bool memory_fails;		/* -ENOMEM may come of anything */

/* ---- Ends of calls ------------------------------------------------------- */

static uint64_t choose_deadline(void)
{
	switch (choose(5)) {
	case 0:
		return now + choose(60);
	case 1:
		return now;
	}
	return FOREVER;
}

static int choose_flags(int others)
{
	return (int)choose(8) & others;
}

/* Errors that say why, and only then. */
static void check_error(const struct actor *actor, long error,
			uint64_t deadline_ns, int flags)
{
	tell("%d: %ld", actor->number, error);
	if (error == -EINTR && !actor->is_signalled && !is_over)
		fail("EINTR_without_a_signal");
	if (error == -ETIMEDOUT && now < deadline_ns)
		fail("ETIMEDOUT_too_early");
	if (error == -EAGAIN && !(flags & MAILBOX_NONBLOCK))
		fail("EAGAIN_of_one_who_would_wait");
	if (error == -ENOMEM && !memory_fails)
		fail("ENOMEM_without_a_cause");
	if (actor->task.wait.queue)
		fail("task_leaves_with_a_turn");
}

static void check_sent(uint32_t serial, long result, bool waited)
{
	struct known *message = &known[serial];

	if (result == 0 && message->place == UNSENT)
		fail("send_of_%u_succeeds_without_a_message", serial);
	if (result == 0 && waited && message->place != TAKEN)
		fail("synchronous_send_of_%u_returns_before", serial);
	if (result < 0 && message->place == TAKEN)
		fail("send_of_%u_fails_with_%ld_but_was_received", serial,
		     result);
	if (result < 0)
		message->place = DROPPED;
}

/* ---- What actors do ------------------------------------------------------ */

static uint32_t choose_bytes(void)
{
	return choose(20) ? 4 + choose(40) : 4000 + choose(BODY_MOST - 4000);
}

static struct mail_send prepare_send(struct actor *actor, int which,
				     uint32_t serial)
{
	struct mail_send send = {
		.box = boxes[which],
		.head = {
			.type = 1 + choose(3), .bytes = choose_bytes(),
			.receiver = choose(6) ? 0 :
				    FIRST_PID + (int)choose(home_count),
			.fd = -1,
		},
		.body = choose(30) ? actor->memory : NOWHERE,
		.flags = choose_flags(MAILBOX_NONBLOCK | MAILBOX_SYNC),
		.deadline_ns = choose_deadline(),
	};

	if (choose(5) == 0) {
		send.head.flags = MESSAGE_HAS_FD;
		send.head.fd = choose(4);
	}
	write_body(host_user_bytes(actor->memory), serial, send.head.bytes);
	return send;
}

static bool may_use(const struct actor *actor, int which)
{
	return !actor->home->has_closed[which] &&
	       last_serial < MESSAGES_MOST - 1;
}

static void send(struct actor *actor, int which)
{
	struct open_file *file = descriptor_file(which);
	uint32_t serial = ++last_serial;
	struct mail_send send = prepare_send(actor, which, serial);
	long result;

	tell("%d sends %u to box %d, type %u, for %d, flags %d",
	     actor->number, serial, which, send.head.type, send.head.receiver,
	     send.flags);
	actor->sending = serial;
	file_get(file);
	result = mailbox_send(&send);
	check_sent(serial, result, is_synchronous(&send) && may_wait(&send));
	file_put(file);
	actor->sending = 0;
	check_error(actor, result, send.deadline_ns, send.flags);
}

static void send_direct(struct actor *actor)
{
	pid_t to = FIRST_PID + (int)choose(home_count);
	uint32_t serial = ++last_serial;
	struct mail_send send = prepare_send(actor, 0, serial);
	long result;

	send.head.receiver = to;
	tell("%d sends %u to process %d, flags %d", actor->number, serial, to,
	     send.flags);
	actor->sending = serial;
	result = mail_send_direct(&send, to);
	check_sent(serial, result, send.flags == MAILBOX_SYNC);
	actor->sending = 0;
	check_error(actor, result, send.deadline_ns, send.flags);
}

/* Answer, or let the caller wait; the descriptor is kept or closed. */
static void use_message(struct actor *actor, int which, long bytes,
			const struct mail_receive *receive)
{
	struct message head;
	struct mail_send send = { .body = actor->memory };
	uint32_t serial;
	long result;

	check_body(host_user_bytes(receive->body), bytes);
	memcpy(&head, host_user_bytes(receive->head_at), sizeof(head));
	memcpy(&serial, host_user_bytes(receive->body), sizeof(serial));
	if (head.fd >= 0 && choose(2))
		descriptor_close(head.fd);
	if (!(head.flags & MESSAGE_WANTS_REPLY) || choose(4) == 0)
		return;
	if (choose(2))
		yield();
	if (actor->is_killed || is_over || actor->home->has_closed[which])
		return;
	send.box = boxes[which];
	send.head = head;
	send.head.flags = 0;
	send.head.bytes = choose_bytes();
	write_body(host_user_bytes(actor->memory), serial | REPLY_MARK,
		   send.head.bytes);
	result = HAND_NOT;
	if (choose(2)) {
		memcpy(host_user_bytes(receive->head_at), &send.head,
		       sizeof(send.head));
		result = mail_hand_reply(send.box, receive->head_at, send.body);
	}
	if (result == HAND_NOT)
		result = mail_reply(&send);
	tell("%d replies to %u: %ld", actor->number, serial, result);
	if (result == 0 && known[serial].has_given_up)
		fail("reply_to_a_caller_that_has_gone");
	if (result == -ESRCH && !known[serial].has_given_up)
		fail("reply_to_%u_finds_no_caller", serial);
	known[serial].is_answered |= result == 0;
}

static struct mail_receive prepare_receive(struct actor *actor)
{
	struct mail_receive receive = {
		.process = &actor->home->process,
		.type = choose(2) ? 0 : 1 + choose(3),
		.sender = choose(3) ? 0 : FIRST_PID + (int)choose(home_count),
		.head_at = actor->memory + 2 * 8192,
		.body = choose(30) ? actor->memory + 8192 : NOWHERE,
		.body_bytes = choose(10) ? BODY_MOST : choose(50),
		.flags = choose_flags(MAILBOX_NONBLOCK),
		.deadline_ns = choose_deadline(),
	};

	return receive;
}

static void receive(struct actor *actor, int which)
{
	struct open_file *file = descriptor_file(which);
	struct mail_receive receive = prepare_receive(actor);
	long result;

	receive.box = boxes[which];
	tell("%d receives from box %d, type %u, sender %d", actor->number,
	     which, receive.type, receive.sender);
	actor->receiving = &receive;
	file_get(file);
	result = mailbox_receive(&receive);
	file_put(file);
	actor->receiving = NULL;
	check_error(actor, result, receive.deadline_ns, receive.flags);
	if (result >= 0)
		use_message(actor, which, result, &receive);
}

static void receive_direct(struct actor *actor)
{
	struct mail_receive receive = prepare_receive(actor);
	int flags = receive.flags;
	long result;

	tell("%d receives, type %u, sender %d", actor->number, receive.type,
	     receive.sender);
	actor->receiving = &receive;
	result = mail_receive_direct(&receive);
	actor->receiving = NULL;
	check_error(actor, result, receive.deadline_ns, flags);
	if (result >= 0)
		use_message(actor, 0, result, &receive);
}

static void call(struct actor *actor, int which)
{
	struct open_file *file = descriptor_file(which);
	uint32_t serial = ++last_serial, got;
	struct mail_send send = prepare_send(actor, which, serial);
	struct known *message = &known[serial];
	const struct mail_receive reply = {
		.head_at = actor->memory + 2 * 8192,
		.body = actor->memory + 8192, .body_bytes = BODY_MOST,
	};
	long result;

	send.flags = 0;
	tell("%d calls %u", actor->number, serial);
	actor->sending = serial;
	file_get(file);
	result = HAND_NOT;
	if (choose(2)) {
		send.deadline_ns = FOREVER;
		memcpy(host_user_bytes(reply.head_at), &send.head,
		       sizeof(send.head));
		result = mail_hand_call(boxes[which], reply.head_at, send.body,
					reply.body, reply.body_bytes);
	}
	if (result == HAND_NOT)
		result = mail_call(&send, &reply);
	file_put(file);
	actor->sending = 0;
	message->has_given_up = true;
	if (message->place == IN_BOX)
		message->place = DROPPED;
	check_error(actor, result, send.deadline_ns, 0);
	if (result >= 0 && !message->is_answered)
		fail("call_%u_succeeds_without_an_answer", serial);
	if (message->is_answered && result < 0)
		fail("answer_to_%u_is_lost: %ld", serial, result);
	if (result < 0)
		return;
	check_body(host_user_bytes(reply.body), result);
	memcpy(&got, host_user_bytes(reply.body), sizeof(got));
	if (got != (serial | REPLY_MARK))
		fail("call_%u_gets_the_answer_to_%u", serial, got);
}

static void close_box(struct actor *actor, int which)
{
	tell("process %d closes box %d", actor->home->process.id, which);
	actor->home->has_closed[which] = true;
	descriptor_close(which);
}

static void change_priority(struct actor *actor)
{
	check_always();
	actor->task.priority = choose(3);
	tell("%d gets priority %u", actor->number, actor->task.priority);
	wait_reorder(&actor->task);
}

static void step(struct actor *actor)
{
	int which = choose(BOXES), what = choose(20);
	bool usable = may_use(actor, which);

	check_always();		/* before somebody new begins to wait */
	if (what < 5 && usable)
		send(actor, which);
	else if (what < 11 && usable)
		receive(actor, which);
	else if (what < 13 && usable)
		call(actor, which);
	else if (what < 14 && last_serial < MESSAGES_MOST - 1)
		send_direct(actor);
	else if (what < 15)
		receive_direct(actor);
	else if (what < 16)
		send_signal(&actors[choose(actor_count)], choose(2));
	else if (what < 17)
		change_priority(&actors[choose(actor_count)]);
	else if (what < 18 && choose(4) == 0 && usable)
		close_box(actor, which);
	else if (what < 19)
		nano_sleep_until(now + choose(40));
}

/* What lies in an inbox goes with its process. */
static void forget_inbox(const struct home *home)
{
	const struct mail_desk *desk = home->process.desk;

	for (uint32_t i = 1; desk && desk->inbox && i <= last_serial; i++)
		if (known[i].place == IN_BOX && known[i].box == desk->inbox)
			known[i].place = DROPPED;
}

static void live(void *at)
{
	struct actor *actor = at;
	unsigned steps = 1 + choose(STEPS_MOST);

	while (steps-- > 0 && !actor->is_killed && !is_over) {
		actor->is_signalled = actor->is_killed;
		actor->task.signal_pending = actor->is_killed;
		step(actor);
		if (choose(3) == 0 && !is_over)
			yield();
	}
	tell("%d ends", actor->number);
	actor->has_ended = true;
	list_remove(&actor->task.sibling);
	if (--actor->home->alive == 0) {
		forget_inbox(actor->home);
		end_home(actor->home);
	}
	block_task(TASK_TERMINATED);
}

/* ---- One schedule -------------------------------------------------------- */

static void create_boxes(struct open_file **files)
{
	static const long capacities[] = { 0, 1, 2, MAILBOX_UNBOUNDED };
	struct object *object;

	for (int i = 0; i < BOXES; i++) {
		struct mailbox_attr attr = {
			.capacity = capacities[choose(4)],
			.message_bytes = BODY_MOST,
		};

		mailbox_create(&attr, &object);
		file_open(object, O_RDWR, &files[i]);
		object_put(object);
		boxes[i] = mailbox_of(files[i]);
		for (unsigned home = 0; home < home_count; home++) {
			cpu.current->process = &homes[home].process;
			file_get(files[i]);
			descriptor_install(files[i], i, false);
		}
	}
}

/* Those who still sleep do so rightly; let them go. */
static void end_actors(void)
{
	check_when_nobody_can_run();
	is_over = true;
	for (unsigned i = 0; i < actor_count; i++) {
		actors[i].is_killed = true;
		actors[i].task.signal_pending = 1;
		wait_interrupt(&actors[i].task, -EINTR);
	}
	switch_away();
	for (unsigned i = 0; i < actor_count; i++)
		if (!actors[i].has_ended)
			fail("killed_task_%u_sleeps_on", i);
}

static void run_schedule(uint64_t number)
{
	static struct task nobody;
	struct open_file *files[BOXES];

	seed = number;
	random_state = number * 0x9e3779b97f4a7c15u;
	choose(2);
	now = 1000;
	is_over = false;
	last_serial = 0;
	memset(known, 0, sizeof(known));
	cpu.current = &nobody;
	create_homes();
	create_boxes(files);
	create_actors(live);
	memory_fails = choose(8) == 0;
	alloc_fail_countdown = memory_fails ? 1 + choose(30) : 0;
	switch_away();
	end_actors();
	alloc_fail_countdown = 0;
	for (int i = 0; i < BOXES; i++)
		file_put(files[i]);
	if (host_pool_objects() || bytes_in_all || object_count ||
	    frame_count[FRAME_BUFFER])
		fail("memory_leaks: %u objects, %u bytes, %u frames",
		     host_pool_objects(), bytes_in_all,
		     frame_count[FRAME_BUFFER]);
}

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 0) : SCHEDULES;

	host_init(1024);
	if (first) {
		is_verbose = true;
		count = 1;
	}
	for (uint64_t i = 0; i < count; i++)
		run_schedule(first ? first : i + 1);
	ok(true, "%llu schedules lose no message and no turn",
	   (unsigned long long)count);
	return tap_done();
}
