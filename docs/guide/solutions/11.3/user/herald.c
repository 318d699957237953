/* herald.c - a server at a local socket says a word back in capitals. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct sockaddr_un place = {
	.sun_family = AF_UNIX, .sun_path = "/tmp/herald",
};

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

static void serve(int listener)
{
	char word[64];
	int client = accept(listener, NULL, NULL);
	ssize_t bytes;

	while ((bytes = read(client, word, sizeof(word))) > 0) {
		for (ssize_t i = 0; i < bytes; i++)
			word[i] = toupper((unsigned char)word[i]);
		write(client, word, bytes);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	int listener = new_socket(), fd = new_socket();
	char answer[64];
	ssize_t bytes;

	if (argc != 2 ||
	    bind(listener, (const struct sockaddr *)&place,
		 sizeof(place)) != 0 || listen(listener, 1) != 0)
		err(1, "listen");
	if (fork() == 0)
		serve(listener);
	if (connect(fd, (const struct sockaddr *)&place, sizeof(place)) != 0)
		err(1, "connect");
	write(fd, argv[1], strlen(argv[1]));
	shutdown(fd, SHUT_WR);
	while ((bytes = read(fd, answer, sizeof(answer))) > 0)
		write(1, answer, bytes);
	write(1, "\n", 1);
	wait(NULL);
	return unlink(place.sun_path);
}
