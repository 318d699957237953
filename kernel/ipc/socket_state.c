/*
 * socket_state.c - what poll(2), getsockopt(2), ipcs and `why` see of a local
 * socket.
 */
#include "kernel/ipc/socket.h"

#include "kernel/abi/limits.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/obj/enders.h"
#include "kernel/task/process.h"

unsigned local_poll(const struct open_file *file)
{
	const struct local_socket *socket = local_of(file->object);
	const struct local_socket *peer = socket->peer;
	bool can_send = local_is_datagram(socket) || socket->was_connected;
	unsigned events = 0;

	if (!list_is_empty(&socket->packets) || socket->has_ended[END_READ])
		events |= POLLIN;
	if (socket->has_ended[END_READ])
		events |= POLLRDHUP;
	if (socket->socket.error)
		events |= POLLERR | POLLIN;
	if (socket->backlog)
		return events;
	if (can_send && (!peer || socket->has_ended[END_WRITE] ||
			 local_room(socket, peer) >= PIPE_BUF))
		events |= POLLOUT;
	if (!can_send || (socket->has_ended[END_READ] &&
			  socket->has_ended[END_WRITE]))
		events |= POLLHUP;
	return events;
}

/* Sends wait at the target. Here poll() waits for room there. */
struct wait_queue *local_queue(struct open_file *file, int end)
{
	struct local_socket *socket = local_of(file->object);

	return end == END_WRITE ? &socket->writable
				: &file->object->queue[END_READ];
}

int local_stat(struct object *object, struct stat *status)
{
	status->st_mode = S_IFSOCK | 0777;
	status->st_ino = object->id;
	status->st_nlink = 1;
	status->st_blksize = PIPE_BUF;
	return 0;
}

bool local_describe(const struct object *object, char *to, size_t size)
{
	const struct local_socket *socket = local_of(object);

	return socket->node &&
	       node_describe_as("socket", socket->node, to, size);
}

void local_report(const struct object *object, char *to, size_t size)
{
	const struct local_socket *socket = local_of(object);
	const char *type = socket_is_stream(&socket->socket) ? "stream"
			 : local_is_datagram(socket) ? "datagram" : "seqpacket";

	if (socket->backlog)
		snprintf(to, size, "%s, listens, %u of %u wait", type,
			 socket->count, socket->backlog);
	else if (socket->peer)
		snprintf(to, size, "%s, to socket %u, %u of %u bytes", type,
			 socket->peer->socket.object.id, socket->fill,
			 socket->socket.room_bytes[END_READ]);
	else
		snprintf(to, size, "%s, %u of %u bytes", type, socket->fill,
			 socket->socket.room_bytes[END_READ]);
}

/* Data comes from the peer; a send or connect waits for a receiver here. */
void local_enders(const struct object *object, const struct task *waiter,
		  struct enders *set)
{
	const struct local_socket *socket = local_of(object);
	enum wait_event event = waiter->wait.request->event;

	if (event != WAIT_DATA && event != WAIT_POLL)
		enders_add_holders(set, object, END_READ);
	else if (socket->peer)
		enders_add_holders(set, &socket->peer->socket.object, END_READ);
}

bool local_is_open(const struct object *object)
{
	const struct local_socket *socket = local_of(object);

	return socket->node && !socket->peer;
}

int local_get_option(struct socket *socket, int level, int option,
		     void *value, uint32_t *bytes)
{
	const struct local_socket *self = local_of(&socket->object);
	const int listens = self->backlog > 0;

	if (level == SOL_SOCKET && option == SO_PEERCRED) {
		*bytes = sizeof(self->peer_owner);
		memcpy(value, &self->peer_owner, *bytes);
		return 0;
	}
	if (level == SOL_SOCKET && option == SO_ACCEPTCONN) {
		*bytes = sizeof(listens);
		memcpy(value, &listens, *bytes);
		return 0;
	}
	return -ENOPROTOOPT;
}
