/* lookonly.c - pages granted for reading cannot be mapped for writing. */
#include <errno.h>
#include <pages.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *view;
	int fd;

	strcpy(page, "secret");
	fd = page_grant(page, 4096, PROT_READ);
	if (fork() == 0) {
		view = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		dprintf(1, "reads: %s\n", view);
		if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			 0) == MAP_FAILED)
			dprintf(1, "to write: %s\n", strerror(errno));
		_exit(0);
	}
	wait(NULL);
	return 0;
}
