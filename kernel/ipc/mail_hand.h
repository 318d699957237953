/*
 * mail_hand.h - a short call or reply, handed over from stack to stack.
 *
 * The usual server waits for any message when the call comes, and its caller
 * waits when the reply does. Then nothing needs to be allocated, and no list
 * searched: the caller's own `struct mail_call`, on the kernel stack where it
 * waits, holds the request and later the reply.
 *
 *	caller				server
 *					waits in the box's own queue
 *	note = request, hands over
 *	waits at its call
 *					takes it: the call is at its desk
 *					note = reply, wakes the caller
 *					waits in the box's own queue
 *	gives the note to its program
 *
 * Who waits next is who runs next, so the whole round trip has two switches.
 * A call that is handed over counts in the box until it is taken, but lies in
 * no list. Until then it may still go wrong, as with a message that was granted
 * (mail_match.c): the receiver fails, and the request goes back into the box;
 * the caller gives up, and the receiver is robbed.
 *
 * Whatever is not short, plain and expected answers HAND_NOT, before anything
 * has changed: the general way (mail_call(), mail_reply()) is then to be taken,
 * and says what was wrong.
 *
 * Where the 820 instructions of a round trip are (make profile
 * BENCH=mailbox-call-head): 70 in and out of the kernel, 140 in the two
 * switches, with making the next task ready and giving way to it, 48 in the
 * programs; the rest looks at arguments and at the box, copies header and body
 * four times, and keeps the books of two waits. Two words can do without most
 * of that: see mail_line.h.
 *
 * In a header so that the system call and all this become one function. All
 * functions need [P].
 */
#pragma once

#include "arch/arch.h"
#include "kernel/ipc/mail_desk.h"
#include "kernel/task/process.h"
#include "kernel/task/wait_inline.h"

#define HAND_NOT	(-4096L)	/* no errno: take the general way */
#define NOTE_HIGHEST	(USER_HIGHEST - sizeof(struct mail_note))

/* A receiver that takes any message, without end; the caller says which box,
 * where to, and the flags. Cheaper than clearing it all. */
static inline void mail_receive_any(struct mail_receive *receive)
{
	receive->process = process_current();
	receive->type = 0;
	receive->sender = 0;
	receive->words = NULL;
	receive->deadline_ns = FOREVER;
	receive->mail = NULL;
	receive->handed = NULL;
	receive->error = 0;
	list_node_init(&receive->robbed);
	list_node_init(&receive->node);
}

/* The receiver takes what was handed to it: bytes, -EFAULT, or its error. */
long mail_hand_take(struct mail_receive *receive);
/* It will not: back into the box. */
void mail_hand_back(struct mail_receive *receive);
/* The caller gives up before it was taken. */
void mail_hand_recall(struct mailbox *box, struct mail_call *call);

/* To the running process: the length of the body, or -EFAULT. */
static inline long mail_note_give(const struct mail_note *note, uaddr_t head_at,
				  uaddr_t body)
{
	uint32_t bytes = note->head.bytes;

	if (UNLIKELY(bytes % 4 || body > NOTE_HIGHEST)) {
		if (bytes && copy_to_user(body, note->body, bytes) != 0)
			return -EFAULT;
	} else if (copy_words_to_user(body, note->body, bytes / 4) != 0) {
		return -EFAULT;
	}
	if (!head_at)
		return bytes;
	if (UNLIKELY(head_at > NOTE_HIGHEST) ||
	    copy_words_to_user(head_at, &note->head,
			       sizeof(note->head) / 4) != 0)
		return -EFAULT;
	return bytes;
}

/* ---- Calls --------------------------------------------------------------- */

/* Who gets a call without more ado, or NULL. */
static inline struct mail_receive *hand_receiver(const struct mailbox *box)
{
	const struct wait_queue *readers = &box->object.queue[END_READ];
	const struct wait_queue *writers = &box->object.queue[END_WRITE];
	struct list_node *first = readers->sleepers.head.next;
	struct mail_receive *receive;

	if (UNLIKELY(first == &readers->sleepers.head || box->count > 0 ||
		     writers->owed > 0 || !list_is_empty(&writers->sleepers) ||
		     !list_is_empty(&box->choices) ||
		     !list_is_empty(&box->robbed)))
		return NULL;
	receive = CONTAINER_OF(first, struct task, wait.node)->wait.context;
	return LIKELY(receive->process->desk != NULL) ? receive : NULL;
}

