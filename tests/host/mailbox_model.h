/*
 * mailbox_model.h - the model of the messages for tests/host/mailbox.c, and the
 * rules checked at every switch and when no task can run.
 */
#pragma once

#include "tests/host/mailbox_world.h"

#define MESSAGES_MOST	256
enum place { UNSENT, IN_BOX, GIVEN, TAKEN, DROPPED };

/* The model's knowledge about a message. GIVEN: in the memory of the receiver,
 * which has not run since. */
struct known {
	enum place place;
	uint32_t id, priority, bytes;
	struct mail *mail;		/* while IN_BOX */
	const struct mailbox *box;
	const struct actor *receiver;	/* since GIVEN */
	struct home *server;		/* the taker of a call */
	bool is_answered;
	bool has_given_up;		/* the caller */
};

static unsigned ending;			/* processes that end now, in parts */
static struct known known[MESSAGES_MOST];
static uint32_t last_serial;
static struct mailbox *boxes[BOXES];

/* ---- Messages and their contents ----------------------------------------- */

static void make_body(uint8_t *body, uint32_t serial, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		body[i] = serial * 31 + i;
	memcpy(body, &serial, sizeof(serial));
}

static void check_body(const uint8_t *body, uint32_t bytes)
{
	uint32_t serial;

	memcpy(&serial, body, sizeof(serial));
	for (uint32_t i = sizeof(serial); i < bytes; i++)
		if (body[i] != (uint8_t)(serial * 31 + i))
			fail("body_of_%u_is_torn", serial);
}

static bool wants(const struct mail_receive *receive,
		  const struct message *head)
{
	return (!receive->type || receive->type == head->type) &&
	       (!receive->sender || receive->sender == head->sender) &&
	       (!head->receiver || head->receiver == receive->to.process->id);
}

static bool sleeps_for(const struct actor *actor, const struct message *head,
		       const struct mailbox *box)
{
	const struct mail_receive *receive = role_of(actor)->receiving;

	return receive && list_is_linked(&actor->task.wait.node) &&
	       receive->box == box && wants(receive, head);
}

static bool is_before(const struct task *a, const struct task *b)
{
	return a->priority > b->priority ||
	       (a->priority == b->priority &&
		a->wait.since_cycles < b->wait.since_cycles);
}

/* The receiver that must get the message, or NULL. */
static const struct actor *first_sleeper_for(const struct message *head,
					     const struct mailbox *box)
{
	const struct actor *first = NULL;

	for (unsigned i = 0; i < actor_count; i++)
		if (sleeps_for(&actors[i], head, box) &&
		    (!first || is_before(&actors[i].task, &first->task)))
			first = &actors[i];
	return first;
}

static bool is_received(const struct known *message)
{
	return message->place == GIVEN || message->place == TAKEN;
}

/* ---- The model sees a message go in, and out ----------------------------- */

/* The stored message with this number, or NULL. */
static struct mail *stored(const struct mailbox *box, uint32_t id)
{
	struct mail *mail;

	LIST_FOR_EACH(mail, &box->any.mails, nodes[0])
		if (mail->head.id == id)
			return mail;
	LIST_FOR_EACH(mail, &box->addressed, addressed)
		if (mail->head.id == id)
			return mail;
	return NULL;
}

static void model_send(const struct object *object, uint32_t id)
{
	struct mailbox *box = CONTAINER_OF(object, struct mailbox, object);
	uint32_t serial = role_of(self())->sending;
	struct known *message = &known[serial];
	const struct list_node *first;

	if (message->place != UNSENT)
		fail("message_%u_is_sent_twice", serial);
	message->id = id;
	message->bytes = role_of(self())->head->bytes;
	message->box = box;
	message->mail = stored(box, id);
	message->receiver = first_sleeper_for(role_of(self())->head, box);
	message->place = message->mail ? IN_BOX : GIVEN;
	if (message->mail)
		message->priority = message->mail->priority;
	else if (!message->receiver)
		fail("message_%u_is_given_to_no_task", serial);
	else
		message->server = role_of(message->receiver)->home;
	first = list_first(&object->queue[END_WRITE].sleepers);
	if (first && !cpu.current->wait.queue &&
	    CONTAINER_OF(first, struct task, wait.node)->priority >=
	    cpu.current->priority)
		fail("newcomer_%d_sends_before_those_who_wait",
		     self()->number);
}

/* The order of messages in a box. */
static bool comes_before(const struct known *a, const struct known *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return (int32_t)(a->id - b->id) < 0;
}

/* The receiver could have had a message in front instead. */
static void check_not_left_behind(const struct known *taken)
{
	for (uint32_t i = 1; i <= last_serial; i++)
		if (known[i].place == IN_BOX && known[i].box == taken->box &&
		    comes_before(&known[i], taken) &&
		    wants(role_of(self())->receiving, &known[i].mail->head))
			fail("message_%u_is_overtaken_by_%u", i,
			     (unsigned)(taken - known));
}

static void model_receive(uint32_t id)
{
	uint32_t serial = last_serial;
	struct known *message;

	while (serial > 0 && known[serial].id != id)
		serial--;
	message = &known[serial];
	tell("takes %u", serial);
	if (message->place == IN_BOX) {
		check_not_left_behind(message);
	} else if (message->place != GIVEN) {
		fail("message_%u_is_received_twice", serial);
	} else if (message->receiver != self()) {
		fail("receiver_%d_is_overtaken", message->receiver->number);
	}
	if (self()->is_killed && self()->task.wait.queue)
		fail("dead_task_takes_a_message");
	message->place = TAKEN;
	message->server = role_of(self())->home;
	message->mail = NULL;
}

