/*
 * socket.h - local sockets (AF_UNIX), for the files of this mechanism: names,
 * connections, messages, and what can be seen. All functions need [P]; none
 * sleeps.
 */
#pragma once

#include "kernel/mm/heap.h"
#include "kernel/obj/socket.h"

struct node;

/* The name of a socket, as bind(2) got it. Sockets and messages share it. */
struct local_name {
	uint32_t refs;			/* [P] */
	socklen_t bytes;		/* [const] of the address */
	struct sockaddr_un address;	/* [const] */
};

/* Where datagrams go. Any number of sockets send to one socket, and point to
 * its port: so the socket closes without a search for them. The port stays
 * until the last of them has left. */
struct local_port {
	uint32_t refs;			/* [P] */
	struct local_socket *socket;	/* [P] gets the datagrams; or NULL: the
					 * socket has closed */
	struct wait_queue room;		/* [P] a sender's poll() for room */
};

struct local_socket {
	struct socket socket;		/* [P] first */
	struct local_socket *peer;	/* [P] connected with this one; NULL:
					 * none, or a datagram socket */
	struct local_port *own, *to;	/* [P] of datagrams: to this socket; to
					 * the peer, or NULL */
	struct list packets;		/* [P] to receive; connections to
					 * accept; oldest first */
	struct packet *spare;		/* [P] for the next bytes, or NULL */
	uint32_t fill;			/* [P] bytes in packets */
	uint32_t count;			/* [P] of packets */
	uint32_t backlog;		/* [P] 0: does not listen */
	bool was_connected;		/* [P] connect(2), or a pair */
	bool is_accepted;		/* [P] or never was in a backlog */
	bool is_closed;			/* [P] no open file is left */
	struct ucred owner;		/* [P] at connect(2), listen(2) */
	struct node *node;		/* [P] in the file tree, or NULL */
	struct local_name *name;	/* [P] or NULL */
	struct flight_holder holder;	/* [P] descriptors in packets */
};

/* Bytes under way, and what travels with them. */
struct packet {
	struct list_node node;		/* [P] in socket->packets */
	struct flight *flights;		/* [P] descriptors, or NULL */
	struct local_name *from;	/* [const] the sender's name, or NULL */
	struct ucred sender;		/* [P] pid 0: not known */
	uint32_t start;			/* [P] first byte not received yet */
	uint32_t end;			/* [P] behind the last byte */
	uint32_t room;			/* [const] for bytes */
	bool is_end;			/* [P] of a message */
	uint8_t bytes[];		/* [P] */
};

#define PACKETS_MOST	256u		/* in a queue */
#define PACKET_BYTES	(POOL_LARGEST - sizeof(struct packet))

/* Of a queue that is not empty. */
static inline struct packet *first_packet(const struct local_socket *socket)
{
	return LIST_ENTRY(socket->packets.head.next, struct packet, node);
}

static inline struct packet *last_packet(const struct local_socket *socket)
{
	return LIST_ENTRY(socket->packets.head.prev, struct packet, node);
}

static inline struct local_socket *local_of(const struct object *object)
{
	return CONTAINER_OF(object, struct local_socket, socket.object);
}

static inline bool local_is_datagram(const struct local_socket *socket)
{
	return socket->socket.type == SOCK_DGRAM;
}

/* The socket that gets what is sent, or NULL. */
static inline struct local_socket *local_peer(const struct local_socket *socket)
{
	return socket->to ? socket->to->socket : socket->peer;
}

/* Where poll() of a datagram socket waits for room. */
static inline struct wait_queue *local_room_at(struct local_socket *socket)
{
	return socket->to ? &socket->to->room : &socket->own->room;
}

/* How many more bytes `from` may put into the queue of `to`. */
static inline uint32_t local_room(const struct local_socket *from,
				  const struct local_socket *to)
{
	uint32_t most = to->socket.room_bytes[END_READ];

	if (!local_is_datagram(to))
		most = MIN(most, from->socket.room_bytes[END_WRITE]);
	return most > to->fill && to->count < PACKETS_MOST ? most - to->fill
							   : 0;
}

/* Does the receiver ask for credentials? A server may ask after accept(). */
static inline bool local_wants_sender(const struct local_socket *to)
{
	return to->socket.wants_credentials || !to->is_accepted;
}

/* Make the family known. Called once. */
void local_sockets_init(void);

/* A further reference; NULL stays NULL. */
static inline struct local_name *local_name_get(struct local_name *name)
{
	if (name)
		name->refs++;
	return name;
}

void local_name_put(struct local_name *name);

/* ---- socket_name.c ------------------------------------------------------- */

/* Operations of struct socket_ops. */
int local_bind(struct socket *socket, const struct socket_address *address);
int local_get_name(struct socket *socket, bool of_peer,
		   struct socket_address *address);
/* The socket behind an address: 0, -ECONNREFUSED (no socket), -EPROTOTYPE,
 * -EACCES, -EAFNOSUPPORT, -EINVAL, or an error of the path. May wait for a
 * disk; the caller holds a reference to `self`. */
int local_find(struct local_socket *self, const struct socket_address *address,
	       struct local_socket **out);
/* The running process, as credentials. */
struct ucred local_owner(void);
/* The socket closes: the name stands for no socket any more. */
void local_leave_node(struct local_socket *socket);

/* Operations of struct object_ops and struct socket_ops. */
unsigned local_poll(const struct open_file *file);
struct wait_queue *local_queue_at(struct open_file *file, int end);
bool local_describe(const struct object *object, char *to, size_t size);
void local_report(const struct object *object, char *to, size_t size);
void local_enders(const struct object *object, const struct task *waiter,
		  struct enders *set);
bool local_is_open(const struct object *object, int end);

/* ---- socket_queue.c ------------------------------------------------------ */

void packet_drop(struct local_socket *socket, struct packet *packet);
/* A connection for accept(2): the flight holds the open file of the server's
 * socket. 0 or -ENOMEM. */
int local_offer(struct local_socket *listener, struct flight *flight);

/* Operations of struct socket_ops. */
long local_send(struct socket_call *call);
long local_receive(struct socket_call *call);
void local_take(struct socket_call *call, long bytes);
