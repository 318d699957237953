/*
 * mailbox.c - the mailboxes under random schedules of senders, receivers,
 * callers and killers: no message is lost, doubled or out of order.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/coroutine.c tests/host/stub/kernel.c
 * link: kernel/task/user.c kernel/task/wait.c kernel/task/timer.c
 * link: tests/host/stub/memory.c kernel/obj/object.c kernel/obj/file.c
 * link: kernel/obj/descriptor.c kernel/obj/flight.c kernel/lib/hash.c
 * link: kernel/task/process_memory.c kernel/task/process_pages.c
 * link: kernel/task/crowd.c
 *
 * The shipped kernel/ipc/mail*.c over the shipped wait.c. A few processes, some
 * with several tasks, share two boxes of random capacity and send each other
 * direct messages. Every message has a serial number in its body; the model
 * knows whether each message lies in a box, was taken, or came back. These
 * rules are checked:
 *
 * - a successful send has put its message in once, and a successful synchronous
 *   send ends after the take; a failed send has sent nothing;
 * - a receiver gets only a message that the receiver wanted, with a whole body;
 *   no older wanted message is left behind;
 * - a message goes to the first receiver waiting for it; a newcomer does not
 *   send or take before the waiting tasks;
 * - no message lies in a box while a receiver of this message sleeps; no sender
 *   sleeps beside free room, no caller without a process that could reply;
 * - an accepted reply arrives, a refused reply has no caller;
 * - the count of a box is the number of its messages, and at the end no memory
 *   is used.
 *
 * A failure prints the command that repeats it (stub/actors.h).
 *
 * A long file, since every call of a mailbox has an actor's side here.
 */
#include "tests/host/mailbox_model.h"

#define SCHEDULES	100000
#define REPLY_MARK	0x80000000u
#define NOWHERE		0x10u

static unsigned dead;			/* processes that have ended */
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

/* Errors come only with their cause. */
static void check_error(const struct actor *actor, long error,
			uint64_t deadline_ns, int flags)
{
	tell("%ld", error);
	if (error == -EINTR && !actor->is_signalled)
		fail("EINTR_without_a_signal");
	if (error == -ETIMEDOUT && now < deadline_ns)
		fail("ETIMEDOUT_too_early");
	if (error == -EAGAIN && !(flags & MAILBOX_NONBLOCK))
		fail("EAGAIN_of_one_who_would_wait");
	if (error == -ESRCH && dead == 0)
		fail("ESRCH_while_all_processes_live");
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
	if (result == 0 && waited && !is_received(message))
		fail("synchronous_send_of_%u_returns_before", serial);
	if (result < 0 && is_received(message))
		fail("send_of_%u_fails_with_%ld_but_was_received", serial,
		     result);
	if (result < 0)
		message->place = DROPPED;
}

/* ---- Steps of actors ----------------------------------------------------- */

static uint32_t choose_bytes(void)
{
	return choose(6) ? 4 + choose(SHORT_MOST - 3)
			  : 4000 + choose(BODY_MOST - 4000);
}

static struct mail_send prepare_send(struct actor *actor, int which,
				     uint32_t serial)
{
	struct mail_send send = {
		.mail.box = boxes[which],
		.mail.head = {
			.type = 1 + choose(3), .bytes = choose_bytes(),
			.receiver = choose(6) ? 0 :
				    FIRST_PID + (int)choose(home_count),
			.fd = -1,
		},
		.mail.body = choose(30) ? role_of(actor)->memory : NOWHERE,
		.flags = choose_flags(MAILBOX_NONBLOCK | MAILBOX_SYNC),
		.deadline_ns = choose_deadline(),
	};

	if (choose(5) == 0) {
		send.mail.head.flags = MESSAGE_HAS_FD;
		send.mail.head.fd = choose(4);
	}
	make_body(host_user_bytes(role_of(actor)->memory), serial,
		   send.mail.head.bytes);
	return send;
}

static bool may_use(const struct actor *actor, int which)
{
	return !role_of(actor)->home->has_closed[which] &&
	       last_serial < MESSAGES_MOST - 1;
}

static bool may_send_to(const struct actor *actor, int which)
{
	return may_use(actor, which) && file_can_write(descriptor_file(which));
}

static bool may_receive_from(const struct actor *actor, int which)
{
	return may_use(actor, which) && file_can_read(descriptor_file(which));
}

static void begin_sending(struct actor *actor, uint32_t serial,
			  const struct mail_send *send)
{
	role_of(actor)->sending = serial;
	role_of(actor)->head = &send->mail.head;
}

