/* views.c - how many regions show a granted page? */
#include <err.h>
#include <pages.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), byte;
	int fd = page_grant(page, 4096, PROT_READ), ready[2], end[2];

	if (fd < 0 || pipe(ready) != 0 || pipe(end) != 0)
		err(1, "setup");
	for (int i = 0; i < 2; i++)
		if (fork() == 0) {
			mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
			close(end[1]);
			write(ready[1], "", 1);
			read(end[0], &byte, 1);
			_exit(0);
		}
	for (int i = 0; i < 2; i++)
		read(ready[0], &byte, 1);
	system("ipcs | grep -o '[0-9]* views'");
	close(end[1]);
	while (wait(NULL) > 0)
		continue;
	system("ipcs | grep -o '[0-9]* views'");
	return 0;
}
