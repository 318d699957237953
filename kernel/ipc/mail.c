/*
 * mail.c - one message: the receivers that want the message, the bytes of the
 * message, and its descriptor.
 *
 * Selections. A receiver selects by type and by sender. So each message is
 * wanted in four selections. A message of type 7 from process 12 is wanted in
 *
 *	(any, any)  (7, any)  (any, 12)  (7, 12)
 *
 * A selection has a list of messages in the order of their numbers, and a queue
 * of receivers by priority, then by arrival. A message is stored in the lists
 * of its four selections, and a receiver sleeps in the queue of one. So a
 * receiver looks into one list, and a message goes to the best of four first
 * receivers, whatever the number of messages and sleepers. The box has (any,
 * any). A hash finds the narrower selections of all boxes, and several may
 * share a place.
 *
 * A message for one process alone lies in four selections of this process. So
 * no receiver passes messages that are meant for a different process. A
 * receiver looks into the selection for all and into its own, and takes the
 * older message.
 *
 * In a box of capacity 0 each message stands for a waiting sender, and the
 * priority of the sender goes before the number. These messages lie in the list
 * of the box alone, since they are few.
 *
 * Bytes. If a receiver waits, the body is copied once, straight into the memory
 * of the receiver (process_memory.c). If no receiver waits, the message is
 * stored:
 *
 *	body				is kept in
 *	short, the sender waits		the record on the sender's stack
 *	short, the sender goes on	the heap, behind the message
 *	longer				frames, one for each page
 *
 * A body of more than COPY_PART_BYTES is always in frames (mail_long.c).
 * MAILBOX_GIFT: whole pages move, and the rest is copied (process_pages.c).
 *
 * A receiver gets the whole message or nothing. The steps that can fail come
 * first: the body, the number of the descriptor, the header. The pages of a
 * gift come last, and move together.
 */
#include "kernel/ipc/mail.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"
#include "kernel/task/process_pages.h"

#define SELECTION_BITS	10
#define SHORT_BYTES	(POOL_LARGEST - sizeof(struct mail))

/* [P] the narrow selections of all boxes; zeroed: not used yet */
static struct mail_selection selections[1u << SELECTION_BITS];

/* ---- Selections ---------------------------------------------------------- */

void mail_selection_init(struct mail_selection *selection)
{
	list_init(&selection->mails);
	wait_queue_init(&selection->receivers);
	selection->receivers.is_chosen = true;
}

/* The selection of messages by `by` of type and sender, for the receiver alone
 * (0: for all). */
static struct mail_selection *selection(struct mailbox *box, unsigned by,
					uint32_t type, pid_t sender,
					pid_t receiver)
{
	uint32_t ids = (by & BY_SENDER ? sender : 0) | receiver << 16;
	struct mail_selection *found = &box->any;

	if (by || receiver)
		found = &selections[hash_secretly(
				SELECTION_BITS,
				box->object.id * MAIL_SELECTIONS + by,
				by & BY_TYPE ? type : 0, ids)];
	if (!found->mails.head.next)
		mail_selection_init(found);
	return found;
}

void mail_insert(struct mail *mail)
{
	const struct message *head = &mail->head;
	struct mailbox *box = mail->box;
	pid_t addressee = box->owner ? 0 : head->receiver;
	unsigned by;

	for (by = 0; by < MAIL_SELECTIONS; by++)
		list_insert_new(&selection(box, by, head->type, head->sender,
					   addressee)->mails.head,
				&mail->nodes[by]);
	list_node_init(&mail->addressed);
	if (addressee)
		list_append(&box->addressed, &mail->addressed);
}

void mail_remove(struct mail *mail)
{
	unsigned by;

	for (by = 0; by < MAIL_SELECTIONS; by++)
		list_remove(&mail->nodes[by]);
	if (list_is_linked(&mail->addressed))
		list_remove(&mail->addressed);
}

static unsigned selects_by(const struct mail_receive *receive)
{
	return (receive->type ? BY_TYPE : 0) |
	       (receive->sender ? BY_SENDER : 0);
}

struct wait_queue *mail_receivers(const struct mail_receive *receive)
{
	return &selection(receive->box, selects_by(receive), receive->type,
			  receive->sender, 0)->receivers;
}

