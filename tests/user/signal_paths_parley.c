/*
 * signal_paths_parley.c - a handler called the short way has the same effects
 * as the long way. The same random script runs in processes for which the
 * kernel can take its shortcuts, and in processes for which the kernel cannot.
 *
 * A script is a seed. The receiver sets actions with masks and flags, suspends
 * itself under many masks, sends signals to its own process, and does the same
 * in its handlers. The sender waits until the receiver sleeps and then sends
 * one to three signals, or stops and continues the receiver. The receiver
 * records the events in order: handlers, the masks inside, pending signals,
 * results and errno. The record and the exit status must not depend on the way:
 *
 *	SHORT		SYSENTER, handlers with the number as argument
 *	BY_INT80	system calls with a full frame
 *	WITH_THREAD	a second thread sleeps in the process
 *	WITH_DETAILS	SA_SIGINFO: handlers with arguments of the long way only
 *
 * The receiver runs in the background, so the receiver does not run between two
 * signals that are sent together. If the receiver runs there all the same (the
 * test kernel can force switches), the script is played again.
 *
 * Further cases test situations that a random script would seldom hit; they
 * make the file long.
 */
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define PAGE		4096
#define SCRIPTS		40
#define BURSTS		12
#define WORDS		4000
#define TIMES		5

enum way { SHORT, BY_INT80, WITH_THREAD, WITH_DETAILS, WAYS };

static const int used[] = { SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, SIGCHLD, SIGTSTP,
			    SIGCONT, 40 };

#define USED		(sizeof(used) / sizeof(used[0]))

struct diary {
	volatile uint32_t count;
	uint32_t word[WORDS];
};

static struct diary *diary;		/* of the script that is played */
static struct diary seen[2];
static enum way way;
static uint32_t random_state;
static int depth;

/* ---- Chance -------------------------------------------------------------- */

static uint32_t choose(uint32_t limit)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % limit;
}

static int choose_signal(void)
{
	return used[choose(USED)];
}

static sigset_t choose_mask(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	for (uint32_t i = choose(5); i > 0; i--)
		sigaddset(&mask, choose_signal());
	return mask;
}

/* ---- The receiver -------------------------------------------------------- */

static void note(uint32_t word)
{
	if (diary->count < WORDS)
		diary->word[diary->count++] = word;
}

static void note_masks(void)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	note(set);
	note(set >> 32);
	sigpending(&set);
	note(set);
	note(set >> 32);
}

/* Does the call leave the registers alone that a function must leave alone? */
static long call(long (*function)(long, long), long a, long b)
{
	long result, spoiled;

	__asm__ volatile("push %4\n\t"
			 "push %3\n\t"
			 "mov $0x12345678, %%ebx\n\t"
			 "mov $0x23456789, %%esi\n\t"
			 "mov $0x3456789a, %%edi\n\t"
			 "call *%%eax\n\t"
			 "add $8, %%esp\n\t"
			 "xor $0x12345678, %%ebx\n\t"
			 "xor $0x23456789, %%esi\n\t"
			 "xor $0x3456789a, %%edi\n\t"
			 "or %%ebx, %%edi\n\t"
			 "or %%esi, %%edi"
			 : "=a"(result), "=&D"(spoiled)
			 : "0"(function), "c"(a), "d"(b)
			 : "ebx", "esi", "memory", "cc");
	note(spoiled);
	return result;
}

static long suspend_short(long mask, long unused)
{
	(void)unused;
	return sigsuspend((const sigset_t *)mask) < 0 ? -errno : 0;
}

static long suspend_long(long mask, long unused)
{
	(void)unused;
	return raw_call(RAW_sigsuspend, mask);
}

static long kill_short(long pid, long n)
{
	return kill(pid, n) < 0 ? -errno : 0;
}

static long kill_long(long pid, long n)
{
	return raw_call(RAW_kill, pid, n);
}

static void suspend(void)
{
	sigset_t mask = choose_mask();

	note(0x5000);
	note(call(way == BY_INT80 ? suspend_long : suspend_short, (long)&mask,
		  0));
	note_masks();
}

static void signal_itself(void)
{
	sigset_t mask = choose_mask(), old;
	int n = choose_signal();

	note(0x6000 + n);
	sigprocmask(SIG_SETMASK, &mask, &old);
	note_masks();
	note(call(way == BY_INT80 ? kill_long : kill_short, getpid(), n));
	note_masks();
	sigprocmask(SIG_SETMASK, &old, NULL);
	note_masks();
}

static void handle(int n)
{
	sigset_t mask;

	note(0x7000 + n);
	note_masks();
	depth++;
	switch (depth < 4 ? choose(6) : 0) {
	case 1:
		signal_itself();
		break;
	case 2:
		suspend();
		break;
	case 3:
		mask = choose_mask();
		sigprocmask(SIG_SETMASK, &mask, NULL);
		break;
	}
	depth--;
	note(0x8000 + n);
}

static void handle_details(int n, siginfo_t *info, void *context)
{
	if (info->si_signo != n || !context)
		note(0xbad);
	handle(n);
}

