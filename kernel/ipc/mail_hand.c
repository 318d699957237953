/*
 * mail_hand.c - calls that were handed over: how they are taken, and what
 * happens when they are not. mail_hand.h has the theory.
 */
#include "kernel/ipc/mail_hand.h"

#include "kernel/ipc/mail_line.h"
#include "kernel/ipc/mail_match.h"
#include "kernel/lib/trace.h"

/* Nobody's any more, and no longer counted. */
static inline void let_go(struct mailbox *box, struct mail_call *call)
{
	call->taker->handed = NULL;
	call->taker = NULL;
	box->count--;
	box->bytes -= mail_bytes(call->note.head.bytes);
}

long mail_hand_take(struct mail_receive *receive)
{
	struct mail_call *call = receive->handed;
	long result = receive->error;

	if (UNLIKELY(receive->words != NULL) && !result)
		result = mail_words_of(&call->note.head, call->note.body,
				       receive->words);
	else if (LIKELY(!result))
		result = mail_note_give(&call->note, receive->head_at,
					receive->body);
	if (UNLIKELY(result < 0))
		return result;
	trace(TRACE_RECEIVE, &receive->box->object, result, call);
	let_go(receive->box, call);
	call->server = receive->process->id;
	list_append(&receive->process->desk->calls, &call->node);
	object_wake(&receive->box->object, END_WRITE);
	return result;
}

void mail_hand_back(struct mail_receive *receive)
{
	struct mail_call *call = receive->handed;
	struct list_node *caller;
	struct mail *mail;

	let_go(receive->box, call);
	mail = mail_create_short(&call->note.head, call->note.body);
	if (!mail) {
		call->outcome = -ENOMEM;
		wait_wake(&call->queue);
		return;
	}
	mail->call = call;
	call->mail = mail;
	trace(TRACE_SEND, &receive->box->object, mail->head.bytes, mail);
	caller = list_first(&call->queue.sleepers);
	if (receive->box->capacity == 0 && caller)
		mail->priority = LIST_ENTRY(caller, struct task,
					    wait.node)->priority;
	mailbox_lay(receive->box, mail);
}

void mail_hand_recall(struct mailbox *box, struct mail_call *call)
{
	struct mail_receive *receive = call->taker;

	let_go(box, call);
	mail_compensate(box, receive);
	object_wake(&box->object, END_WRITE);
}
