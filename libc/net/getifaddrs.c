/* getifaddrs.c - the addresses of the interfaces: ioctl(2) for each. */
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "libc/internal.h"

#define MOST	8

struct entry {
	struct ifaddrs shown;		/* the first in all entries */
	struct sockaddr address, mask, broadcast;
	char name[IF_NAMESIZE];
};

/* What one request says of an interface; NULL: nothing. */
static struct sockaddr *ask(int fd, unsigned long request,
			    struct ifreq *interface, struct sockaddr *to)
{
	if (ioctl(fd, request, interface) < 0)
		return NULL;
	*to = interface->ifr_addr;
	return to;
}

static void fill(int fd, struct entry *entry, const struct ifreq *from)
{
	struct ifreq interface = *from;
	struct ifaddrs *shown = &entry->shown;

	strlcpy(entry->name, from->ifr_name, sizeof(entry->name));
	entry->address = from->ifr_addr;
	shown->ifa_name = entry->name;
	shown->ifa_addr = &entry->address;
	shown->ifa_netmask = ask(fd, SIOCGIFNETMASK, &interface, &entry->mask);
	if (ioctl(fd, SIOCGIFFLAGS, &interface) == 0)
		shown->ifa_flags = (unsigned short)interface.ifr_flags;
	if (shown->ifa_flags & IFF_BROADCAST)
		shown->ifa_broadaddr = ask(fd, SIOCGIFBRDADDR, &interface,
					   &entry->broadcast);
}

/* The entries of all interfaces in one piece of memory; NULL: errno. */
static struct entry *read_all(int fd, size_t *count)
{
	struct ifreq found[MOST];
	struct ifconf all = {
		.ifc_len = sizeof(found), .ifc_buf = (char *)found,
	};
	struct entry *entries;

	if (ioctl(fd, SIOCGIFCONF, &all) < 0)
		return NULL;
	*count = all.ifc_len / sizeof(found[0]);
	entries = calloc(*count + 1, sizeof(*entries));
	for (size_t i = 0; entries && i < *count; i++) {
		fill(fd, &entries[i], &found[i]);
		if (i + 1 < *count)
			entries[i].shown.ifa_next = &entries[i + 1].shown;
	}
	return entries;
}

int getifaddrs(struct ifaddrs **list)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct entry *entries;
	size_t count = 0;

	if (fd < 0)
		return -1;
	entries = read_all(fd, &count);
	__quiet_close(fd);
	if (!entries)
		return -1;
	if (count == 0) {
		free(entries);
		entries = NULL;
	}
	*list = entries ? &entries->shown : NULL;
	return 0;
}

void freeifaddrs(struct ifaddrs *list)
{
	free(list);
}
