/* hosts.c - /etc/hosts: a line has an address and its names. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "libc/net/resolve.h"

/* The words of the next line with an address; NULL at the end. */
static char *next_line(FILE *file, char *line, int size,
		       struct in_addr *address, char **rest)
{
	while (fgets(line, size, file)) {
		line[strcspn(line, "#\n")] = '\0';
		char *word = strtok_r(line, " \t", rest);

		if (word && inet_pton(AF_INET, word, address) == 1)
			return line;
	}
	return NULL;
}

int __hosts_find(const char *name, struct in_addr *found)
{
	FILE *file = fopen("/etc/hosts", "r");
	struct in_addr address;
	char line[256], *rest, *word;
	int count = 0;

	if (!file)
		return 0;
	while (count < ADDRESSES_MOST &&
	       next_line(file, line, sizeof(line), &address, &rest))
		while ((word = strtok_r(NULL, " \t", &rest)))
			if (strcasecmp(word, name) == 0) {
				found[count++] = address;
				break;
			}
	fclose(file);
	return count;
}

int __hosts_name(struct in_addr wanted, char *to, size_t size)
{
	FILE *file = fopen("/etc/hosts", "r");
	struct in_addr address;
	char line[256], *rest, *word;
	int is_found = 0;

	if (!file)
		return 0;
	while (!is_found &&
	       next_line(file, line, sizeof(line), &address, &rest)) {
		word = strtok_r(NULL, " \t", &rest);
		if (word && address.s_addr == wanted.s_addr &&
		    strlen(word) < size) {
			strcpy(to, word);
			is_found = 1;
		}
	}
	fclose(file);
	return is_found;
}

/* ---- One line after the other -------------------------------------------- */

#define NAMES_MOST	8

static FILE *all;			/* of gethostent() */

void sethostent(int stay_open)
{
	(void)stay_open;
	endhostent();
	all = fopen("/etc/hosts", "r");
}

struct hostent *gethostent(void)
{
	static char line[256], *names[NAMES_MOST + 1], *addresses[2];
	static struct in_addr address;
	static struct hostent host;
	char *rest;
	int count = 0;

	if (!all)
		sethostent(0);
	if (!all || !next_line(all, line, sizeof(line), &address, &rest))
		return NULL;
	while (count < NAMES_MOST &&
	       (names[count] = strtok_r(NULL, " \t", &rest)))
		count++;
	names[count] = NULL;
	addresses[0] = (char *)&address;
	host = (struct hostent){
		count ? names[0] : line, names + (count > 0), AF_INET,
		sizeof(address), addresses,
	};
	return &host;
}

void endhostent(void)
{
	if (all)
		fclose(all);
	all = NULL;
}
