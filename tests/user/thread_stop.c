/*
 * thread_stop.c - a process with several threads stops and goes on as a whole.
 * Any POSIX system.
 */
#include <time.h>

#include "tests/user/thread_case.h"

struct scene {
	volatile unsigned long turns[3];
	volatile int ready, answer;
	int to[2], from[2];
	pthread_mutex_t mutex;
};

static struct scene *scene;

static void make_scene(void)
{
	scene = mmap(NULL, sizeof(*scene), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(scene != MAP_FAILED);
	require(pipe(scene->to) == 0 && pipe(scene->from) == 0);
	init_mutex(&scene->mutex, PTHREAD_MUTEX_NORMAL,
		   PTHREAD_PROCESS_SHARED);
}

/* A process of which `function` runs in a second thread; the first waits. */
static pid_t start_pair(void *(*function)(void *))
{
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		create(function, NULL);
		for (;;)
			pause();
	}
	return pid;
}

static void until_ready(int count)
{
	while (scene->ready < count)
		case_pause();
}

static void stop_and_wait(pid_t pid, int n)
{
	int status = 0;

	require(kill(pid, n) == 0);
	require(waitpid(pid, &status, WUNTRACED) == pid);
	require(WIFSTOPPED(status) && WSTOPSIG(status) == n);
}

static void continue_and_wait(pid_t pid)
{
	int status = 0;

	require(kill(pid, SIGCONT) == 0);
	require(waitpid(pid, &status, WCONTINUED) == pid);
	require(WIFCONTINUED(status));
}

static void a_while(void)
{
	for (int i = 0; i < 5; i++)
		case_pause();
}

static void *count_up(void *argument)
{
	volatile unsigned long *turns = argument;

	for (;;)
		++*turns;
	return NULL;
}

static int count_in_three(void)
{
	create(count_up, (void *)&scene->turns[0]);
	create(count_up, (void *)&scene->turns[1]);
	count_up((void *)&scene->turns[2]);
	return 0;
}

static void until_all_count(void)
{
	for (int i = 0; i < 3; i++) {
		unsigned long before = scene->turns[i];

		while (scene->turns[i] == before)
			case_pause();
	}
}

CASE(every_running_thread_stops_and_goes_on)
{
	unsigned long before[3];
	pid_t pid;

	make_scene();
	pid = start(count_in_three);
	until_all_count();
	stop_and_wait(pid, SIGSTOP);
	memcpy(before, (void *)scene->turns, sizeof(before));
	a_while();
	expect(memcmp(before, (void *)scene->turns, sizeof(before)) == 0);
	continue_and_wait(pid);
	until_all_count();
	kill_and_wait(pid);
}

CASE(stop_and_continue_are_each_told_once)
{
	int status;
	pid_t pid;

	make_scene();
	pid = start(count_in_three);
	until_all_count();
	for (int i = 0; i < 10; i++) {
		stop_and_wait(pid, i % 2 ? SIGSTOP : SIGTSTP);
		expect(waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG)
		       == 0);
		continue_and_wait(pid);
		expect(waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG)
		       == 0);
	}
	kill_and_wait(pid);
}

CASE(kill_ends_all_threads_of_a_stopped_process)
{
	pid_t pid;

	make_scene();
	pid = start(count_in_three);
	until_all_count();
	stop_and_wait(pid, SIGSTOP);
	expect(kill_and_wait(pid) == -SIGKILL);
}

CASE(deadly_signal_waits_for_the_continue)
{
	int status;
	pid_t pid;

	make_scene();
	pid = start(count_in_three);
	until_all_count();
	stop_and_wait(pid, SIGSTOP);
	kill(pid, SIGTERM);
	a_while();
	expect(waitpid(pid, &status, WNOHANG) == 0);
	kill(pid, SIGCONT);
	expect(result_of(pid) == -SIGTERM);
}

static void *echo(void *unused)
{
	char byte;

	(void)unused;
	scene->ready++;
	while (read(scene->to[0], &byte, 1) == 1)
		if (write(scene->from[1], &byte, 1) != 1)
			break;
	scene->answer = errno;
	return NULL;
}

CASE(thread_that_waits_takes_nothing_while_stopped)
{
	char byte = 0;
	pid_t pid;

	make_scene();
	pid = start_pair(echo);
	until_ready(1);
	until_asleep(pid);
	stop_and_wait(pid, SIGSTOP);
	require(write(scene->to[1], "a", 1) == 1);
	a_while();
	set_nonblocking(scene->to[0], 1);
	expect(read(scene->to[0], &byte, 1) == 1 && byte == 'a');
	set_nonblocking(scene->to[0], 0);
	continue_and_wait(pid);
	require(write(scene->to[1], "b", 1) == 1);
	expect(read(scene->from[0], &byte, 1) == 1 && byte == 'b');
	expect(scene->answer == 0);
	kill_and_wait(pid);
}

