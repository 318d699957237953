/* halves.c - a client ends its half of a connection, and gets an answer. */
#include <err.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void serve(int client)
{
	char buffer[64];
	ssize_t bytes;
	int total = 0;

	while ((bytes = read(client, buffer, sizeof(buffer))) > 0)
		total += bytes;
	write(client, &total, sizeof(total));
	_exit(0);
}

int main(void)
{
	int ends[2], total = 0;

	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	if (fork() == 0) {
		close(ends[0]);
		serve(ends[1]);
	}
	close(ends[1]);
	write(ends[0], "one ", 4);
	write(ends[0], "two", 3);
	shutdown(ends[0], SHUT_WR);
	if (recv(ends[0], &total, sizeof(total), MSG_WAITALL) != sizeof(total))
		errx(1, "half an answer");
	printf("%d bytes\n", total);
	wait(NULL);
	return 0;
}
