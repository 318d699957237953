/* inet.h - numbers and addresses of the network's sockets. */
#pragma once

#include "kernel/abi/socket.h"

#define IPPROTO_IP	0
#define IPPROTO_ICMP	1
#define IPPROTO_TCP	6
#define IPPROTO_UDP	17

#define TCP_NODELAY	1	/* send small pieces at once */
#define TCP_MAXSEG	2	/* bytes in a segment, to read only */

typedef uint16_t in_port_t;
typedef uint32_t in_addr_t;

struct in_addr {
	in_addr_t s_addr;	/* in the order of the network */
};

struct sockaddr_in {
	uint16_t sin_family;	/* AF_INET */
	in_port_t sin_port;	/* in the order of the network */
	struct in_addr sin_addr;
	unsigned char sin_zero[8];
};
