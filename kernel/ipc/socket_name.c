/*
 * socket_name.c - the names of local sockets in the file tree, and what
 * poll(2), getsockopt(2), ipcs and `why` see of a socket.
 *
 * bind(2) makes a special node whose data points to the socket; the socket has
 * a reference to the node. When the socket closes, the node stays without a
 * socket. After unlink(2), a new socket can take the name, and the old socket
 * goes on without.
 */
#include "kernel/ipc/socket.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/enders.h"
#include "kernel/task/process.h"

#define PATH_OFFSET	offsetof(struct sockaddr_un, sun_path)

void local_name_put(struct local_name *name)
{
	if (name && refs_drop(&name->refs))
		heap_free(name);
}

/* [own] A call with a path, for fs_try(). */
struct path_use {
	struct local_socket *self, *found;
	const struct socket_address *address;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1];
};

/* Fetch the path, and try until no block of a disk is missing. */
static int use_path(struct path_use *use, wait_attempt *attempt)
{
	const struct socket_address *address = use->address;
	size_t bytes = address->bytes - PATH_OFFSET;

	if (address->any.sa_family != AF_UNIX)
		return -EAFNOSUPPORT;
	if (address->bytes <= PATH_OFFSET || !address->local.sun_path[0] ||
	    address->bytes > sizeof(struct sockaddr_un))
		return -EINVAL;
	memcpy(use->path, address->local.sun_path, bytes);
	use->path[bytes] = '\0';
	return fs_try(attempt, use);
}

static struct local_name *name_create(const struct socket_address *address)
{
	struct local_name *name = heap_alloc(sizeof(*name));

	if (name) {
		name->refs = 1;
		name->bytes = address->bytes;
		name->address = address->local;
	}
	return name;
}

static long attempt_bind(void *context)
{
	const struct path_use *use = context;
	struct local_socket *self = use->self;
	struct place place;
	struct node *node;
	int error = self->name ? -EINVAL : path_find(NULL, use->path, &place);

	if (!error && place.node)
		error = -EADDRINUSE;
	if (!error && place.has_slash)
		error = -ENOENT;
	if (error)
		return error;
	self->name = name_create(use->address);
	if (!self->name)
		return -ENOMEM;
	error = tree_create(&place, S_IFSOCK |
			    (0777 & ~process_current()->umask), &node);
	if (error) {
		local_name_put(self->name);
		self->name = NULL;
		return error;
	}
	node_get(node);
	node->data = self;
	self->node = node;
	socket_trace_name(&self->socket);
	return 0;
}

int local_bind(struct socket *socket, const struct socket_address *address)
{
	struct path_use use = { .self = local_of(&socket->object),
				.address = address };

	return use_path(&use, attempt_bind);
}

int local_get_name(struct socket *socket, bool of_peer,
		   struct socket_address *address)
{
	struct local_socket *self = local_of(&socket->object);

	if (of_peer)
		self = local_peer(self);
	if (!self)
		return -ENOTCONN;
	address->local.sun_family = AF_UNIX;
	address->bytes = sizeof(sa_family_t);
	if (self->name) {
		address->bytes = self->name->bytes;
		address->local = self->name->address;
	}
	return 0;
}

static long attempt_find(void *context)
{
	struct path_use *use = context;
	struct place place;
	int error = path_follow(NULL, use->path, &place);

	if (!error && !place.node)
		error = -ENOENT;
	if (!error)
		error = node_may(process_current(), place.node, W_OK);
	if (error)
		return error;
	if ((place.node->mode & S_IFMT) != S_IFSOCK || !place.node->data)
		return -ECONNREFUSED;
	use->found = place.node->data;
	return use->found->socket.type == use->self->socket.type ? 0
								 : -EPROTOTYPE;
}

int local_find(struct local_socket *self, const struct socket_address *address,
	       struct local_socket **out)
{
	struct path_use use = { .self = self, .address = address };
	int error = use_path(&use, attempt_find);

	*out = use.found;
	return error;
}

void local_leave_node(struct local_socket *socket)
{
	struct node *node = socket->node;

	if (!node)
		return;
	socket->node = NULL;
	node->data = NULL;
	node_put(node);
}

struct ucred local_owner(void)
{
	const struct process *process = process_current();

	return (struct ucred){ process->id, process->identity.user,
			       process->identity.group };
}

/* ---- What can be seen ---------------------------------------------------- */

unsigned local_poll(const struct open_file *file)
{
	const struct local_socket *socket = local_of(file->object);
	const struct local_socket *peer = local_peer(socket);
	bool can_send = local_is_datagram(socket) || socket->was_connected;
	bool is_stream = socket_is_stream(&socket->socket) && !socket->backlog;
	unsigned events = socket_poll_end(&socket->socket);

	if ((is_stream ? socket->fill : socket->count) > 0)
		events |= POLLIN;
	if (socket->backlog)
		return events;
	if (can_send && (!peer || socket->socket.has_ended[END_WRITE] ||
			 local_room(socket, peer) >= PIPE_BUF))
		events |= POLLOUT;
	if (!can_send)
		events |= POLLHUP;
	return events;
}

/* Other sockets send datagrams in the queue for space. So poll() waits at the
 * port for room at the peer. */
struct wait_queue *local_queue_at(struct open_file *file, int end)
{
	struct local_socket *socket = local_of(file->object);

	return end == END_WRITE && local_is_datagram(socket)
		? local_room_at(socket) : &file->object->queue[end];
}

bool local_describe(const struct object *object, char *to, size_t size)
{
	const struct local_socket *socket = local_of(object);
	const struct local_socket *peer = local_peer(socket);

	if (socket->node)
		return node_describe_as("socket", socket->node, to, size);
	if (peer && peer->name)
		snprintf(to, size, "socket %u to %.*s", object->id,
			 (int)(peer->name->bytes - PATH_OFFSET),
			 peer->name->address.sun_path);
	else if (peer)
		snprintf(to, size, "socket %u to %u", object->id,
			 peer->socket.object.id);
	return peer != NULL;
}

void local_report(const struct object *object, char *to, size_t size)
{
	const struct local_socket *socket = local_of(object);
	const char *type = socket_is_stream(&socket->socket) ? "stream"
			 : local_is_datagram(socket) ? "datagram" : "seqpacket";

	if (socket->backlog)
		snprintf(to, size, "%s, listens, %u of %u wait", type,
			 socket->count, socket->backlog);
	else
		snprintf(to, size, "%s, %u of %u bytes", type, socket->fill,
			 socket->socket.room_bytes[END_READ]);
}

/* Data comes from the peer, and a connected peer makes room. Connections and
 * datagrams wait for a receiver here. */
void local_enders(const struct object *object, const struct task *waiter,
		  struct enders *set)
{
	const struct local_socket *socket = local_of(object);
	enum wait_event event = waiter->wait.request->event;

	bool is_space = event == WAIT_SPACE && local_is_datagram(socket);

	if (event == WAIT_PEER || is_space)
		enders_add_holders(set, object, END_READ);
	else if (local_peer(socket))
		enders_add_holders(set, &local_peer(socket)->socket.object,
				   END_READ);
}

bool local_is_open(const struct object *object, int end)
{
	const struct local_socket *socket = local_of(object);

	return end == END_READ && socket->node && !local_peer(socket);
}