static bool is_wanted(const struct mail_receive *receive,
		      const struct mailbox *box, const struct message *head)
{
	return receive->box == box &&
	       (!receive->type || receive->type == head->type) &&
	       (!receive->sender || receive->sender == head->sender) &&
	       (!head->receiver || head->receiver == receive->to.process->id);
}

static bool is_older(const struct mail *a, const struct mail *b)
{
	return (int32_t)(a->head.id - b->head.id) < 0;
}

/* First of the messages for all, then of those for this process alone. */
struct mail *mail_find(const struct mail_receive *receive)
{
	struct mailbox *box = receive->box;
	unsigned by = box->capacity == 0 ? 0 : selects_by(receive);
	struct mail *mail, *found = NULL;
	struct list *mails;
	pid_t addressee = 0;

	for (;;) {
		mails = &selection(box, by, receive->type, receive->sender,
				   addressee)->mails;
		LIST_FOR_EACH(mail, mails, nodes[by])
			if (is_wanted(receive, mail->box, &mail->head)) {
				if (!found || is_older(mail, found))
					found = mail;
				break;
			}
		if (addressee || list_is_empty(&box->addressed))
			return found;
		addressee = receive->to.process->id;
	}
}

/* The better of two receivers; a or b may be NULL. */
static struct mail_receive *better(struct mail_receive *a,
				   struct mail_receive *b)
{
	if (!a || !b)
		return a ? a : b;
	return wait_goes_before(b->task, a->task) ? b : a;
}

/* The first waiting receiver of the message in a selection, or NULL. */
static struct mail_receive *first_in(const struct mail_selection *selection,
				     const struct mailbox *box,
				     const struct message *head)
{
	struct task *task;

	LIST_FOR_EACH(task, &selection->receivers.sleepers, wait.node)
		if (is_wanted(task->wait.context, box, head))
			return task->wait.context;
	return NULL;
}

struct mail_receive *mail_find_receiver(struct mailbox *box,
					const struct message *head)
{
	struct mail_receive *first = first_in(&box->any, box, head);
	unsigned by;

	for (by = 1; by < MAIL_SELECTIONS && box->selecting > 0; by++)
		first = better(first, first_in(selection(box, by, head->type,
						head->sender, 0), box, head));
	return first;
}

/* ---- Memory -------------------------------------------------------------- */

void mail_free(struct mail *mail)
{
	frame_t pages = mail->pages;

	mail->pages = 0;
	mail->gift = 0;
	if (mail->flight)
		flight_end(mail->flight);
	mail->flight = NULL;
	if (mail->bytes && !mail->sender) {	/* in the heap */
		account_uncharge(pool_payer(mail), ACCOUNT_MESSAGES,
				 mail_bytes(mail->head.bytes));
		heap_free(mail);
	}
	process_free_pages(&pages);	/* last: tasks may switch */
}

/* ---- From the sender ----------------------------------------------------- */

int mail_check(struct mail *mail)
{
	struct open_file *file;

	mail->head.sender = process_current()->id;
	if (mail->head.bytes > mail->box->message_bytes)
		return -EMSGSIZE;
	if (!(mail->head.flags & MESSAGE_HAS_FD))
		return 0;
	file = descriptor_file(mail->head.fd);
	if (!file)
		return -EBADF;
	mail->flight = flight_create(file);
	if (!mail->flight)
		return account_error(ACCOUNT_FLIGHTS, 1, -ETOOMANYREFS,
				     -ENOMEM);
	return 0;
}

/* The message of a sender that goes on: in the heap, without a body. */
static struct mail *mail_create(struct mail_send *send)
{
	uint32_t bytes = send->mail.head.bytes;
	uint32_t room = bytes <= SHORT_BYTES ? bytes : 0;
	struct mail *mail = heap_alloc(sizeof(*mail) + room);

	if (!mail)
		return NULL;
	if (!account_charge(pool_payer(mail), ACCOUNT_MESSAGES,
			    mail_bytes(bytes))) {
		heap_free(mail);
		return NULL;
	}
	*mail = send->mail;
	mail->bytes = (uint8_t *)(mail + 1);
	mail->flight = NULL;
	return mail;
}

