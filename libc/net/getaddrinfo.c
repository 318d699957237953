/* getaddrinfo.c - from names of machines and services to addresses. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "libc/net/resolve.h"

/* A result and its address in one piece of memory. */
struct entry {
	struct addrinfo info;
	struct sockaddr_in address;
};

static const struct kind {
	int type, protocol;
	const char *name;
} kinds[] = {
	{ SOCK_STREAM, IPPROTO_TCP, "tcp" },
	{ SOCK_DGRAM, IPPROTO_UDP, "udp" },
};

static int find_addresses(const char *host, int flags, struct in_addr *found)
{
	int count;

	if (!host) {
		found->s_addr = htonl(flags & AI_PASSIVE ? INADDR_ANY
							 : INADDR_LOOPBACK);
		return 1;
	}
	if (inet_aton(host, found))
		return 1;
	if (flags & AI_NUMERICHOST)
		return EAI_NONAME;
	count = __hosts_find(host, found);
	return count != 0 ? count : __dns_find(host, found);
}

/* The port in the order of the network, or -1. */
static int find_port(const char *service, int flags, const char *protocol)
{
	struct servent *entry;
	unsigned long port;
	char *end;

	if (!service)
		return 0;
	port = strtoul(service, &end, 10);
	if (*service != '\0' && *end == '\0')
		return port <= 0xffff ? htons(port) : -1;
	entry = flags & AI_NUMERICSERV ? NULL : getservbyname(service,
							      protocol);
	return entry ? entry->s_port : -1;
}

static int append(struct addrinfo ***end, const struct kind *kind,
		  struct in_addr address, int port)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return EAI_MEMORY;
	entry->address.sin_family = AF_INET;
	entry->address.sin_addr = address;
	entry->address.sin_port = port;
	entry->info.ai_family = AF_INET;
	entry->info.ai_socktype = kind->type;
	entry->info.ai_protocol = kind->protocol;
	entry->info.ai_addr = (struct sockaddr *)&entry->address;
	entry->info.ai_addrlen = sizeof(entry->address);
	**end = &entry->info;
	*end = &entry->info.ai_next;
	return 0;
}

static int check(const char *host, const char *service,
		 const struct addrinfo *hints)
{
	if (!host && !service)
		return EAI_NONAME;
	if (hints->ai_flags & ~(AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST |
				AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG |
				AI_NUMERICSERV))
		return EAI_BADFLAGS;
	if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET)
		return EAI_FAMILY;
	return 0;
}

static int fits(const struct kind *kind, const struct addrinfo *hints)
{
	return (!hints->ai_socktype || hints->ai_socktype == kind->type) &&
	       (!hints->ai_protocol || hints->ai_protocol == kind->protocol);
}

int getaddrinfo(const char *host, const char *service,
		const struct addrinfo *hints, struct addrinfo **result)
{
	static const struct addrinfo any;
	struct in_addr found[ADDRESSES_MOST];
	struct addrinfo *list = NULL, **end = &list;
	int count, error, port, kinds_found = 0;

	if (!hints)
		hints = &any;
	error = check(host, service, hints);
	if (error)
		return error;
	count = find_addresses(host, hints->ai_flags, found);
	if (count <= 0)
		return count ? count : EAI_NONAME;
	for (int i = 0; i < count && !error; i++)
		for (size_t k = 0; k < 2 && !error; k++) {
			if (!fits(&kinds[k], hints))
				continue;
			kinds_found++;
			port = find_port(service, hints->ai_flags,
					 kinds[k].name);
			if (port >= 0)
				error = append(&end, &kinds[k], found[i], port);
		}
	if (!error && !list)
		error = kinds_found ? EAI_SERVICE : EAI_SOCKTYPE;
	if (!error && (hints->ai_flags & AI_CANONNAME)) {
		list->ai_canonname = strdup(host ? host : "localhost");
		error = list->ai_canonname ? 0 : EAI_MEMORY;
	}
	if (error)
		freeaddrinfo(list);
	else
		*result = list;
	return error;
}

void freeaddrinfo(struct addrinfo *list)
{
	struct addrinfo *next;

	for (; list; list = next) {
		next = list->ai_next;
		free(list->ai_canonname);
		free(list);
	}
}

const char *gai_strerror(int error)
{
	static const char *const text[] = {
		"no error", "bad flags", "name or service not known",
		"temporary failure in name resolution",
		"failure in name resolution", NULL, "family not supported",
		"socket type not supported", "service not known", NULL,
		"out of memory", "system error", "buffer too small",
	};
	unsigned number = -(unsigned)error;

	return number < sizeof(text) / sizeof(text[0]) && text[number] ?
	       text[number] : "unknown error";
}
