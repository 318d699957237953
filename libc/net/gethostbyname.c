/*
 * gethostbyname.c - the older functions for names of machines, and h_errno. The
 * result lies in one static entry, until the next call.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "libc/net/resolve.h"

int h_errno;

static struct in_addr found[ADDRESSES_MOST];
static char kept[256];

/* The entry of these addresses and the kept name. */
static struct hostent *entry_of(int count)
{
	static char *list[ADDRESSES_MOST + 1], *no_aliases[1];
	static struct hostent entry = {
		.h_name = kept,
		.h_aliases = no_aliases,
		.h_addrtype = AF_INET,
		.h_length = 4,
		.h_addr_list = list,
	};

	for (int i = 0; i < count; i++)
		list[i] = (char *)&found[i];
	list[count] = NULL;
	return &entry;
}

struct hostent *gethostbyname(const char *name)
{
	int count = 1;

	if (!inet_aton(name, found)) {
		count = __hosts_find(name, found);
		if (count == 0)
			count = __dns_find(name, found);
	}
	if (count <= 0) {
		h_errno = count == EAI_AGAIN ? TRY_AGAIN : HOST_NOT_FOUND;
		return NULL;
	}
	snprintf(kept, sizeof(kept), "%s", name);
	return entry_of(count);
}

struct hostent *gethostbyaddr(const void *address, socklen_t length, int family)
{
	struct in_addr wanted;

	if (family != AF_INET || length != sizeof(wanted)) {
		h_errno = NO_RECOVERY;
		return NULL;
	}
	memcpy(&wanted, address, sizeof(wanted));
	if (!__hosts_name(wanted, kept, sizeof(kept))) {
		h_errno = HOST_NOT_FOUND;
		return NULL;
	}
	found[0] = wanted;
	return entry_of(1);
}

const char *hstrerror(int error)
{
	static const char *const text[] = {
		"no error", "unknown host", "host name lookup failure",
		"unknown server error", "no address for the name",
	};

	return error >= 0 && error < (int)(sizeof(text) / sizeof(text[0])) ?
	       text[error] : "unknown error";
}

void herror(const char *before)
{
	const char *words = hstrerror(h_errno);

	if (before && *before)
		fprintf(stderr, "%s: %s\n", before, words);
	else
		fprintf(stderr, "%s\n", words);
}
