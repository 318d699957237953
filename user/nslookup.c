/*
 * nslookup.c - the addresses of a name.
 *
 * getaddrinfo() looks into /etc/hosts first, and asks the name server after
 * that, by a datagram to port 53 (libc/net/dns.c).
 */
#include <arpa/inet.h>
#include <err.h>
#include <netdb.h>
#include <program.h>
#include <sys/socket.h>

static const char help[] =
	"nslookup NAME...\n"
	"Prints the addresses of each NAME.\n";

static int look_up(char *name)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list, *at;
	int error = getaddrinfo(name, NULL, &hints, &list);

	if (error) {
		warnx("%s: %s", name, gai_strerror(error));
		return 1;
	}
	for (at = list; at; at = at->ai_next)
		printf("%s %s\n", name, inet_ntoa(
		       ((struct sockaddr_in *)at->ai_addr)->sin_addr));
	freeaddrinfo(list);
	return 0;
}

int main(int argc, char **argv)
{
	char **names = parse_no_options(argc, argv, help);
	int status = 0;

	if (!*names)
		usage('?', help);
	for (; *names; names++)
		status |= look_up(*names);
	return finish(status);
}