static void set_actions(void)
{
	static char stack[2 * SIGSTKSZ];
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action;

	if (choose(3) == 0)
		require(sigaltstack(&other, NULL) == 0);
	for (size_t i = 0; i < USED; i++) {
		memset(&action, 0, sizeof(action));
		action.sa_handler = handle;
		if (choose(20) == 0)
			action.sa_handler = choose(2) ? SIG_IGN : SIG_DFL;
		action.sa_mask = choose(2) ? 0 : choose_mask();
		if (choose(3) == 0)
			action.sa_flags |= SA_RESTART;
		if (choose(6) == 0)
			action.sa_flags |= SA_NODEFER;
		if (choose(12) == 0)
			action.sa_flags |= SA_RESETHAND;
		if (choose(6) == 0)
			action.sa_flags |= SA_ONSTACK;
		if (way == WITH_DETAILS && action.sa_handler == handle) {
			action.sa_sigaction = handle_details;
			action.sa_flags |= SA_SIGINFO;
		}
		require(sigaction(used[i], &action, NULL) == 0);
	}
}

static void *sleep_beside(void *ends)
{
	char byte;

	return (void *)read(((int *)ends)[0], &byte, 1);
}

static void receive(uint32_t seed)
{
	pthread_t thread;
	sigset_t mask;
	int ends[2];

	random_state = seed;
	be_background();
	sigfillset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	set_actions();
	if (way == WITH_THREAD) {
		require(pipe(ends) == 0);
		require(pthread_create(&thread, NULL, sleep_beside, ends) == 0);
	}
	if (choose(2))
		mask = choose_mask();
	sigprocmask(SIG_SETMASK, &mask, NULL);
	for (;;) {
		if (choose(3))
			suspend();
		else
			signal_itself();
	}
}

/* ---- The sender ---------------------------------------------------------- */

/* Wait until the process sleeps; false: the process has ended. A stop by
   SIGTSTP is not the end. */
static int is_there(pid_t pid)
{
	char state[16];

	for (;;) {
		state_of(pid, state, sizeof(state));
		if (strcmp(state, "blocked") == 0)
			return 1;
		if (strcmp(state, "zombie") == 0)
			return 0;
		if (strcmp(state, "stopped") == 0)
			kill(pid, SIGCONT);
		case_pause();
	}
}

/* What is to be stopped is not let go on. */
static void send_one(pid_t pid, int stops)
{
	const union sigval value = { .sival_int = 7 };
	int n = choose_signal();

	if (n == SIGCONT && stops)
		return;
	if (choose(4) == 0)
		sigqueue(pid, n, value);
	else
		kill(pid, n);
}

/* False: the receiver ran in the middle, so nothing can be said. */
static int send_burst(pid_t pid)
{
	uint32_t count = diary->count;
	int stops = choose(8) == 0;

	if (stops)
		kill(pid, SIGSTOP);
	for (uint32_t i = 1 + choose(3); i > 0; i--)
		send_one(pid, stops);
	if (diary->count != count)
		return 0;
	if (stops)
		until_in_state(pid, "stopped", "zombie");
	kill(pid, SIGCONT);
	return 1;
}

/* Play a script: how the receiver ended, or -1000 when it was disturbed. */
static int play(uint32_t seed, enum way how)
{
	int is_whole = 1, result;
	pid_t pid;

	way = how;
	memset(diary, 0, sizeof(*diary));
	pid = fork_or_fail();
	if (pid == 0)
		receive(seed);
	random_state = ~seed;
	for (int i = 0; i < BURSTS && is_whole && is_there(pid); i++)
		is_whole = send_burst(pid);
	if (is_whole)
		is_there(pid);
	result = kill_and_wait(pid);
	return is_whole ? result : -1000;
}

static int is_same(int a, int b)
{
	return a == b && seen[0].count == seen[1].count &&
	       memcmp(seen[0].word, seen[1].word,
		      seen[0].count * sizeof(uint32_t)) == 0;
}

/* -1: it could not be played undisturbed. */
static int compare(uint32_t seed, enum way how)
{
	int result = -1, a, b;

	for (int i = 0; i < TIMES && result != 1; i++) {
		a = play(seed, SHORT);
		seen[0] = *diary;
		b = play(seed, how);
		seen[1] = *diary;
		if (a != -1000 && b != -1000)
			result = is_same(a, b);
	}
	return result;
}

static void compare_all(enum way how)
{
	uint32_t words = 0;
	int result;

	diary = mmap(NULL, sizeof(*diary), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(diary != MAP_FAILED);
	for (uint32_t seed = 1; seed <= SCRIPTS; seed++) {
		result = compare(seed, how);
		words += seen[0].count;
		if (result == 0)
			printf("# script %u, way %d: differs\n",
			       (unsigned)seed, how);
		expect(result != 0);
	}
	expect(words > SCRIPTS * 20);
}

CASE(int80_sees_the_same)
{
	compare_all(BY_INT80);
}

CASE(process_with_threads_sees_the_same)
{
	compare_all(WITH_THREAD);
}

CASE(handler_with_details_sees_the_same)
{
	compare_all(WITH_DETAILS);
}

/* ---- No room for a frame ------------------------------------------------- */

/* The first words of a page above nothing, where a call of number n lies. */
static void *call_at_the_edge(uint32_t argument, uint32_t second)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct raw_words *words = (struct raw_words *)(pages + PAGE);

	require(pages != MAP_FAILED && munmap(pages, PAGE) == 0);
	words->word[1] = argument;
	words->word[2] = second;
	return words;
}

