/* datagram.h - a datagram socket of the network, for datagram.c and seen.c. */
#pragma once

#include "kernel/net/inet.h"

#include <lwip/raw.h>
#include <lwip/udp.h>

struct datagram_socket {
	struct socket socket;		/* [P] the first field */
	struct udp_pcb *udp;		/* [const] one of the two */
	struct raw_pcb *icmp;		/* [const] */
	struct list datagrams;		/* [P] oldest first */
	uint32_t queued;		/* [P] bytes in the list */
	bool is_connected;		/* [P] */
	bool in_has_ended;		/* [P] shutdown(SHUT_RD) */
	bool out_has_ended;		/* [P] */
};

/* seen.c: operations of struct object_ops. */
bool datagram_describe(const struct object *object, char *to, size_t size);
void datagram_report(const struct object *object, char *to, size_t size);
struct object *datagram_peer(const struct object *object);
