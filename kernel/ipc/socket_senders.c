/*
 * socket_senders.c - tell the senders of a socket for datagrams.
 *
 * Any number of sockets of any user may be connected to one socket for
 * datagrams. When the socket closes, or its full queue has room again, each of
 * these senders must be told. Deferred work tells one sender after the other,
 * with a chance to switch after each.
 *
 * The list of senders is the place of the walk: a sender that was told goes to
 * the end of the list. If a sender leaves meanwhile, the count of senders to
 * tell may be one too large. Then a sender looks once more, which does no harm.
 * A reference keeps the socket until all are told: after the close, a sender
 * points to the socket until it is told, and gets ECONNREFUSED.
 */
#include "kernel/ipc/socket.h"

#include "kernel/lib/sched_point.h"
#include "kernel/task/cpu.h"

static struct list telling = LIST_INIT(telling);	/* [P] by at_telling */

void local_tell_senders(struct local_socket *socket)
{
	socket->untold = socket->sender_count;
	if (socket->untold > 0 && !list_is_linked(&socket->at_telling)) {
		object_get(&socket->socket.object);
		list_append(&telling, &socket->at_telling);
	}
	if (socket->untold > 0)
		cpu_pend(PENDING_SENDERS);
}

static void tell_next(struct local_socket *socket)
{
	struct local_socket *sender = LIST_ENTRY(socket->senders.head.next,
						 struct local_socket, at_peer);

	socket->untold--;
	if (socket->is_closed) {
		local_lose_peer(sender);
		return;
	}
	list_remove(&sender->at_peer);
	list_append(&socket->senders, &sender->at_peer);
	if (wait_queue_is_used(&sender->writable))
		wait_wake(&sender->writable);
}

void local_tell_late(void)
{
	struct list_node *first;
	struct local_socket *socket;

	while ((first = list_first(&telling)) != NULL) {
		socket = LIST_ENTRY(first, struct local_socket, at_telling);
		if (socket->untold > 0 && !list_is_empty(&socket->senders)) {
			tell_next(socket);
		} else {
			list_remove(first);
			object_put(&socket->socket.object);
		}
		/* This loop goes on, and sched_point() must not begin it
		 * again. */
		cpu_unpend(PENDING_SENDERS);
		sched_point();
	}
}
