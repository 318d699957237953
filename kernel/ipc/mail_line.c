/*
 * mail_line.c - calls by words: how they begin, and what happens when they do
 * not go as usual. mail_line.h has the theory, call.asm the usual way.
 */
#include "kernel/ipc/mail_line.h"

#include "kernel/abi/errno.h"
#include "kernel/ipc/mail_hand.h"
#include "kernel/ipc/mail_match.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"

int mail_words_of(const struct message *head, const void *body,
		  struct mail_words *words)
{
	if (head->bytes > MAIL_WORDS_BYTES)
		return -EMSGSIZE;
	words->body[0] = words->body[1] = 0;
	memcpy(words->body, body, head->bytes);
	words->sender = head->sender;
	words->id = head->flags & MESSAGE_WANTS_REPLY ? head->id : 0;
	words->type = head->type;
	return 0;
}

/* call.asm finds the one by the address of the other. */
_Static_assert(offsetof(struct mail_desk, call) == 0 &&
	       offsetof(struct mail_call, queue) == 0 &&
	       offsetof(struct mail_line, receive) == 0 &&
	       offsetof(struct wait_queue, sleepers) == 0, "see call.asm");

static bool has_one_task(const struct process *process)
{
	return process->tasks.head.next->next == &process->tasks.head;
}

void mail_line_leave(struct mail_line *line)
{
	struct mail_call *call = line->current;

	if (line->box)
		mail_line_cut(line->box);
	if (!call)
		return;
	line->current = NULL;
	call->line = NULL;
	call->server = line->server;
	list_append(&CONTAINER_OF(line, struct mail_desk, line)->calls,
		    &call->node);
}

/* ---- The caller ---------------------------------------------------------- */

/* As it is between calls. */
static void call_reset(struct mail_call *call)
{
	call->mail = NULL;
	call->server = 0;
	call->outcome = -EAGAIN;
	call->reply = NULL;
	call->has_note = false;
}

/* The caller's wait as it will be, but for what changes with each. */
static void call_fill_in(struct mail_call *call, struct mailbox *box)
{
	struct wait *wait = &cpu.current->wait;
	struct list_node *head = &call->queue.sleepers.head;

	call_reset(call);
	call->box = box;
	call->task = cpu.current;
	call->caller = process_current()->id;
	call->reply_bytes = MAIL_WORDS_BYTES;
	head->next = head->prev = &wait->node;
	wait->node.prev = head;
	wait->object = &box->object;
	wait->event = WAIT_REPLY;
	wait->context = call;
}

long mail_line_prepare(struct mailbox *box)
{
	struct process *process = process_current();
	struct mail_desk *desk = mail_desk(process);

	if (!desk || !has_one_task(process))
		return -ENOSYS;
	call_fill_in(&desk->call, box);
	return 0;
}

/* The wait for a reply has ended, but not by call.asm. */
long machine_words_called(struct mail_words *words)
{
	struct wait *wait = &cpu.current->wait;
	struct mail_call *call = wait->context;
	const struct wait_request request = {
		.queue = &call->queue,
		.object = wait->object,
		.event = WAIT_REPLY,
		.deadline_ns = FOREVER,
	};
	long result;

	ASSERT(wait->event == WAIT_REPLY && wait->queue == &call->queue);
	result = wait_use_turns(&request, hand_attempt_reply, call,
				wait->outcome);
	mail_call_forget(call->box, call);
	if (call->has_note) {
		result = mail_words_of(&call->note.head, call->note.body,
				       words);
	} else if (call->reply) {
		result = mail_words_of(&call->reply->head, call->reply->bytes,
				       words);
		mail_free(call->reply);
	}
	call_reset(call);
	wait->object = NULL;		/* fill it in again */
	return result;
}

/* ---- The server ---------------------------------------------------------- */

/* Nothing in it, and nobody at it. */
static bool is_quiet(const struct mailbox *box)
{
	return box->count == 0 && list_is_empty(&box->mails) &&
	       wait_queue_is_idle(&box->object.queue[END_READ]) &&
	       wait_queue_is_idle(&box->object.queue[END_WRITE]) &&
	       list_is_empty(&box->choices) && list_is_empty(&box->robbed) &&
	       box->message_bytes >= MAIL_WORDS_BYTES;
}

static void line_begin(struct mail_line *line, struct mailbox *box)
{
	mail_line_leave(line);
	mail_receive_any(&line->receive);
	line->receive.box = box;
	line->receive.body_bytes = MAIL_WORDS_BYTES;
	line->receive.task = line->task = cpu.current;
	line->server = process_current()->id;
	line->queue = &box->object.queue[END_READ];
	line->box = box;
	box->line = line;
}

/* As mail_line_receive() has left it. */
long mail_line_prepare_reply(const struct mailbox *box)
{
	struct wait *wait = &cpu.current->wait;
	struct mail_line *line = box->line;

	if (!line || line->task != cpu.current || !line->current ||
	    !has_one_task(process_current()))
		return -ENOSYS;
	wait->node.prev = &line->queue->sleepers.head;
	wait->object = &box->object;
	wait->event = WAIT_DATA;
	wait->context = &line->receive;
	return 0;
}

static long end_receive(struct mail_line *line, struct mail_words *words,
			long result)
{
	if (result < 0)
		mail_wait_failed(&line->receive);
	mail_line_leave(line);
	line->receive.words = NULL;
	return result < 0 ? result : words->sender;
}

/* No C frame outlives a call that comes by the line: nothing is held. */
long mail_line_receive(struct mailbox *box, struct mail_words *words)
{
	const struct wait_request request = {
		.queue = &box->object.queue[END_READ],
		.object = &box->object,
		.event = WAIT_DATA,
		.deadline_ns = FOREVER,
	};
	struct mail_desk *desk = mail_desk(process_current());
	struct mail_line *line;
	long result;

	if (!desk || !has_one_task(process_current()) || box->line ||
	    !is_quiet(box))
		return -ENOSYS;
	line = &desk->line;
	line_begin(line, box);
	line->receive.words = words;
	if (box->capacity == 0)		/* who watches for us may send now */
		object_wake(&box->object, END_WRITE);
	cpu.current->wait.context = &line->receive;
	result = wait_in_turn(&request, mailbox_attempt_take, &line->receive);
	return end_receive(line, words, result);
}

/* The wait for a request has ended, but not by call.asm. */
long machine_words_received(struct mail_words *words)
{
	struct wait *wait = &cpu.current->wait;
	struct mail_receive *receive = wait->context;
	struct mail_line *line = CONTAINER_OF(receive, struct mail_line,
					      receive);
	const struct wait_request request = {
		.queue = line->queue,
		.object = wait->object,
		.event = WAIT_DATA,
		.deadline_ns = FOREVER,
	};

	ASSERT(wait->event == WAIT_DATA && wait->queue == line->queue);
	receive->words = words;
	return end_receive(line, words,
			   wait_use_turns(&request, mailbox_attempt_take,
					  receive, wait->outcome));
}
