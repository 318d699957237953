/*
 * inet.h - sockets of the network (TCP, UDP, and ICMP for ping(1)), and what
 * the files of this folder do for each other.
 *
 * All functions need [P], and no function sleeps.
 */
#pragma once

#include "kernel/abi/inet.h"
#include "kernel/mm/account.h"
#include "kernel/net/net.h"
#include "kernel/obj/socket.h"

#include <lwip/raw.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>

/* [own] */
struct inet_place {
	ip_addr_t address;
	uint16_t port;		/* in the order of the machine; 0: none */
};

/* A socket for datagrams is NEW or CONNECTED. */
enum stage { NEW, LISTENS, CONNECTING, CONNECTED, ENDED };

struct inet_socket {
	struct socket socket;		/* [P] the first field */
	union {				/* [P] of lwIP, by the type */
		struct ip_pcb *pcb;	/* NULL: the connection is gone */
		struct tcp_pcb *tcp;
		struct udp_pcb *udp;
		struct raw_pcb *icmp;
	};
	uint8_t stage;			/* [P] enum stage */
	bool is_told;			/* [P] TCP: connect(2) has said 0 */
	bool peer_has_ended;		/* [P] TCP: the peer said so */
	struct pbuf *received;		/* [P] TCP: bytes not read yet */
	uint32_t queued;		/* [P] bytes of the datagrams */
	struct list waiting;		/* [P] datagrams to read, connections
					 * to accept; oldest first */
	struct list_node in_waiting;	/* [P] a connection at its listener */
};

static inline struct inet_socket *inet_of(const struct socket *socket)
{
	return (struct inet_socket *)socket;
}

/* An address in words, for the arguments of a printf(). [own] */
struct inet_text {
	char words[IP4ADDR_STRLEN_MAX];
};

static inline struct inet_text inet_text(const ip_addr_t *address)
{
	struct inet_text text;

	ip4addr_ntoa_r(address, text.words, sizeof(text.words));
	return text;
}

/* ---- inet.c -------------------------------------------------------------- */

/* A socket without a control block, with a reference; NULL: no memory. */
struct inet_socket *inet_socket_create(int type, struct account *payer);
/* The errno of an err_t of lwIP, negative; 0 for ERR_OK. */
int inet_errno(int error);
/* Is the address of this machine, or 0.0.0.0? */
bool inet_is_mine(const ip_addr_t *address);
/* The place to send or connect to; 0.0.0.0 is this machine. 0, -EINVAL (too
 * short), -EAFNOSUPPORT. */
int inet_place_of(const struct socket_address *name, struct inet_place *place);
void inet_put_place(const struct inet_place *place,
		    struct socket_address *name);
/* The socket's place, and that of its peer. */
struct inet_place inet_here(const struct inet_socket *socket);
struct inet_place inet_there(const struct inet_socket *socket);
/* Copy the first bytes of a packet to the user, behind call->done. Their
 * number, or -EFAULT. */
long inet_copy_out(const struct socket_call *call, const struct pbuf *packet,
		   size_t most);

/* Give a port to a socket that has none. 0, or -EADDRINUSE. */
int inet_need_port(struct inet_socket *socket);

/* The same operations for all sockets of the network. */
int inet_bind(struct socket *any, const struct socket_address *name);
int inet_get_name(struct socket *any, bool of_peer,
		  struct socket_address *name);
int inet_shut_down(struct socket *any, int how);
void inet_options_changed(struct socket *any);
unsigned inet_poll(const struct open_file *file);
void inet_destroy(struct object *object);
int inet_control(struct open_file *file, uint32_t number, uint32_t argument);
bool inet_describe(const struct object *object, char *to, size_t size);
void inet_report(const struct object *object, char *to, size_t size);
/* For a client that was not accepted yet: the socket that listens. */
struct object *inet_peer(const struct object *object);

#define INET_SOCKET_OPS							\
	.family = AF_INET,						\
	.bind = inet_bind,						\
	.get_name = inet_get_name,					\
	.shut_down = inet_shut_down,					\
	.options_changed = inet_options_changed
#define INET_OBJECT_OPS							\
	.sends_signals = true,						\
	.has_trace = true,						\
	.poll = inet_poll,						\
	.stat = socket_stat,						\
	.control = inet_control,					\
	.describe = inet_describe,					\
	.report = inet_report,						\
	.peer = inet_peer,						\
	.destroy = inet_destroy

/* ---- tcp.c, tcp_data.c, datagram.c --------------------------------------- */

extern const struct object_ops tcp_ops, datagram_ops;
/* Once, when the protocols begin: hear of closed ports. 0, or -ENOMEM. */
int datagrams_begin(void);
/* A new socket gets a control block, if there is memory. */
void tcp_begin(struct inet_socket *socket);
void datagram_begin(struct inet_socket *socket);
/* The socket ends; the control block goes, or lwIP keeps it. */
void tcp_end(struct inet_socket *socket);
void datagram_end(struct inet_socket *socket);

/* Both sides have ended. lwIP finishes the connection alone, and frees the
 * control block without a word. */
void tcp_let_go(struct inet_socket *socket);
/* lwIP hands over the bytes of this connection, and frees the pages with bytes
 * to send. */
void tcp_carry_bytes(struct tcp_pcb *pcb);
/* Operations of the socket, as struct socket_ops says. */
long tcp_send(struct socket_call *call);
long tcp_receive(struct socket_call *call);
bool tcp_is_sent(const struct socket *any);
/* Is there room for a byte to send? */
bool tcp_has_room(const struct inet_socket *socket);
/* So many bytes were received and are read now. */
void tcp_take_bytes(struct inet_socket *socket, long bytes);

/* ---- loop.c, memory.c ---------------------------------------------------- */

/* The loopback. packet_came() is called for each packet to take. */
struct netif *loop_begin(void (*packet_came)(void));
/* Let lwIP receive a packet. False: there is no packet. */
bool loop_take(void);
/* Once, before lwIP begins: who pays for lwIP's memory. */
void net_memory_begin(void);
/* The payer of a socket takes over a packet for the socket. False: the payer is
 * over the limit, and nothing has changed. */
bool net_give(struct pbuf *packet, struct account *payer);
/* Bytes; *most is the limit of all users together. */
uint32_t net_memory_used(uint32_t *most);
