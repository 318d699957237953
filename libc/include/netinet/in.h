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

struct ipv6_mreq {
	struct in6_addr ipv6mr_multiaddr;
	unsigned ipv6mr_interface;
};

#define IPPROTO_IPV6	41
#define IPPROTO_RAW	255

/* Options of IPPROTO_IPV6. */
#define IPV6_UNICAST_HOPS	16
#define IPV6_MULTICAST_IF	17
#define IPV6_MULTICAST_HOPS	18
#define IPV6_MULTICAST_LOOP	19
#define IPV6_JOIN_GROUP		20
#define IPV6_LEAVE_GROUP	21
#define IPV6_V6ONLY		26

/* What an address is, by its first bytes. */
#define __IN6_WORD(a, n) \
	((uint32_t)(a)->s6_addr[4 * (n)] << 24 | \
	 (uint32_t)(a)->s6_addr[4 * (n) + 1] << 16 | \
	 (uint32_t)(a)->s6_addr[4 * (n) + 2] << 8 | \
	 (uint32_t)(a)->s6_addr[4 * (n) + 3])
#define __IN6_BEGINS(a, x, y, z) (__IN6_WORD(a, 0) == (x) && \
	__IN6_WORD(a, 1) == (y) && __IN6_WORD(a, 2) == (z))
#define IN6_IS_ADDR_UNSPECIFIED(a) \
	(__IN6_BEGINS(a, 0, 0, 0) && __IN6_WORD(a, 3) == 0)
#define IN6_IS_ADDR_LOOPBACK(a) \
	(__IN6_BEGINS(a, 0, 0, 0) && __IN6_WORD(a, 3) == 1)
#define IN6_IS_ADDR_V4MAPPED(a)	__IN6_BEGINS(a, 0, 0, 0xffff)
#define IN6_IS_ADDR_V4COMPAT(a) \
	(__IN6_BEGINS(a, 0, 0, 0) && __IN6_WORD(a, 3) > 1)
#define IN6_IS_ADDR_MULTICAST(a)	((a)->s6_addr[0] == 0xff)
#define IN6_IS_ADDR_LINKLOCAL(a) \
	((a)->s6_addr[0] == 0xfe && ((a)->s6_addr[1] & 0xc0) == 0x80)
#define IN6_IS_ADDR_SITELOCAL(a) \
	((a)->s6_addr[0] == 0xfe && ((a)->s6_addr[1] & 0xc0) == 0xc0)
#define __IN6_IS_SCOPE(a, scope) \
	(IN6_IS_ADDR_MULTICAST(a) && ((a)->s6_addr[1] & 0x0f) == (scope))
#define IN6_IS_ADDR_MC_NODELOCAL(a)	__IN6_IS_SCOPE(a, 0x1)
#define IN6_IS_ADDR_MC_LINKLOCAL(a)	__IN6_IS_SCOPE(a, 0x2)
#define IN6_IS_ADDR_MC_SITELOCAL(a)	__IN6_IS_SCOPE(a, 0x5)
#define IN6_IS_ADDR_MC_ORGLOCAL(a)	__IN6_IS_SCOPE(a, 0x8)
#define IN6_IS_ADDR_MC_GLOBAL(a)	__IN6_IS_SCOPE(a, 0xe)

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