static void send(struct actor *actor, int which)
{
	struct open_file *file = descriptor_file(which);
	uint32_t serial = ++last_serial;
	struct mail_send send = prepare_send(actor, which, serial);
	long result;

	tell("sends %u to box %d, type %u, for %d, flags %d", serial, which,
	     send.mail.head.type, send.mail.head.receiver,
	     send.flags);
	begin_sending(actor, serial, &send);
	file_get(file);
	result = mail_send(&send);
	check_sent(serial, result, send.waits);
	file_put(file);
	role_of(actor)->sending = 0;
	check_error(actor, result, send.deadline_ns, send.flags);
}

static void send_direct(struct actor *actor)
{
	pid_t to = FIRST_PID + (int)choose(MIN(home_count, 2));
	uint32_t serial = ++last_serial;
	struct mail_send send = prepare_send(actor, 0, serial);
	long result;

	send.mail.head.receiver = to;
	tell("sends %u to process %d, flags %d", serial, to,
	     send.flags);
	begin_sending(actor, serial, &send);
	result = mail_send_to(&send, to);
	check_sent(serial, result, send.flags == MAILBOX_SYNC);
	role_of(actor)->sending = 0;
	check_error(actor, result, send.deadline_ns, send.flags);
}

/* Answer, or let the caller wait; the descriptor is kept or closed. */
static void use_message(struct actor *actor, int which, long bytes,
			const struct mail_receive *receive)
{
	struct message head;
	struct mail_send send = {
		.mail.box = boxes[which],
		.mail.body = role_of(actor)->memory,
	};
	uint32_t serial;
	long result;

	check_body(host_user_bytes(receive->to.body), bytes);
	memcpy(&head, host_user_bytes(receive->to.head_at), sizeof(head));
	memcpy(&serial, host_user_bytes(receive->to.body), sizeof(serial));
	if (head.fd >= 0 && choose(2))
		descriptor_close(head.fd);
	if (!(head.flags & MESSAGE_WANTS_REPLY) || choose(4) == 0)
		return;
	if (choose(2))
		give_way();
	if (actor->is_killed || role_of(actor)->home->has_closed[which])
		return;
	send.mail.head = head;
	send.mail.head.flags = 0;
	send.mail.head.bytes = choose_bytes();
	make_body(host_user_bytes(role_of(actor)->memory), serial | REPLY_MARK,
		   send.mail.head.bytes);
	result = mail_reply(&send);
	tell("replies to %u: %ld", serial, result);
	if (result == 0 && known[serial].has_given_up)
		fail("reply_to_a_caller_that_has_gone");
	if (result == -ESRCH && !known[serial].has_given_up &&
	    !role_of(actor)->home->has_closed[which])
		fail("reply_to_%u_finds_no_caller", serial);
	known[serial].is_answered |= result == 0;
}

