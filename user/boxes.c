/*
 * boxes.c - capacity, and synchronous or not: the table of mailboxes, run.
 *
 * The receiver runs in the background, so the receiver runs only while the
 * sender waits. The events before each "r" are the steps that the sender makes
 * without waiting. So the order of events shows the meaning of capacity and
 * MAILBOX_SYNC.
 */
#include <err.h>
#include <mailbox.h>
#include <program.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"boxes\n"
	"Sends four messages through boxes of each kind, and prints in which\n"
	"order they were sent (s1: the call returned) and received (r1).\n";

#define MESSAGES	4

static char *diary;		/* "s1 r1 ", shared by both */

static void note(char what, int number)
{
	sprintf(diary + strlen(diary), "%c%d ", what, number);
}

/* The turn is noted before the call, which lets the sender run at once. */
static void be_receiver(int box)
{
	const struct sched_param none = { 0 };

	sched_setscheduler(0, SCHED_IDLE, &none);
	for (int i = 1; i <= MESSAGES; i++) {
		note('r', i);
		if (mailbox_receive(box, NULL, NULL, 0, 0, NULL) < 0)
			err(1, "receive");
	}
	_exit(0);
}

static const char *verdict(void)
{
	const char *first_receipt = strstr(diary, "r1");

	if (first_receipt < strstr(diary, "s1"))
		return "sender waits for the receipt";
	if (first_receipt < strstr(diary, "s4"))
		return "sender waits for room";
	return "sender never waits";
}

static void try(long capacity, int flags)
{
	const struct mailbox_attr attr = { .capacity = capacity };
	const struct message head = { .type = 1, .fd = -1 };
	int box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);
	pid_t receiver;

	if (box < 0)
		err(1, "box");
	diary[0] = '\0';
	receiver = fork();
	if (receiver < 0)
		err(1, "fork");
	if (receiver == 0)
		be_receiver(box);
	for (int i = 1; i <= MESSAGES; i++) {
		if (mailbox_send(box, &head, NULL, flags, NULL) != 0)
			err(1, "send");
		note('s', i);
	}
	wait(NULL);
	close(box);
	printf("%s%s\n", diary, verdict());
}

int main(int argc, char **argv)
{
	static const long capacities[] = { 0, 2, MAILBOX_UNBOUNDED };
	static const char *const names[] = { "0", "2", "unbounded" };

	if (*parse_no_options(argc, argv, help))
		usage('?', help);
	diary = mmap(NULL, 64, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (diary == MAP_FAILED)
		err(1, "shared memory");
	for (int i = 0; i < 6; i++) {
		printf("%-9s %s ", names[i / 2], i % 2 ? "sync " : "plain");
		fflush(stdout);
		try(capacities[i / 2], i % 2 ? MAILBOX_SYNC : 0);
	}
	return finish(0);
}
