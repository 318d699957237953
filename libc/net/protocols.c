/* protocols.c - the names of protocols; and of networks, which have none. */
#include <netdb.h>
#include <string.h>

static char ip[] = "ip", icmp[] = "icmp", tcp[] = "tcp", udp[] = "udp";
static char *no_aliases[1];
static struct protoent known[] = {
	{ ip, no_aliases, IPPROTO_IP },
	{ icmp, no_aliases, IPPROTO_ICMP },
	{ tcp, no_aliases, IPPROTO_TCP },
	{ udp, no_aliases, IPPROTO_UDP },
};
static size_t place;			/* of getprotoent() */

#define COUNT (sizeof(known) / sizeof(known[0]))

struct protoent *getprotobyname(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(known[i].p_name, name) == 0)
			return &known[i];
	return NULL;
}

struct protoent *getprotobynumber(int number)
{
	for (size_t i = 0; i < COUNT; i++)
		if (known[i].p_proto == number)
			return &known[i];
	return NULL;
}

void setprotoent(int stay_open)
{
	(void)stay_open;
	place = 0;
}

struct protoent *getprotoent(void)
{
	return place < COUNT ? &known[place++] : NULL;
}

void endprotoent(void)
{
	place = 0;
}

struct netent *getnetbyname(const char *name)
{
	(void)name;
	return NULL;
}

struct netent *getnetbyaddr(uint32_t network, int type)
{
	(void)network;
	(void)type;
	return NULL;
}

void setnetent(int stay_open)
{
	(void)stay_open;
}

struct netent *getnetent(void)
{
	return NULL;
}

void endnetent(void)
{
}
