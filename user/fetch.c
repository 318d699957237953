/*
 * fetch.c - get a file from a web server.
 *
 * HTTP/1.0 is the smallest client of the network: one connection, one request
 * in text, and an answer that ends when the server closes the connection. The
 * answer is a head of lines, an empty line, and the file.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"fetch [-i] http://HOST[:PORT][/PATH]\n"
	"Writes the file at this address to standard output.\n"
	"  -i  write the head of the answer as well\n";

#define SCHEME "http://"

struct address {
	char host[256];
	char port[8];
	const char *path;
};

static struct address parse(const char *text)
{
	struct address address = { .port = "80" };
	size_t host, port;

	if (strncmp(text, SCHEME, strlen(SCHEME)) == 0)
		text += strlen(SCHEME);
	host = strcspn(text, ":/");
	if (host == 0 || host >= sizeof(address.host))
		errx(2, "%s: no host in this address", text);
	memcpy(address.host, text, host);
	text += host;
	if (*text == ':') {
		port = strcspn(++text, "/");
		if (port == 0 || port >= sizeof(address.port))
			errx(2, "%s: not a port", text);
		memset(address.port, 0, sizeof(address.port));
		memcpy(address.port, text, port);
		text += port;
	}
	address.path = *text ? text : "/";
	return address;
}

/* Copy the file, and the head if wanted. The status of the answer. */
static int copy_answer(FILE *answer, int with_head)
{
	static char buffer[16384];
	int status = 0;
	size_t bytes;

	if (!fgets(buffer, sizeof(buffer), answer) ||
	    sscanf(buffer, "HTTP/%*d.%*d %d", &status) != 1)
		errx(1, "the server does not speak HTTP");
	if (status >= 400)
		fprintf(stderr, "fetch: %s", buffer);
	do {
		if (with_head)
			fputs(buffer, stdout);
	} while (fgets(buffer, sizeof(buffer), answer) &&
		 buffer[strspn(buffer, "\r\n")] != '\0');
	if (with_head)
		fputs("\r\n", stdout);
	while ((bytes = fread(buffer, 1, sizeof(buffer), answer)) > 0)
		fwrite(buffer, 1, bytes, stdout);
	if (ferror(answer))
		err(1, "the answer broke off");
	return status;
}

int main(int argc, char **argv)
{
	struct address address;
	int option, with_head = 0, status, fd;

	while ((option = getopt(argc, argv, "hi")) != -1)
		switch (option) {
		case 'i': with_head = 1; break;
		default: usage(option, help);
		}
	if (argc - optind != 1)
		usage('?', help);
	address = parse(argv[optind]);
	fd = connect_to(address.host, address.port);
	dprintf(fd, "GET %s HTTP/1.0\r\nHost: %s:%s\r\nUser-Agent: fetch\r\n"
		"\r\n", address.path, address.host, address.port);
	status = copy_answer(need(fdopen(fd, "r")), with_head);
	return finish(status < 400 ? 0 : 1);
}
