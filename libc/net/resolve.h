/* resolve.h - how getaddrinfo() finds addresses; private to libc. */
#pragma once

#include <netdb.h>

#define ADDRESSES_MOST	16

/* The addresses of a name, at most ADDRESSES_MOST: their number, 0 for none, or
 * an EAI_ error. */
int __hosts_find(const char *name, struct in_addr *found);
int __dns_find(const char *name, struct in_addr *found);
/* The name in /etc/hosts for an address; 0: none, or the name is too long. */
int __hosts_name(struct in_addr address, char *to, size_t size);
