/*
 * httpd.c - a web server: the files of this machine in a browser.
 *
 * One process waits in accept() and starts a process for each client, so a slow
 * client stops none of the others. A child reads one request in text, answers,
 * and ends; the kernel closes the connection then. A name under /proc is a file
 * like all others: http://HOST/proc/why tells who waits for whom.
 * http://HOST/waits is no file, but a drawing of the same: graph.c.
 */
#include "user/httpd/httpd.h"

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <program.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"httpd [-p PORT] [-n COUNT] [FOLDER]\n"
	"Serves the files below FOLDER (the whole tree), by HTTP.\n"
	"http://HOST/waits draws who waits for whom, if FOLDER has /proc.\n"
	"  -p  the port; without, 80\n"
	"  -n  end after so many requests\n";

#define PATIENCE 60	/* seconds without a byte from or to a client */

void say_status(FILE *client, const char *status, const char *type)
{
	fprintf(client, "HTTP/1.0 %s\r\nServer: Parley\r\n"
		"Connection: close\r\nContent-Type: %s\r\n", status, type);
}

static void refuse(FILE *client, const char *status)
{
	say_status(client, status, "text/plain");
	fprintf(client, "\r\n%s\n", status);
}

static const char *type_of(const char *path)
{
	const char *ending = strrchr(path, '.');

	if (ending && strcmp(ending, ".html") == 0)
		return "text/html";
	if (ending && strcmp(ending, ".svg") == 0)
		return "image/svg+xml";
	return "text/plain; charset=utf-8";
}

void put_text(FILE *client, const char *text)
{
	for (; *text; text++)
		if (strchr("<>&\"", *text))
			fprintf(client, "&#%d;", *text);
		else
			putc(*text, client);
}

static void send_folder(FILE *client, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (!folder) {
		refuse(client, "403 Forbidden");
		return;
	}
	say_status(client, "200 OK", "text/html");
	fputs("\r\n<!doctype html><ul>\n", client);
	while ((entry = readdir(folder))) {
		const char *slash = entry->d_type == DT_DIR ? "/" : "";

		fputs("<li><a href=\"./", client);
		put_text(client, entry->d_name);
		fprintf(client, "%s\">", slash);
		put_text(client, entry->d_name);
		fprintf(client, "%s</a>\n", slash);
	}
	fputs("</ul>\n", client);
	closedir(folder);
}

static void send_file(FILE *client, int fd, const char *path,
		      const struct stat *status)
{
	static char buffer[16384];
	ssize_t bytes;

	say_status(client, "200 OK", type_of(path));
	fprintf(client, "Content-Length: %lld\r\n\r\n",
		(long long)status->st_size);
	while ((bytes = read(fd, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, bytes, client);
}

/* %41 is A. */
static void decode(char *path)
{
	char *to = path;

	path[strcspn(path, "?#")] = '\0';
	for (; *path; path++) {
		unsigned value;

		if (*path == '%' && sscanf(path + 1, "%2x", &value) == 1) {
			*to++ = value;
			path += 2;
		} else {
			*to++ = *path;
		}
	}
	*to = '\0';
}

static void answer(FILE *client, char *path)
{
	char name[1100];
	struct stat status;
	int fd;

	decode(path);
	if (*path != '/' || strstr(path, "/..")) {
		refuse(client, "400 Bad Request");
		return;
	}
	if (strcmp(path, "/waits") == 0 && send_graph(client) == 0)
		return;
	snprintf(name, sizeof(name), ".%s", path);
	fd = open(name, O_RDONLY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &status) < 0)
		refuse(client, "404 Not Found");
	else if (S_ISDIR(status.st_mode))
		send_folder(client, name);
	else if (S_ISREG(status.st_mode))
		send_file(client, fd, path, &status);
	else
		refuse(client, "403 Forbidden");
}

/* Read the request, up to the empty line, and answer. */
static void serve(int fd)
{
	char line[2048], path[1024];
	FILE *in = need(fdopen(fd, "r")), *out = need(fdopen(dup(fd), "w"));
	const struct timeval patience = { .tv_sec = PATIENCE };
	int is_get;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (!fgets(line, sizeof(line), in))
		return;
	is_get = sscanf(line, "GET %1023s", path) == 1;
	while (fgets(line, sizeof(line), in) && line[0] != '\r' &&
	       line[0] != '\n')
		;
	if (is_get)
		answer(out, path);
	else
		refuse(out, "501 Not Implemented");
	/* The answer has arrived when the client closes: only then may the
	 * machine be switched off. */
	fflush(out);
	shutdown(fd, SHUT_WR);
	while (fgets(line, sizeof(line), in))
		;
}

int main(int argc, char **argv)
{
	const char *port = "80";
	long count = -1;
	int option, listener, client;

	while ((option = getopt(argc, argv, "hp:n:")) != -1)
		switch (option) {
		case 'p': parse_number(port = optarg, 1, 65535, "port"); break;
		case 'n': count = parse_number(optarg, 1, 1000000000,
						    "count"); break;
		default: usage(option, help);
		}
	listener = listen_at(NULL, port);
	if (chdir(optind < argc ? argv[optind] : "/") < 0)
		err(1, "%s", argv[optind]);
	signal(SIGPIPE, SIG_IGN);
	while (count != 0) {
		client = accept(listener, NULL, NULL);
		if (client < 0)
			err(1, "accept");
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		switch (fork()) {
		case -1:
			warn("fork");
			break;
		case 0:
			close(listener);
			serve(client);
			_exit(0);
		}
		close(client);
		count -= count > 0;
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
