/* net/if.h - names of interfaces: "lo" is 1, "en" is 2; and struct ifreq, for
 * ioctl(2) of a socket. */
#pragma once

#include "kernel/abi/interface.h"

struct if_nameindex {
	unsigned if_index;
	char *if_name;
};

/* 0 and ENXIO: no such name. */
unsigned if_nametoindex(const char *name);
char *if_indextoname(unsigned index, char *name);
/* The interfaces, up to an if_index of 0; free with if_freenameindex(). */
struct if_nameindex *if_nameindex(void);
void if_freenameindex(struct if_nameindex *list);
