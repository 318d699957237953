/* ifaddrs.h - the addresses of the interfaces (BSD). */
#pragma once

#include <net/if.h>

struct ifaddrs {
	struct ifaddrs *ifa_next;
	char *ifa_name;
	unsigned ifa_flags;		/* IFF_... */
	struct sockaddr *ifa_addr;
	struct sockaddr *ifa_netmask;	/* NULL: none */
	struct sockaddr *ifa_broadaddr;	/* NULL: none */
	void *ifa_data;			/* NULL */
};
#define ifa_dstaddr ifa_broadaddr

/* 0, or -1 and the errno of socket(2), ioctl(2) or malloc(3). */
int getifaddrs(struct ifaddrs **list);
void freeifaddrs(struct ifaddrs *list);
