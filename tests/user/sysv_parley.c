/*
 * sysv_parley.c - what Parley shows of the objects of System V IPC.
 *
 * linux: no
 */
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "tests/user/helpers.h"

static int queue, set, segment;
static char text[1 << 16];

/* The line of a /proc file with this beginning has this word. */
static int says(const char *path, const char *beginning, const char *word)
{
	char *line, *end;

	read_text(path, text, sizeof(text));
	line = strstr(text, beginning);
	if (!line)
		return 0;
	end = line + strcspn(line, "\n");
	*end = '\0';
	return strstr(line, word) != NULL;
}

static int ends_by_anyone(pid_t pid)
{
	char beginning[16];

	until_asleep(pid);
	snprintf(beginning, sizeof(beginning), "\n%d\t", (int)pid);
	read_text("/proc/waits", text, sizeof(text));
	return strstr(text, beginning) &&
	       says("/proc/waits", strstr(text, beginning) + 1, "anyone");
}

static int receive_by_type(void)
{
	struct { long type; char text; } message;

	return msgrcv(queue, &message, 1, 7, 0) < 0;
}

static int take_a_unit(void)
{
	struct sembuf take = { 0, -1, 0 };

	return semop(set, &take, 1) < 0;
}

CASE(waits_end_by_anyone)
{
	pid_t receiver, taker;

	queue = msgget(IPC_PRIVATE, 0600);
	set = semget(IPC_PRIVATE, 1, 0600);
	receiver = start(receive_by_type);
	taker = start(take_a_unit);
	expect(ends_by_anyone(receiver));
	expect(ends_by_anyone(taker));
	expect(msgctl(queue, IPC_RMID, NULL) == 0);
	expect(semctl(set, 0, IPC_RMID) == 0);
	expect(result_of(receiver) == 1 && result_of(taker) == 1);
}

CASE(reports_tell_key_identifier_and_contents)
{
	struct { long type; char text[3]; } message = { 1, "abc" };
	struct sembuf add = { 2, 5, 0 };
	char id[32];
	void *at;

	queue = msgget(0xbeef, IPC_CREAT | 0640);
	set = semget(0xbeef, 3, IPC_CREAT | 0600);
	segment = shmget(0xbeef, 5000, IPC_CREAT | 0600);
	msgsnd(queue, &message, 3, 0);
	semop(set, &add, 1);
	at = shmat(segment, NULL, 0);
	snprintf(id, sizeof(id), "id %d, mode 640: ", queue);
	expect(says("/proc/ipc", "sysv queue 0xbeef\t", id));
	expect(says("/proc/ipc", "sysv queue 0xbeef\t",
		    ": 1 messages, 3 of 16384 bytes"));
	expect(says("/proc/ipc", "sysv semaphores 0xbeef\t",
		    ": values 0 0 5"));
	expect(says("/proc/ipc", "sysv memory 0xbeef\t",
		    ": 5000 bytes, 1 mappings"));
	shmctl(segment, IPC_RMID, NULL);
	expect(says("/proc/ipc", "sysv memory 0xbeef\t", "\tremoved: "));
	shmdt(at);
	expect(!says("/proc/ipc", "sysv memory 0xbeef\t", ""));
	msgctl(queue, IPC_RMID, NULL);
	semctl(set, 0, IPC_RMID);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
