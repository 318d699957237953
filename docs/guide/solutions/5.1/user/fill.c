/* fill.c - how much does a pipe hold? */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char page[4096];

static int fill(int fd)
{
	int pages = 0;

	while (write(fd, page, sizeof(page)) > 0)
		pages++;
	return pages;
}

int main(void)
{
	int fds[2];

	pipe2(fds, O_NONBLOCK);
	printf("%d pages fit\n", fill(fds[1]));
	read(fds[0], page, sizeof(page));
	printf("after one was read: %d more\n", fill(fds[1]));
	return 0;
}
