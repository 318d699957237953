/*
 * hostile_spin.c - an ordinary user with many processes that only compute: root
 * and further users still get their part of the processor.
 *
 * The cases count events, not time: how often the processor changed hands, and
 * how far the loops of each side came.
 *
 * linux: no
 */
#include <sys/mman.h>
#include <sys/resource.h>

#include "tests/user/helpers.h"

#define SPINNERS	250
#define ATTACKER	1000

/* What all processes see. */
static struct {
	volatile int last;		/* the spinner that runs */
	volatile long turns;		/* so often a different spinner ran */
	volatile long loops;		/* of all spinners */
} *shared;

static void spin(int number)
{
	for (;;) {
		shared->loops++;
		if (shared->last != number) {
			shared->last = number;
			shared->turns++;
		}
	}
}

static void map_shared(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
}

/* All spinners have run once when this returns. */
static void start_spinners(void)
{
	pid_t leader;

	map_shared();
	leader = fork_or_fail();
	if (leader == 0) {
		require(setuid(ATTACKER) == 0);
		for (int i = 1; i < SPINNERS; i++)
			if (fork() == 0)
				spin(i);
		spin(SPINNERS);
	}
	while (shared->turns < SPINNERS)
		usleep(10000);
}

/* So often the spinners change during ten sleeps. A sleep is as long as a
 * slice. The sleeper then waits for the end of one slice, or two. */
static long turns_of_ten_sleeps(void)
{
	long before = shared->turns;

	for (int i = 0; i < 10; i++)
		usleep(10000);
	return shared->turns - before;
}

CASE(sleep_of_root_ends_behind_many_spinners)
{
	start_spinners();
	expect(turns_of_ten_sleeps() <= 10 * 4);
}

CASE(sleep_of_another_user_ends_behind_many_spinners)
{
	start_spinners();
	require(setuid(ATTACKER + 1) == 0);
	expect(turns_of_ten_sleeps() <= 10 * 4);
}

/* Each spinner begins as a process of root. No spinner may use root's turn. */
CASE(sleep_of_root_ends_behind_processes_that_change_their_user)
{
	long before;

	map_shared();
	for (int i = 1; i <= SPINNERS; i++) {
		if (fork_or_fail() == 0) {
			require(setuid(ATTACKER) == 0);
			spin(i);
		}
	}
	before = shared->turns;
	usleep(10000);
	expect(shared->turns - before <= 4);
	expect(turns_of_ten_sleeps() <= 10 * 4);
}

CASE(nice_root_gets_nothing_beside_many_spinners)
{
	volatile long own = 0;
	long before;

	start_spinners();
	require(setpriority(PRIO_PROCESS, 0, 2) == 0);
	usleep(10000);
	before = shared->loops;
	while (shared->loops - before < 20000000)
		own++;
	/* Half of the time; a loop of the spinners is longer. */
	expect(own > 10000000);
	/* What root starts works, too. */
	expect(system("ls /bin > /dev/null") == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
