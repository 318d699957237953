/* takeback.c - handle the SIGBUS of a page that was taken back. */
#include <pages.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static char *view;

static void gone(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	if (info->si_addr == view)
		write(1, "the page is gone\n", 17);
	_exit(0);
}

int main(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), c;
	struct sigaction action = { .sa_flags = SA_SIGINFO };
	int fd = page_grant(page, 4096, PROT_READ), ready[2];

	pipe(ready);
	if (fork() == 0) {
		action.sa_sigaction = gone;
		sigaction(SIGBUS, &action, NULL);
		view = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		write(ready[1], view, 1);
		for (;;)
			*(volatile char *)view;
	}
	read(ready[0], &c, 1);
	page_revoke(fd);
	wait(NULL);
	return 0;
}