/* Copy the body to mail->bytes, or into frames if longer. */
static int fill(struct mail *mail, uint32_t room)
{
	if (mail->pages)
		return 0;
	if (mail->head.bytes > room)
		return process_copy_pages(&mail->pages, mail->body,
					  mail->head.bytes);
	return copy_from_user(mail->bytes, mail->body, mail->head.bytes);
}

struct mail *mail_store(struct mail_send *send, int *error)
{
	struct mail *mail = &send->mail;

	if (send->waits)
		mail->bytes = send->bytes;
	else
		mail = mail_create(send);
	*error = -ENOMEM;
	if (!mail)
		return NULL;
	*error = fill(mail, send->waits ? MAIL_RECORD_BYTES : SHORT_BYTES);
	if (*error && !send->waits)
		mail_free(mail);
	if (*error)
		return NULL;
	if (!send->waits) {	/* pages and flight have a new owner */
		mail->flight = send->mail.flight;
		send->mail.flight = NULL;
		send->mail.pages = 0;
		send->mail.gift = 0;
	}
	return mail;
}

/* ---- To the receiver ----------------------------------------------------- */

/* A number for the descriptor of the message, in the receiver's table. */
static int reserve_descriptor(const struct mail_place *to)
{
	struct account *own = user_charge(to->process->account);
	int fd = descriptor_reserve(to->process, 0);

	user_charge(own);
	return fd;
}

/* Can the pages of a gift replace pages of the receiver, beside the header? */
static bool may_move(const struct mail *mail, const struct mail_place *to)
{
	uaddr_t end = to->body + process_whole_pages(mail->head.bytes);

	return (to->head_at >= end ||
		to->head_at + sizeof(struct message) <= to->body) &&
	       process_may_place(to->process, to->body, mail->head.bytes);
}

static int give_head(struct mail *mail, const struct mail_place *to)
{
	if (!to->head_at)
		return 0;
	return process_write(to->process, to->head_at, &mail->head,
			     sizeof(mail->head));
}

/* The pages move, and the rest behind the pages is copied. */
static int give_pages(struct mail *mail, const struct mail_place *to)
{
	uint32_t bytes = mail->head.bytes;
	int error = process_write_pages(to->process, to->body, mail->pages,
					process_whole_pages(bytes), bytes);

	if (!error)
		error = give_head(mail, to);
	if (!error)
		error = process_place_pages(to->process, to->body,
					    &mail->pages, bytes);
	if (error)
		return error;
	trace(TRACE_GIFT, NULL, bytes / PAGE_SIZE, mail->head.id);
	return 0;
}

static int give_copy(struct mail *mail, const struct mail_place *to)
{
	uint32_t bytes = mail->head.bytes;
	int error;

	if (mail->pages)
		error = process_write_pages(to->process, to->body, mail->pages,
					    0, bytes);
	else if (mail->bytes)
		error = process_write(to->process, to->body, mail->bytes,
				      bytes);
	else
		error = process_pass(to->process, to->body, mail->body, bytes);
	return error ? error : give_head(mail, to);
}

/* The receiver copies a long body itself (mail_long.c). */
static int give_frames(struct mail *mail, struct mail_place *to)
{
	int error = mail->head.bytes > to->ready_bytes ? to->unready
						       : give_head(mail, to);

	if (error)
		return error;
	to->is_gift = mail->gift && may_move(mail, to);
	to->pages = mail->pages;
	mail->pages = 0;
	if (to->is_gift)
		trace(TRACE_GIFT, NULL, mail->head.bytes / PAGE_SIZE,
		      mail->head.id);
	return 0;
}

int mail_give(struct mail *mail, struct mail_place *to)
{
	bool has_file = mail->flight && mail->flight->file && to->head_at;
	int error;

	if (mail->head.bytes > to->body_bytes)
		return -EMSGSIZE;
	mail->head.fd = has_file ? reserve_descriptor(to) : -1;
	if (has_file && mail->head.fd < 0)
		return mail->head.fd;
	if (mail_is_long(mail))
		error = give_frames(mail, to);
	else if (mail->gift && may_move(mail, to))
		error = give_pages(mail, to);
	else
		error = give_copy(mail, to);
	if (error)
		return error;
	mail->gift = 0;
	if (has_file)
		descriptor_fill(to->process, mail->head.fd,
				flight_get_file(mail->flight));
	return 0;
}

