/*
 * inet.h - sockets of the network: what TCP and datagrams share.
 *
 * All functions need [P], and no function sleeps.
 */
#pragma once

#include "kernel/abi/inet.h"
#include "kernel/net/net.h"
#include "kernel/obj/socket.h"

#include <lwip/ip_addr.h>

struct ip_pcb;

/* [own] */
struct inet_place {
	ip_addr_t address;
	uint16_t port;		/* in the order of the machine */
};

/* A new socket with one reference: 0, or -ENOMEM. */
int tcp_create(struct socket **socket_out);
int datagram_create(bool is_icmp, struct socket **socket_out);

/* Once, when the protocols begin: hear of closed ports. 0, or -ENOMEM. */
int icmp_begin(void);

/* Is the address of this machine, or 0.0.0.0? */
bool inet_is_mine(uint32_t address);
/* The errno of an err_t of lwIP, negative; 0 for ERR_OK. */
int inet_errno(int error);
/* The place to send or connect to; 0.0.0.0 is this machine. 0, -EINVAL (too
 * short), -EAFNOSUPPORT. */
int inet_place_of(const struct socket_address *name, struct inet_place *place);
/* The place for bind(2): also -EADDRNOTAVAIL (an address that is not of this
 * machine), -EACCES (a port below 1024, and the user is not root). */
int inet_place_to_bind(const struct socket_address *name,
		       struct inet_place *place);
void inet_put_place(const ip_addr_t *address, uint16_t port,
		    struct socket_address *name);
/* interface.c: object_ops.control of all sockets of the network. */
int inet_control(struct open_file *file, uint32_t number, uint32_t argument);

/* Tell lwIP which options are on. */
void inet_tell_options(const struct socket *socket, struct ip_pcb *pcb);