CASE(wait_begins_again_after_many_stops)
{
	char byte = 0;
	pid_t pid;

	make_scene();
	pid = start_pair(echo);
	until_ready(1);
	for (int i = 0; i < 50; i++) {
		kill(pid, SIGSTOP);
		kill(pid, SIGCONT);
	}
	require(write(scene->to[1], "c", 1) == 1);
	expect(read(scene->from[0], &byte, 1) == 1 && byte == 'c');
	expect(scene->answer == 0);
	kill_and_wait(pid);
}

static void *nap(void *unused)
{
	const struct timespec time = { 0, 20000000 };

	(void)unused;
	scene->ready++;
	scene->answer = nanosleep(&time, NULL) == 0 ? 1 : -errno;
	return NULL;
}

CASE(sleep_of_a_thread_is_not_cut_short)
{
	pid_t pid;

	make_scene();
	pid = start_pair(nap);
	until_ready(1);
	stop_and_wait(pid, SIGSTOP);
	continue_and_wait(pid);
	while (!scene->answer)
		case_pause();
	expect(scene->answer == 1);
	kill_and_wait(pid);
}

CASE(sleep_that_ends_while_stopped_is_over_afterwards)
{
	pid_t pid;

	make_scene();
	pid = start_pair(nap);
	until_ready(1);
	stop_and_wait(pid, SIGSTOP);
	for (int i = 0; i < 10; i++)
		a_while();
	expect(scene->answer == 0);
	continue_and_wait(pid);
	while (!scene->answer)
		case_pause();
	expect(scene->answer == 1);
	kill_and_wait(pid);
}

static void *take_mutex(void *unused)
{
	(void)unused;
	scene->ready++;
	scene->answer = pthread_mutex_lock(&scene->mutex) == 0 ? 1 : -1;
	pthread_mutex_unlock(&scene->mutex);
	return NULL;
}

CASE(mutex_is_not_taken_while_stopped)
{
	pid_t pid;

	make_scene();
	pthread_mutex_lock(&scene->mutex);
	pid = start_pair(take_mutex);
	until_ready(1);
	until_asleep(pid);
	stop_and_wait(pid, SIGSTOP);
	pthread_mutex_unlock(&scene->mutex);
	a_while();
	expect(scene->answer == 0);
	continue_and_wait(pid);
	while (!scene->answer)
		case_pause();
	expect(scene->answer == 1);
	kill_and_wait(pid);
}

static void *take_stop(void *turns)
{
	unblock(SIGTSTP);
	return count_up(turns);
}

static int only_one_takes_the_stop(void)
{
	block(SIGTSTP);
	create(take_stop, (void *)&scene->turns[0]);
	create(count_up, (void *)&scene->turns[1]);
	count_up((void *)&scene->turns[2]);
	return 0;
}

CASE(thread_that_blocks_the_signal_stops_as_well)
{
	unsigned long before[3];
	pid_t pid;

	make_scene();
	pid = start(only_one_takes_the_stop);
	until_all_count();
	stop_and_wait(pid, SIGTSTP);
	memcpy(before, (void *)scene->turns, sizeof(before));
	a_while();
	expect(memcmp(before, (void *)scene->turns, sizeof(before)) == 0);
	kill(pid, SIGCONT);
	until_all_count();
	kill_and_wait(pid);
}

static void *stop_us(void *unused)
{
	(void)unused;
	raise(SIGSTOP);
	scene->answer = 1;
	return NULL;
}

CASE(thread_stops_its_own_process)
{
	int status = 0;
	pid_t pid;

	make_scene();
	pid = start_pair(stop_us);
	require(waitpid(pid, &status, WUNTRACED) == pid);
	expect(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	a_while();
	expect(scene->answer == 0);
	continue_and_wait(pid);
	while (!scene->answer)
		case_pause();
	kill_and_wait(pid);
}

static void note(int n)
{
	scene->answer = n;
}

static int handle_both(void)
{
	set_handler(SIGUSR1, note, SA_RESTART);
	return count_in_three();
}

CASE(handler_runs_after_the_continue_only)
{
	pid_t pid;

	make_scene();
	pid = start(handle_both);
	until_all_count();
	stop_and_wait(pid, SIGSTOP);
	kill(pid, SIGUSR1);
	a_while();
	expect(scene->answer == 0);
	kill(pid, SIGCONT);
	while (!scene->answer)
		case_pause();
	expect(scene->answer == SIGUSR1);
	until_all_count();
	kill_and_wait(pid);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
