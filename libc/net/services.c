/* services.c - the names of services: lines of /etc/services. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIASES_MOST	8

static char line[128];
static char *aliases[ALIASES_MOST + 1];
static struct servent service = { .s_aliases = aliases };
static FILE *all;			/* of getservent() */

/* Read "name port/protocol alias..." from a line. 0: this is no such line. */
static int read_line(void)
{
	char *rest, *port;
	int count = 0;

	line[strcspn(line, "#\n")] = '\0';
	service.s_name = strtok_r(line, " \t", &rest);
	port = service.s_name ? strtok_r(NULL, " \t/", &rest) : NULL;
	service.s_proto = port ? strtok_r(NULL, " \t/", &rest) : NULL;
	if (!service.s_proto)
		return 0;
	service.s_port = htons(atoi(port));
	while (count < ALIASES_MOST &&
	       (aliases[count] = strtok_r(NULL, " \t", &rest)))
		count++;
	aliases[count] = NULL;
	return 1;
}

static struct servent *next_of(FILE *file)
{
	while (fgets(line, sizeof(line), file))
		if (read_line())
			return &service;
	return NULL;
}

static int has_name(const char *name)
{
	for (char **alias = aliases; *alias; alias++)
		if (strcmp(*alias, name) == 0)
			return 1;
	return strcmp(service.s_name, name) == 0;
}

/* The service with this name, or with this port if name is NULL. */
static struct servent *find(const char *name, int port, const char *protocol)
{
	FILE *file = fopen("/etc/services", "r");
	struct servent *found = NULL;

	while (file && (found = next_of(file))) {
		if (protocol && strcmp(protocol, service.s_proto) != 0)
			continue;
		if (name ? has_name(name) : port == service.s_port)
			break;
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

void setservent(int stay_open)
{
	(void)stay_open;
	endservent();
	all = fopen("/etc/services", "r");
}

struct servent *getservent(void)
{
	if (!all)
		setservent(0);
	return all ? next_of(all) : NULL;
}

void endservent(void)
{
	if (all)
		fclose(all);
	all = NULL;
}
