/* netinet/in.h - addresses of IPv4; of IPv6 only the types, for programs that
 * know both: socket() refuses AF_INET6. */
#pragma once

#include <sys/socket.h>

#include "kernel/abi/inet.h"

#define INADDR_ANY		((in_addr_t)0x00000000)
#define INADDR_LOOPBACK		((in_addr_t)0x7f000001)
#define INADDR_BROADCAST	((in_addr_t)0xffffffff)
#define INADDR_NONE		((in_addr_t)0xffffffff)
#define INET_ADDRSTRLEN		16
#define INET6_ADDRSTRLEN	46

struct in6_addr {
	uint8_t s6_addr[16];
};

#define IN6ADDR_ANY_INIT	{ { 0 } }
#define IN6ADDR_LOOPBACK_INIT	{ { [15] = 1 } }
extern const struct in6_addr in6addr_any, in6addr_loopback;

struct sockaddr_in6 {
	sa_family_t sin6_family;	/* AF_INET6 */
	in_port_t sin6_port;
	uint32_t sin6_flowinfo;
	struct in6_addr sin6_addr;
	uint32_t sin6_scope_id;
};

/* From the order of this machine to the order of the network, and back. */
uint32_t htonl(uint32_t value);
uint16_t htons(uint16_t value);
uint32_t ntohl(uint32_t value);
uint16_t ntohs(uint16_t value);
