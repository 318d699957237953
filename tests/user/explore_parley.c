/*
 * explore_parley.c - schedules that a program decides.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/explore.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "tests/user/helpers.h"

static int decider;
static int last_state;			/* of GO_ON, with all processes ended */
static volatile int *turns;		/* of the explorer; shared, or NULL */

static volatile int *map_shared_page(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* A step of the explorer. A task with a low policy runs only if the explorer
 * sleeps; so the explorer never yields here. */
static int make_step(void)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	int state = explore_control(decider, EXPLORE_GO_ON);

	if (state == EXPLORE_STUCK)
		explore_control(decider, EXPLORE_END);
	if (turns)
		++*turns;
	nanosleep(&moment, NULL);
	return state;
}

/* Run body() as an explored child by the plan written last; its status. */
static int run_again(int (*body)(void))
{
	int status = -1;
	pid_t pid = fork();

	require(pid >= 0);
	if (pid == 0) {
		if (explore_attach(decider) != 0)
			_exit(100);
		_exit(body());
	}
	while (waitpid(pid, &status, WNOHANG) != pid)
		make_step();
	do
		last_state = make_step();
	while (last_state != EXPLORE_EMPTY && last_state != EXPLORE_SPINNING);
	return status;
}

/* Run body() as an explored child by this plan; its status. */
static int run(int (*body)(void), const struct explore_choice *plan,
	       unsigned count)
{
	require(write(decider, plan, count * sizeof(*plan)) ==
		(ssize_t)(count * sizeof(*plan)));
	return run_again(body);
}

/* The steps of the run. */
static struct explore_step steps[EXPLORE_STEPS_MOST];

static unsigned read_steps(void)
{
	unsigned count = 0;
	ssize_t bytes;

	while ((bytes = read(decider, steps + count, sizeof(steps[0]))) > 0) {
		require(bytes == sizeof(steps[0]));
		count++;
	}
	require(bytes == 0);
	return count;
}

/* Parent and child write a letter each into a pipe; the status tells the
 * order. */
static int race_of_writers(void)
{
	char letters[2];
	int fds[2];

	if (pipe(fds) != 0)
		return 101;
	if (fork() == 0) {
		write(fds[1], "c", 1);
		_exit(0);
	}
	write(fds[1], "p", 1);
	if (read(fds[0], letters, 1) != 1 ||
	    (read(fds[0], letters + 1, 1) != 1))
		return 102;
	wait(NULL);
	return letters[0] == 'c';
}

#define FUNCTION_MOST	256		/* bytes of race_of_writers() */

/* Is this address in race_of_writers()? */
static int is_in_race(uint32_t place)
{
	return place - (uint32_t)(uintptr_t)race_of_writers < FUNCTION_MOST;
}

CASE(explore_is_open_to_others_than_root)
{
	require(seteuid(1000) == 0);
	expect_error(explore_open(0), EPERM);
}

CASE(explore_takes_wrong_arguments)
{
	const struct explore_choice plan[EXPLORE_CHOICES_MOST + 1] = { 0 };
	int fds[2];

	require(pipe(fds) == 0);
	expect_error(explore_open(O_NONBLOCK), EINVAL);
	expect_error(explore_attach(fds[0]), EINVAL);
	expect_error(explore_attach(100), EBADF);
	expect_error(explore_control(fds[0], EXPLORE_GO_ON), EINVAL);
	expect_error(explore_control(100, EXPLORE_GO_ON), EBADF);
	decider = explore_open(O_CLOEXEC);
	require(decider >= 0);
	expect(fcntl(decider, F_GETFD) == FD_CLOEXEC);
	expect_error(explore_control(decider, 17), EINVAL);
	expect_error(explore_control(decider, -1), EINVAL);
	expect_error(write(decider, plan, sizeof(plan)), EINVAL);
	expect_error(write(decider, plan, 3), EINVAL);
	expect_error(write(decider, (void *)8, sizeof(plan[0])), EFAULT);
	expect(write(decider, plan, 0) == 0);
}

CASE(places_of_a_step_leave_out_a_caller)
{
	unsigned count, i;

	decider = explore_open(O_CLOEXEC);
	require(decider >= 0);
	expect(run(race_of_writers, NULL, 0) == 0);
	count = read_steps();
	for (i = 0; i < count && steps[i].call != 7; i++)	/* write */
		continue;
	require(i < count);
	expect(is_in_race(steps[i].places[0]));
	expect(steps[i].places[1] && steps[i].places[1] != steps[i].places[0]);
}

CASE(plan_does_not_change_the_order)
{
	struct explore_choice choice;
	volatile int *nothing;
	unsigned count, i;

	decider = explore_open(0);
	require(decider >= 0);
	expect(WEXITSTATUS(run(race_of_writers, NULL, 0)) == 0);
	count = read_steps();
	for (i = 0; i < count && steps[i].call != 7; i++)	/* write */
		expect(steps[i].choice == 0 && steps[i].others == 1);
	require(i < count);
	choice = (struct explore_choice){ steps[i].task, 1, steps[i].position };
	for (i = 0; i < 3; i++)
		expect(WEXITSTATUS(run(race_of_writers, &choice, 1)) == 1);
	require(write(decider, &choice, sizeof(choice)) == sizeof(choice));
	nothing = map_shared_page();
	require(munmap((void *)nothing, 4096) == 0);
	expect_error(write(decider, (void *)nothing, sizeof(choice)), EFAULT);
	expect_error(write(decider, &choice, 3), EINVAL);
	/* Refused plans leave the plan in place. */
	expect(WEXITSTATUS(run_again(race_of_writers)) == 1);
}

