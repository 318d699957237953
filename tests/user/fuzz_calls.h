/*
 * fuzz_calls.h - which call comes next, and which arguments are too hard.
 *
 * Most defects want a few calls in a row on one object. So the calls come in
 * stretches: for a while, all workers draw from the same calls. Half of the
 * stretches use the calls with one of two subjects, as mailboxes and words of
 * memory; a quarter use a handful of calls; a quarter use all.
 */
#pragma once

#include <sched.h>
#include <sys/wait.h>

#include "tests/user/fuzz_arguments.h"
#include "tests/user/raw.h"

#define STRETCH		128		/* calls */
#define HANDFUL		6

static int is_root;
static uint8_t choices[CALLS_MOST];
static uint32_t choice_count;

/* What a stretch of calls is about: the makers of a parameter. */
static const uint32_t subjects[] = {
	1u << MAKE_FD, 1u << MAKE_SOCKET | 1u << MAKE_FAMILY,
	1u << MAKE_SOCKET | 1u << MAKE_FAMILY, 1u << MAKE_WORD, 1u << MAKE_PID,
	1u << MAKE_PATH, 1u << MAKE_AREA, 1u << MAKE_SIGNAL | 1u << MAKE_ACTION,
	1u << MAKE_NUMBERS, 1u << MAKE_TIMER, 1u << MAKE_TIME, 1u << MAKE_HEAD,
	1u << MAKE_SMALL, 1u << MAKE_SYSV | 1u << MAKE_KEY, 1u << MAKE_SET,
};

static int is_about(uint32_t number, uint32_t subject)
{
	for (int i = 0; i < call_shapes[number].count; i++)
		if (subject >> makers[number][i] & 1)
			return 1;
	return 0;
}

static int is_left_out(uint32_t number)
{
	switch (number) {
	case RAW_exit:
	case RAW_thread_exit:
	case RAW_poweroff:
	case RAW_test:			/* it can panic, on purpose */
	case RAW_sigsuspend:
	case RAW_thread_create:
	case RAW_setsid:
	case RAW_strace_attach:
	case RAW_explore_attach:
	case RAW_ktrace:
		return 1;
	case RAW_chdir:			/* root would write anywhere */
	case RAW_fchdir:
		return is_root;
	}
	return !call_shapes[number].name;
}

/* Nearly always the end of the worker: these come seldom. */
static int is_deadly(uint32_t number)
{
	return number == RAW_execve || number == RAW_sigreturn ||
	       number == RAW_thread_pointer;
}

/* The calls about a subject; 0: all calls. */
static uint32_t find_calls(uint32_t subject, uint8_t *found)
{
	uint32_t count = 0;

	for (uint32_t number = 0; number < CALLS_MOST; number++)
		if (!is_left_out(number) && !is_deadly(number) &&
		    (!subject || is_about(number, subject)))
			found[count++] = number;
	return count;
}

/* The calls of the next stretch, and the favourite. */
static void choose_calls(void)
{
	uint32_t subject = ONE_OF(subjects) | ONE_OF(subjects);
	uint32_t kind = random_below(4), count;
	uint8_t found[CALLS_MOST];

	favourite = random_word() >> 8;
	count = find_calls(kind < 2 ? subject : 0, found);
	if (kind == 2)
		for (uint32_t i = 0; i < HANDFUL; i++)
			found[i] = found[random_below(count)];
	memcpy(choices, found, count);
	choice_count = kind == 2 ? HANDFUL : count;
}

static uint32_t next_call(void)
{
	static const uint8_t deadly[] = {
		RAW_execve, RAW_sigreturn, RAW_thread_pointer,
	};

	return random_below(1000) ? choices[random_below(choice_count)]
				  : ONE_OF(deadly);
}

static int is_worker(pid_t pid)
{
	for (int i = 0; i < WORKERS; i++)
		if (pid > 0 && pid == shared->pids[i])
			return 1;
	return 0;
}

/* Signals and messages are for workers, and waits are short. */
static void tame(uint32_t number, uint32_t *word)
{
	switch (number) {
	case RAW_kill:
	case RAW_sigqueue:
		if ((word[2] == SIGKILL || word[2] == SIGSTOP) &&
		    random_below(8))
			word[2] = SIGUSR1;
		/* fall through */
	case RAW_message_send:
		if (!is_worker(word[1]) && (is_root || word[1] != 1 ||
					    number == RAW_message_send))
			word[1] = getpid();
		break;
	case RAW_setpgid:
	case RAW_setpriority:
		word[1] = 0;
		word[2] = 0;
		break;
	case RAW_sched_set:		/* a real-time loop runs for ever */
		if (word[3] == SCHED_FIFO || word[3] == SCHED_RR)
			word[3] = is_root ? SCHED_OTHER : word[3];
		break;
	case RAW_waitpid:
		word[3] |= WNOHANG;
		break;
	case RAW_waitid:
		word[4] |= WNOHANG;
		break;
	case RAW_poll:
		word[3] = random_below(3);
		break;
	case RAW_epoll_pwait:
		word[4] = random_below(3);
		break;
	case RAW_sendto:
	case RAW_recvfrom:
		word[4] |= random_below(4) ? MSG_DONTWAIT : 0;
		break;
	case RAW_sendmsg:
	case RAW_recvmsg:
		word[3] |= random_below(4) ? MSG_DONTWAIT : 0;
		break;
	case RAW_sigaction:
		if (word[1] == SIGURG)
			word[1] = SIGUSR1;
		break;
	}
}

static void choose_arguments(uint32_t number, uint32_t *word)
{
	const struct call_shape *shape = &call_shapes[number];

	for (int i = 0; i < shape->count; i++)
		word[i + 1] = shape->arguments[i].kind == CALL_SCALAR
			? random_scalar(makers[number][i],
					pools_of_call[number])
			: random_pointer(makers[number][i]);
}