/* ---- Rules for all times ------------------------------------------------- */

static void check_message(const struct known *message)
{
	const struct actor *sleeper = first_sleeper_for(&message->mail->head,
							message->box);

	if (sleeper)
		fail("message_%u_lies_while_%u_sleeps",
		     (unsigned)(message - known), sleeper->number);
}

static void check_box(const struct mailbox *box)
{
	uint32_t count = 0, bytes = 0;

	if (ending > 0)
		return;
	for (uint32_t i = 1; i <= last_serial; i++) {
		if (known[i].place != IN_BOX || known[i].box != box)
			continue;
		count++;
		bytes += mail_bytes(known[i].mail->head.bytes);
	}
	if (box->count != count || box->bytes != bytes)
		fail("box_counts_%u_of_%u_messages", box->count, count);
	if (box->capacity > 0 && count > (uint32_t)box->capacity)
		fail("box_of_%ld_holds_%u", box->capacity, count);
}

static void check_state(void)
{
	for (uint32_t i = 1; i <= last_serial; i++)
		if (known[i].place == IN_BOX)
			check_message(&known[i]);
	for (int i = 0; i < BOXES; i++)
		check_box(boxes[i]);
}

/* ---- Rules for a schedule without a ready task --------------------------- */

static bool holds_box(const struct descriptors *table,
		      const struct mailbox *box)
{
	uint32_t fd = 0;

	while (fd < table->limit && (!table->files[fd] ||
				     table->files[fd]->object != &box->object))
		fd++;
	return fd < table->limit;
}

static bool can_answer(const struct known *message)
{
	const struct home *server = message->server;

	if (!is_received(message) || message->is_answered ||
	    server->has_ended)
		return false;
	/* A second descriptor may have come in a message. */
	return holds_box(server->process.descriptors, message->box);
}

/* The waits of senders and receivers that no task could end. */
static void check_partner(const struct actor *actor)
{
	const struct task *task = &actor->task;
	const struct mailbox *box = CONTAINER_OF(task->wait.request->object,
						 struct mailbox, object);
	const struct known *message = &known[role_of(actor)->sending];
	int end = task->wait.request->event == WAIT_DATA ? END_WRITE : END_READ;

	if (box->owner)
		return;
	if (!(task->wait.request->event == WAIT_REPLY &&
	      is_received(message)) &&
	    mailbox_is_left(box, end))
		fail("task_%d_waits_at_a_box_left_by_all", actor->number);
	if (task->wait.request->event == WAIT_DATA &&
	    role_of(actor)->receiving->sender &&
	    !process_find(role_of(actor)->receiving->sender))
		fail("receiver_%d_waits_for_the_dead", actor->number);
	if (task->wait.request->event != WAIT_DATA &&
	    message->place == IN_BOX && message->mail->head.receiver &&
	    !process_find(message->mail->head.receiver))
		fail("sender_%d_waits_for_the_dead", actor->number);
}

/* The box is an inbox: the sender waits for room there. */
static void check_link(const struct actor *actor, const struct mailbox *inbox)
{
	uint32_t bytes = 0;

	for (uint32_t i = 1; i <= last_serial; i++)
		if (known[i].place == IN_BOX && known[i].box == inbox &&
		    known[i].mail->head.sender ==
		    role_of(actor)->home->process.id)
			bytes += mail_bytes(known[i].mail->head.bytes);
	if (bytes == 0 ||
	    bytes + mail_bytes(SHORT_MOST) <= INBOX_SENDER_BYTES_MAX)
		fail("sender_%d_sleeps_beside_an_inbox_with_room",
		     actor->number);
}

static void check_sleeper(struct actor *actor)
{
	const struct known *message = &known[role_of(actor)->sending];
	const struct mail_receive *receive = role_of(actor)->receiving;
	const struct wait_request *request = actor->task.wait.request;
	const struct mailbox *box;

	for (unsigned i = 0; i < BOXES; i++)
		if (boxes[i]->any.receivers.owed ||
		    boxes[i]->senders.owed ||
		    boxes[i]->object.queue[END_WRITE].owed)
			fail("turn_is_owed_to_nobody");
	if (request->event != WAIT_TIME && request->object)
		check_partner(actor);
	switch (request->event) {
	case WAIT_SPACE:
		box = CONTAINER_OF(request->object, struct mailbox, object);
		if (box->owner)
			check_link(actor, box);
		else if (box->count < (uint32_t)box->capacity)
			fail("sender_%d_sleeps_beside_room", actor->number);
		return;
	case WAIT_PEER:
		if (message->place != IN_BOX)
			fail("sender_%d_is_not_told", actor->number);
		if (mail_must_be_met(message->mail->sender))
			fail("sender_%d_may_not_wait", actor->number);
		return;
	case WAIT_REPLY:
		if (message->place != IN_BOX && !can_answer(message))
			fail("caller_%d_waits_for_nobody", actor->number);
		return;
	default:
		if (receive && receive->box->owner && receive->sender &&
		    !process_find(receive->sender))
			fail("receiver_%d_expects_the_dead", actor->number);
	}
}
