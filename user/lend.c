/*
 * lend.c - memory lent to a second process, and taken back while in use.
 *
 * The owner writes a text, grants the page for reading, and changes the text.
 * The borrower has inherited the descriptor, and sees each change at once,
 * since there is one page and no copy. Then the owner revokes the grant. The
 * borrower gets no message: the next access to the page is a SIGBUS, and
 * si_addr tells the handler the page. The owner goes on as before.
 */
#include <err.h>
#include <pages.h>
#include <program.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"lend\n"
	"Lends a page of memory to another process and takes it back.\n";

#define PAGE	4096

static int turn[2];			/* the owner's word: look again */
static int answer[2];			/* the borrower has looked */

static void say(const int fds[2])
{
	if (write(fds[1], "", 1) < 0)
		err(1, "pipe");
}

static void hear(const int fds[2])
{
	char byte;

	if (read(fds[0], &byte, 1) != 1)
		exit(1);		/* the peer has ended */
}

static const char *view;

/* A handler may call write(2), not printf(3). */
static void lost(int signal, siginfo_t *info, void *context)
{
	static const char text[] = "borrower: SIGBUS, the page is gone\n";

	(void)signal;
	(void)context;
	if (info->si_addr == (void *)view)
		write_all(STDOUT_FILENO, text, sizeof(text) - 1);
	_exit(0);
}

static int borrow(int grant)
{
	struct sigaction action = { .sa_sigaction = lost,
				    .sa_flags = SA_SIGINFO };

	sigaction(SIGBUS, &action, NULL);
	if (mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, grant, 0) ==
	    MAP_FAILED)
		warn("borrower: may it write? no");
	view = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, grant, 0);
	if (view == MAP_FAILED)
		err(1, "mmap");
	for (;;) {
		hear(turn);
		printf("borrower: reads \"%s\"\n", view);
		fflush(stdout);
		say(answer);
	}
}

int main(int argc, char **argv)
{
	static const char *const texts[] = { "my page", "it is still mine" };
	pid_t child;
	char *page;
	int grant;

	if (*parse_no_options(argc, argv, help))
		usage('?', help);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || pipe(turn) < 0 || pipe(answer) < 0)
		err(1, "setup");
	grant = page_grant(page, PAGE, PROT_READ);
	if (grant < 0)
		err(1, "page_grant");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0)
		return borrow(grant);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		strcpy(page, texts[i]);
		say(turn);
		hear(answer);
	}
	printf("owner: revokes\n");
	fflush(stdout);
	if (page_revoke(grant) < 0)
		err(1, "page_revoke");
	say(turn);
	if (waitpid(child, NULL, 0) < 0)
		err(1, "waitpid");
	printf("owner: still has \"%s\"\n", page);
	return finish(0);
}