static struct mail_receive prepare_receive(struct actor *actor)
{
	struct mail_receive receive = {
		.to.process = &role_of(actor)->home->process,
		.type = choose(2) ? 0 : 1 + choose(3),
		.sender = choose(3) ? 0 : FIRST_PID + (int)choose(home_count),
		.to.head_at = role_of(actor)->memory + 2 * 8192,
		.to.body = choose(30) ? role_of(actor)->memory + 8192 : NOWHERE,
		.to.body_bytes = choose(10) ? BODY_MOST : choose(50),
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
	tell("receives from box %d, type %u, sender %d", which, receive.type,
	     receive.sender);
	role_of(actor)->receiving = &receive;
	file_get(file);
	result = mail_receive(&receive);
	file_put(file);
	role_of(actor)->receiving = NULL;
	check_error(actor, result, receive.deadline_ns, receive.flags);
	if (result >= 0)
		use_message(actor, which, result, &receive);
}

static void receive_direct(struct actor *actor)
{
	struct mail_receive receive = prepare_receive(actor);
	int flags = receive.flags;
	long result;

	tell("receives, type %u, sender %d", receive.type,
	     receive.sender);
	role_of(actor)->receiving = &receive;
	receive.box = mailbox_of_process(receive.to.process);
	result = receive.box ? mail_receive(&receive) : -ENOMEM;
	role_of(actor)->receiving = NULL;
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
	uaddr_t reply = role_of(actor)->memory + 8192;
	long result;

	send.reply_to = (struct mail_place){
		.process = &role_of(actor)->home->process,
		.head_at = role_of(actor)->memory + 2 * 8192,
		.body = reply, .body_bytes = BODY_MOST,
	};
	send.flags &= MAILBOX_NONBLOCK;
	tell("calls %u", serial);
	begin_sending(actor, serial, &send);
	file_get(file);
	result = mail_call(&send);
	file_put(file);
	role_of(actor)->sending = 0;
	message->has_given_up = true;
	if (message->place == IN_BOX)
		message->place = DROPPED;
	check_error(actor, result, send.deadline_ns, send.flags);
	if (result >= 0 && !message->is_answered)
		fail("call_%u_succeeds_without_an_answer", serial);
	if (message->is_answered && result < 0 && !actor->is_killed)
		fail("answer_to_%u_is_lost: %ld", serial, result);
	if (result < 0)
		return;
	check_body(host_user_bytes(reply), result);
	memcpy(&got, host_user_bytes(reply), sizeof(got));
	if (got != (serial | REPLY_MARK))
		fail("call_%u_gets_the_answer_to_%u", serial, got);
}

static void close_box(struct actor *actor, int which)
{
	tell("process %d closes box %d", role_of(actor)->home->process.id,
	     which);
	role_of(actor)->home->has_closed[which] = true;
	descriptor_close(which);
}

static void actor_step(struct actor *actor)
{
	int which = choose(BOXES), what = choose(20);
	bool usable = may_use(actor, which);

	check_state();		/* before a new task begins to wait */
	if (what < 5 && may_send_to(actor, which))
		send(actor, which);
	else if (what < 11 && may_receive_from(actor, which))
		receive(actor, which);
	else if (what < 13 && may_send_to(actor, which))
		call(actor, which);
	else if (what < 15 && last_serial < MESSAGES_MOST - 1)
		send_direct(actor);
	else if (what < 16)
		receive_direct(actor);
	else if (what < 19)
		common_step();
	else if (choose(4) == 0 && usable)
		close_box(actor, which);
}

/* The messages for a process end with the process. */
static void forget_messages(const struct home *home)
{
	for (uint32_t i = 1; i <= last_serial; i++)
		if (known[i].place == IN_BOX &&
		    known[i].mail->head.receiver == home->process.id)
			known[i].place = DROPPED;
}

static void actor_leave(struct actor *actor)
{
	struct home *home = role_of(actor)->home;

	list_remove(&actor->task.sibling);
	if (--home->alive > 0)
		return;
	forget_messages(home);
	dead++;
	ending++;
	end_home(home);
	ending--;
}

/* ---- One schedule -------------------------------------------------------- */

/* A descriptor of the box for the process: to send, to receive, or both. */
static void open_box(struct home *home, int which)
{
	static const int modes[] = { O_RDWR, O_RDWR, O_RDONLY, O_WRONLY };
	struct open_file *file;

	cpu.current->process = &home->process;
	file_open(&boxes[which]->object, modes[choose(4)], &file);
	descriptor_install(file, which, false);
}

static void create_boxes(void)
{
	struct process *process = cpu.current->process;
	static const long capacities[] = { 0, 1, 2, MAILBOX_UNBOUNDED };
	struct object *object;

	for (int i = 0; i < BOXES; i++) {
		struct mailbox_attr attr = {
			.capacity = capacities[choose(4)],
			.message_bytes = BODY_MOST,
		};

		mailbox_create(&attr, &object);
		boxes[i] = CONTAINER_OF(object, struct mailbox, object);
		boxes[i]->holder.is_root = choose(3) == 0;
		for (unsigned home = 0; home < home_count; home++)
			open_box(&homes[home], i);
	}
	cpu.current->process = process;
}

static void schedule_begin(void)
{
	last_serial = 0;
	dead = 0;
	memset(known, 0, sizeof(known));
	create_homes();
	give_roles();
	create_boxes();
	memory_fails = choose(8) == 0;
	alloc_fail_countdown = memory_fails ? 1 + choose(30) : 0;
}

static void schedule_end(void)
{
	alloc_fail_countdown = 0;
	for (int i = 0; i < BOXES; i++) {
		flight_set_root(&boxes[i]->holder, false);
		object_put(&boxes[i]->object);
	}
	objects_destroy_ended();
	if (host_pool_objects() || object_count || frame_count[FRAME_BUFFER] ||
	    account_root.used[ACCOUNT_MESSAGES])
		fail("memory_leaks: %u objects, %u bytes, %u frames",
		     host_pool_objects(), account_root.used[ACCOUNT_MESSAGES],
		     frame_count[FRAME_BUFFER]);
}

int main(int argc, char **argv)
{
	host_init(1024);
	return run_schedules(argc, argv, SCHEDULES);
}
