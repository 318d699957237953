/* services.c - the names of services and protocols: /etc/services. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char line[128];
static char *no_aliases[1];
static struct servent service = { .s_aliases = no_aliases };

/* Read "name port/protocol" from a line. 0: this is no such line. */
static int read_line(void)
{
	char *rest, *port;

	line[strcspn(line, "#\n")] = '\0';
	service.s_name = strtok_r(line, " \t", &rest);
	port = service.s_name ? strtok_r(NULL, " \t/", &rest) : NULL;
	service.s_proto = port ? strtok_r(NULL, " \t/", &rest) : NULL;
	if (!service.s_proto)
		return 0;
	service.s_port = htons(atoi(port));
	return 1;
}

/* The service with this name, or with this port if name is NULL. */
static struct servent *find(const char *name, int port, const char *protocol)
{
	FILE *file = fopen("/etc/services", "r");
	struct servent *found = NULL;

	while (file && !found && fgets(line, sizeof(line), file)) {
		if (!read_line() ||
		    (protocol && strcmp(protocol, service.s_proto) != 0))
			continue;
		if (name ? strcmp(name, service.s_name) == 0 :
			   port == service.s_port)
			found = &service;
	}
	if (file)
		fclose(file);
	return found;
}

struct servent *getservbyname(const char *name, const char *protocol)
{
	return find(name, 0, protocol);
}

struct servent *getservbyport(int port, const char *protocol)
{
	return find(NULL, port, protocol);
}

struct protoent *getprotobyname(const char *name)
{
	static char icmp[] = "icmp", tcp[] = "tcp", udp[] = "udp";
	static struct protoent known[] = {
		{ icmp, no_aliases, IPPROTO_ICMP },
		{ tcp, no_aliases, IPPROTO_TCP },
		{ udp, no_aliases, IPPROTO_UDP },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].p_name, name) == 0)
			return &known[i];
	return NULL;
}
