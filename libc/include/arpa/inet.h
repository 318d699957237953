/* arpa/inet.h - addresses as text. */
#pragma once

#include <netinet/in.h>

/* "a.b.c.d" to an address, in the order of the network; INADDR_NONE if the
 * text is no address. Also "a.b.c", "a.b", "a", in octal and hexadecimal. */
in_addr_t inet_addr(const char *text);
/* The same; 1, or 0 if the text is no address. */
int inet_aton(const char *text, struct in_addr *address);
/* The text stays until the next call. */
char *inet_ntoa(struct in_addr address);

/* family: AF_INET, "a.b.c.d" in decimal; AF_INET6, "2001:db8::1"; any other:
 * EAFNOSUPPORT. 1; 0: the text is no such address. */
int inet_pton(int family, const char *text, void *address);
/* NULL and ENOSPC if size is too small. */
const char *inet_ntop(int family, const void *address, char *text,
		      socklen_t size);