/* The header, then the body rounded up to words, into the note. */
static inline bool hand_fetch_head(struct mail_note *note, uaddr_t head_at)
{
	return head_at <= NOTE_HIGHEST &&
	       copy_words_from_user(&note->head, head_at,
				    sizeof(note->head) / 4) == 0;
}

static inline bool hand_fetch_body(struct mail_note *note, uaddr_t body)
{
	return body <= NOTE_HIGHEST &&
	       copy_words_from_user(note->body, body,
				    (note->head.bytes + 3) / 4) == 0;
}

static inline bool hand_fits(const struct mail_note *note,
			     const struct mailbox *box, size_t room)
{
	uint32_t bytes = note->head.bytes;

	return bytes <= MAIL_NOTE_BYTES && bytes <= box->message_bytes &&
	       bytes <= room && !(note->head.flags & ~MESSAGE_WANTS_REPLY);
}

static inline void hand_over(struct mailbox *box, struct mail_call *call,
			     struct mail_receive *receive)
{
	receive->handed = call;
	call->taker = receive;
	box->count++;
	box->bytes += mail_bytes(call->note.head.bytes);
	wait_wake_task(&box->object.queue[END_READ], receive->task);
}

static inline void hand_begin(struct mail_call *call, struct mailbox *box,
			      size_t reply_bytes)
{
	struct message *head = &call->note.head;

	list_init(&call->queue.sleepers);
	list_init(&call->queue.watchers);
	call->queue.owed = 0;
	call->queue.is_chosen = false;
	list_node_init(&call->node);
	call->box = box;
	call->mail = NULL;
	call->line = NULL;
	call->id = head->id = mail_next_id();
	call->caller = head->sender = process_current()->id;
	call->server = 0;
	call->reply_bytes = reply_bytes;
	call->outcome = -EAGAIN;
	call->reply = NULL;
	call->has_note = false;
	head->flags = MESSAGE_WANTS_REPLY;
	head->fd = -1;
}

static inline long hand_attempt_reply(void *context)
{
	return ((const struct mail_call *)context)->outcome;
}

/* mail_call() without a deadline, when it can be handed over. */
static inline long mail_hand_call(struct mailbox *box, uaddr_t head_at,
				  uaddr_t body, uaddr_t reply,
				  size_t reply_bytes)
{
	struct mail_receive *receive = hand_receiver(box);
	struct mail_call call;
	const struct wait_request request = {
		.queue = &call.queue,
		.object = &box->object,
		.event = WAIT_REPLY,
		.deadline_ns = FOREVER,
	};
	long result;

	if (UNLIKELY(!receive || !hand_fetch_head(&call.note, head_at) ||
		     call.note.head.receiver ||
		     !hand_fits(&call.note, box, receive->body_bytes) ||
		     !hand_fetch_body(&call.note, body)))
		return HAND_NOT;
	hand_begin(&call, box, reply_bytes);
	trace(TRACE_SEND, &box->object, call.note.head.bytes, &call);
	hand_over(box, &call, receive);
	cpu.current->wait.context = &call;
	result = wait_in_turn(&request, hand_attempt_reply, &call);
	if (LIKELY(call.has_note))
		return mail_note_give(&call.note, head_at, reply);
	return mail_call_over(&call, box, result, head_at, reply);
}

/* ---- Replies ------------------------------------------------------------- */

/* mail_reply(), for the call that came first. */
static inline long mail_hand_reply(struct mailbox *box, uaddr_t head_at,
				   uaddr_t body)
{
	const struct mail_desk *desk = process_current()->desk;
	struct list_node *sleeper;
	struct mail_call *call;
	struct message *head;

	if (UNLIKELY(!desk || list_is_empty(&desk->calls)))
		return HAND_NOT;
	call = LIST_ENTRY(desk->calls.head.next, struct mail_call, node);
	head = &call->note.head;
	if (UNLIKELY(!hand_fetch_head(&call->note, head_at) ||
		     head->id != call->id || call->box != box ||
		     head->receiver < 0 ||
		     !hand_fits(&call->note, box, call->reply_bytes) ||
		     !hand_fetch_body(&call->note, body)))
		return HAND_NOT;
	head->sender = process_current()->id;
	head->receiver = call->caller;
	head->flags = 0;
	head->fd = -1;
	trace(TRACE_REPLY, &box->object, head->bytes, call->caller);
	list_remove(&call->node);
	call->has_note = true;
	call->outcome = 0;
	sleeper = call->queue.sleepers.head.next;
	if (LIKELY(sleeper != &call->queue.sleepers.head))
		wait_serve(CONTAINER_OF(sleeper, struct task, wait.node));
	return 0;
}