CASE(seed_gives_other_ranks_or_a_single_order)
{
	struct explore_choice ranks = { EXPLORE_RANKS, 10, 0 };
	struct explore_choice plan[EXPLORE_CHOICES_MOST];
	int counts[2] = { 0, 0 }, order;
	unsigned count, choices, i;

	decider = explore_open(0);
	require(decider >= 0);
	for (ranks.position = 1; ranks.position <= 20; ranks.position++) {
		order = WEXITSTATUS(run(race_of_writers, &ranks, 1));
		require(order == 0 || order == 1);
		counts[order]++;
		count = read_steps();
		for (i = choices = 0; i < count; i++)
			if (steps[i].choice != 0)
				plan[choices++] = (struct explore_choice){
					steps[i].task, steps[i].choice,
					steps[i].position };
		/* The choices that the ranks made are a plan for this run. */
		expect(WEXITSTATUS(run(race_of_writers, plan, choices)) ==
		       order);
		expect(WEXITSTATUS(run(race_of_writers, &ranks, 1)) == order);
	}
	expect(counts[0] > 0 && counts[1] > 0);
}

static int sleep_for_days(void)
{
	const struct timespec days = { .tv_sec = 1000000 };

	return nanosleep(&days, NULL);
}

CASE(explored_sleep_takes_time)
{
	decider = explore_open(0);
	require(decider >= 0);
	expect(run(sleep_for_days, NULL, 0) == 0);
}

/* A task that gives itself a low policy, and computes until the explorer has
 * had some turns; with a child that sleeps. The status tells which letter came
 * first. */
static int compute_in_background(void)
{
	const struct sched_param none = { 0 };
	int fds[2], begin;
	char letter;

	if (pipe(fds) != 0)
		return 101;
	if (fork() == 0) {
		sleep(1000);
		_exit(write(fds[1], "c", 1) != 1);
	}
	if (sched_setscheduler(0, SCHED_IDLE, &none) < 0)
		return 102;
	begin = *turns;
	while (*turns < begin + 3)
		;
	if (write(fds[1], "p", 1) != 1 || read(fds[0], &letter, 1) != 1)
		return 103;
	wait(NULL);
	return letter == 'c';
}

CASE(task_with_a_low_policy_is_stuck_or_starves_or_a_sleep_overtakes_it)
{
	turns = map_shared_page();
	decider = explore_open(0);
	require(decider >= 0);
	for (int i = 0; i < 3; i++)
		expect(run(compute_in_background, NULL, 0) == 0);
}

static int wait_for_nothing(void)
{
	char byte;
	int fds[2];

	return pipe(fds) || read(fds[0], &byte, 1);
}

CASE(stuck_process_is_not_found_or_not_ended)
{
	int status;

	decider = explore_open(0);
	require(decider >= 0);
	status = run(wait_for_nothing, NULL, 0);
	expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int yield_for_ever(void)
{
	if (fork() < 0)
		return 1;
	for (;;)
		sched_yield();
}

CASE(run_without_progress_never_ends)
{
	int status;

	decider = explore_open(0);
	require(decider >= 0);
	status = run(yield_for_ever, NULL, 0);
	expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	expect(last_state == EXPLORE_SPINNING);
	expect(read_steps() == EXPLORE_STEPS_MOST);
}

static int loop_for_ever(void)
{
	volatile int forever = 1;

	while (forever)
		;
	return 0;
}

CASE(loop_without_calls_never_ends)
{
	int status;

	decider = explore_open(0);
	require(decider >= 0);
	status = run(loop_for_ever, NULL, 0);
	expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	expect(last_state == EXPLORE_SPINNING);
	expect(run(sleep_for_days, NULL, 0) == 0);
}

static int attach_twice(void)
{
	if (write(decider, NULL, 0) != -1 || errno != EBUSY)
		return 1;
	return explore_attach(decider) == 0 || errno != EBUSY;
}

CASE(plan_changes_under_a_run)
{
	decider = explore_open(0);
	require(decider >= 0);
	expect(run(attach_twice, NULL, 0) == 0);
}

/* Two processes add to a word in shared memory, by load and store. */
static int race_of_sums(void)
{
	volatile int *sum = map_shared_page();
	pid_t pid = fork();

	for (int i = 0; i < 2; i++)
		*sum = *sum + 1;
	if (pid == 0)
		_exit(0);
	wait(NULL);
	return *sum != 4;
}

CASE(shared_word_of_two_processes_is_no_decision)
{
	unsigned count, accesses = 0;

	decider = explore_open(EXPLORE_MEMORY);
	require(decider >= 0);
	expect(run(race_of_sums, NULL, 0) == 0);
	expect(run(race_of_sums, NULL, 0) == 0);
	expect(explore_control(decider, EXPLORE_WORDS) == 1);
	count = read_steps();
	for (unsigned i = 0; i < count; i++)
		accesses += steps[i].call == EXPLORE_ACCESS;
	expect(accesses >= 4);
}

CASE(end_of_the_explorer_leaves_processes)
{
	int status;
	pid_t pid;

	decider = explore_open(0);
	require(decider >= 0);
	pid = fork();
	if (pid == 0) {
		explore_attach(decider);
		close(decider);
		_exit(wait_for_nothing());
	}
	sched_yield();
	close(decider);
	require(waitpid(pid, &status, 0) == pid);
	expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
