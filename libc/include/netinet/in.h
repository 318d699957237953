/* netinet/in.h - addresses of IPv4. */
#pragma once

#include <sys/socket.h>

#include "kernel/abi/inet.h"

#define INADDR_ANY		((in_addr_t)0x00000000)
#define INADDR_LOOPBACK		((in_addr_t)0x7f000001)
#define INADDR_BROADCAST	((in_addr_t)0xffffffff)
#define INADDR_NONE		((in_addr_t)0xffffffff)
#define INET_ADDRSTRLEN		16

/* From the order of this machine to the order of the network, and back. */
uint32_t htonl(uint32_t value);
uint16_t htons(uint16_t value);
uint32_t ntohl(uint32_t value);
uint16_t ntohs(uint16_t value);