static int suspend_at_the_edge(void)
{
	static sigset_t nothing;

	set_handler(SIGUSR1, catch_it, 0);
	raw_sysenter(RAW_sigsuspend, call_at_the_edge((uintptr_t)&nothing, 0));
	return 1;
}

CASE(sleeper_without_room_for_a_frame_dies)
{
	pid_t pid = start(suspend_at_the_edge);

	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == -SIGSEGV);
}

CASE_DIES(signal_to_itself_without_room_is_fatal, SIGSEGV)
{
	set_handler(SIGUSR1, catch_it, 0);
	raw_sysenter(RAW_kill, call_at_the_edge(getpid(), SIGUSR1));
}

/* ---- Between the wake and the run ---------------------------------------- */

static struct shared {
	volatile sig_atomic_t handled[65];
	volatile sig_atomic_t is_back;
} *shared;

static void count(int n)
{
	shared->handled[n]++;
}

static int suspend_and_count(void)
{
	sigset_t mask;

	be_background();
	sigemptyset(&mask);
	block(SIGUSR1);
	block(SIGUSR2);
	set_handler(SIGUSR1, count, 0);
	set_handler(SIGUSR2, count, 0);
	sigsuspend(&mask);
	shared->is_back++;
	sigsuspend(&mask);
	return 0;
}

static pid_t start_counting(void)
{
	pid_t pid;

	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
	pid = start(suspend_and_count);
	until_asleep(pid);
	return pid;
}

CASE(served_and_killed_before_it_runs)
{
	pid_t pid = start_counting();

	kill(pid, SIGUSR1);
	kill(pid, SIGKILL);
	expect(result_of(pid) == -SIGKILL);
}

CASE(served_and_stopped_before_it_runs)
{
	pid_t pid = start_counting();
	int status;

	kill(pid, SIGUSR1);
	kill(pid, SIGSTOP);
	expect(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	expect(!shared->is_back);
	kill(pid, SIGCONT);
	while (!shared->is_back)
		case_pause();
	expect(shared->handled[SIGUSR1] == 1);
	kill_and_wait(pid);
}

CASE(signals_to_a_sleeper_are_all_taken)
{
	pid_t pid = start_counting();

	kill(pid, SIGUSR1);
	kill(pid, SIGUSR2);
	kill(pid, SIGUSR1);
	while (!shared->is_back)
		case_pause();
	until_asleep(pid);
	expect(shared->handled[SIGUSR1] >= 1);
	expect(shared->handled[SIGUSR2] == 1);
	kill_and_wait(pid);
}

static void stop_soon(int n)
{
	(void)n;
	kill(getpid(), SIGTSTP);	/* in sa_mask: when this has returned */
}

static int stop_on_the_way_back(void)
{
	struct sigaction action = { .sa_handler = stop_soon };
	const sigset_t nothing = 0;

	sigaddset(&action.sa_mask, SIGTSTP);
	require(sigaction(SIGUSR1, &action, NULL) == 0);
	block(SIGUSR1);
	return sigsuspend(&nothing) < 0 && errno == EINTR ? 7 : 1;
}

CASE(stop_behind_a_handler_starts_no_call_again)
{
	pid_t pid = start(stop_on_the_way_back);
	int status;

	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	kill(pid, SIGCONT);
	expect(result_of(pid) == 7);
}

/* ---- A short frame left the long way ------------------------------------- */

/* What a handler returns to. */
__attribute__((naked)) static void return_by_int80(void)
{
	__asm__ volatile("mov %0, %%eax\n\t"
			 "mov %%esp, %%ecx\n\t"
			 "int $0x80" :: "i"(RAW_sigreturn));
}

static int come_back(void)
{
	struct sigaction action = {
		.sa_handler = catch_it, .sa_restorer = return_by_int80,
	};
	const sigset_t nothing = 0;
	sigset_t mask;

	require(raw_call(RAW_sigaction, SIGUSR1, (uintptr_t)&action, 0) == 0);
	expect(call(kill_short, getpid(), SIGUSR1) == 0 && caught == 1);
	block(SIGUSR1);
	expect(call(suspend_short, (long)&nothing, 0) == -EINTR);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	expect(caught == 2 && mask == set_of(SIGUSR1));
	return diary->word[0] + diary->word[1] + case_failed ? 1 : 7;
}

CASE(frame_of_a_call_is_left_by_int80)
{
	pid_t pid;

	diary = mmap(NULL, sizeof(*diary), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(diary != MAP_FAILED);
	pid = start(come_back);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 7);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
