/*
 * tcp.h - a stream socket of the network. tcp.c has connections and their ends,
 * tcp_data.c bytes and options.
 */
#pragma once

#include "kernel/net/inet.h"

#include <lwip/tcp.h>

enum stage { NEW, LISTENS, CONNECTING, CONNECTED, ENDED };

struct tcp_socket {
	struct socket socket;		/* [P] the first field */
	struct tcp_pcb *pcb;		/* [P] NULL: the connection is gone */
	struct pbuf *received;		/* [P] not read yet */
	struct list clients;		/* [P] of a listener: to be accepted */
	struct list_node waiting;	/* [P] in clients of the listener */
	uint8_t stage;			/* [P] enum stage */
	bool in_has_ended;		/* [P] no byte will come */
	bool peer_has_ended;		/* [P] the peer said so */
	bool out_has_ended;		/* [P] no byte may be sent */
};

static inline struct tcp_socket *tcp_of(struct socket *socket)
{
	return (struct tcp_socket *)socket;
}

/* seen.c: operations of struct object_ops. */
bool tcp_describe(const struct object *object, char *to, size_t size);
void tcp_report(const struct object *object, char *to, size_t size);
/* For a client that was not accepted yet: the socket that listens. */
struct object *tcp_peer(const struct object *object);

/* tcp.c: both sides have ended. lwIP finishes the connection alone, and frees
 * the control block without a word. */
void tcp_let_go(struct tcp_socket *socket);

/* tcp_data.c: lwIP hands over the bytes of this connection, and frees the pages
 * with bytes to send. */
void tcp_carry_bytes(struct tcp_pcb *pcb);
/* Operations of the socket, as struct socket_ops says. */
long tcp_send(struct socket_call *call);
long tcp_receive(struct socket_call *call);
bool tcp_is_sent(const struct socket *any);
/* So many bytes were received and are read now. */
void tcp_take_bytes(struct tcp_socket *socket, long bytes);
unsigned tcp_poll_bits(const struct open_file *file);
void tcp_options_changed(struct socket *any);
