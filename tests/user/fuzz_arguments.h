/*
 * fuzz_arguments.h - random arguments of system calls, made for the parameter.
 *
 * A parameter has a name and a direction in syscalls.def (calls.h). The name
 * decides: `box` is a mailbox from the pool of mailboxes, `deadline` a struct
 * timespec, `path` a path. Each pool has a favourite for a stretch of calls, so
 * that calls of a stretch meet at one object. A part of the arguments is noise:
 * edge values, addresses in the kernel, at the end of a page, inside other
 * structs.
 */
#pragma once

#include <mailbox.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/user/calls.h"

#define PAGE	4096
#define WORKERS	3

/* Shared by the driver and the workers. */
static struct fuzz_shared {
	volatile long calls;		/* made so far */
	uint32_t seed;			/* of the case */
	volatile pid_t pids[WORKERS];
	volatile uint32_t words[64];	/* futexes and semaphores */
} *shared;

static uint32_t seed;
static uint32_t favourite;		/* of every pool, for a stretch */
static char pages[16 * PAGE];		/* structs and buffers */
static char *area;			/* AREA_PAGES to map and unmap */

#define AREA_PAGES	16

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % limit;
}

static uint32_t random_word(void)
{
	uint32_t high = random_below(65536);

	return high << 16 | random_below(65536);
}

#define ONE_OF(array) \
	((array)[random_below(sizeof(array) / sizeof((array)[0]))])

/* A place in a pool: the favourite, more often than not. */
static uint32_t random_place(uint32_t count)
{
	return random_below(4) ? favourite % count : random_below(count);
}

static uint32_t edge_value(void)
{
	static const uint32_t edges[] = {
		0, 1, 2, 3, 4, 7, 8, 16, 63, 64, 100, 127, 128, 255, 256, 511,
		512, 1023, 1024, 4095, 4096, 4097, 8192, 65535, 65536, 65537,
		0x100000, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001,
		0xfffff000, 0xfffffffe, 0xffffffff,
	};

	return ONE_OF(edges);
}

static int is_one_of(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(name, *list) == 0)
			return 1;
	return 0;
}

#define IS(name, ...) \
	is_one_of(name, (const char *const[]){ __VA_ARGS__, NULL })

/* ---- Scalars ------------------------------------------------------------- */

static uint32_t random_noise(void)
{
	switch (random_below(5)) {
	case 0:
		return random_word();
	case 1:
	case 2:
		return edge_value();
	case 3:
		return 1u << random_below(32);
	default:
		return random_below(PAGE);
	}
}

/* A few bits set: flags, protections, events. */
static uint32_t random_bits(void)
{
	uint32_t more = random_below(2) ? 1u << random_below(20) : 0;

	return 1u << random_below(12) | more;
}

static uint32_t random_pid(void)
{
	switch (random_below(6)) {
	case 0:
		return 0;
	case 1:
		return getpid();
	case 2:
		return 1;
	default:
		return shared->pids[random_place(WORKERS)];
	}
}

/* ---- Pools of descriptors ------------------------------------------------ */

enum pool {
	POOL_ANY, POOL_BOX, POOL_QUEUE, POOL_TIMER, POOL_PAGES, POOL_SOCKET,
	POOL_SIGNALS, POOLS,
};

#define POOL_SIZE	24

static int pool_fds[POOLS][POOL_SIZE];
static uint32_t pool_count[POOLS];

static void pool_clear(void)
{
	memset(pool_count, 0, sizeof(pool_count));
}

/* Every descriptor is also in the pool of all descriptors. */
static void pool_add(enum pool pool, int fd)
{
	if (fd >= 0 && pool_count[pool] < POOL_SIZE)
		pool_fds[pool][pool_count[pool]++] = fd;
	if (pool != POOL_ANY)
		pool_add(POOL_ANY, fd);
}

/* The pool for the descriptors of a call. */
static enum pool pool_of(const char *call)
{
	static const struct {
		const char *start;
		enum pool pool;
	} rules[] = {
		{ "mailbox_", POOL_BOX }, { "mq_", POOL_QUEUE },
		{ "timerfd_", POOL_TIMER }, { "page_", POOL_PAGES },
		{ "shutdown", POOL_SOCKET }, { "signalfd", POOL_SIGNALS },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strncmp(call, rules[i].start, strlen(rules[i].start)) == 0)
			return rules[i].pool;
	return POOL_ANY;
}

static uint32_t random_fd(enum pool pool)
{
	if (random_below(8) == 0 || pool_count[pool] == 0)
		return 3 + random_below(60);
	return pool_fds[pool][random_place(pool_count[pool])];
}

/* ---- Numbers ------------------------------------------------------------- */

static uint32_t random_scalar(const char *call, const char *name)
{
	if (random_below(6) == 0)
		return random_noise();
	if (IS(name, "fd", "box"))
		return random_fd(pool_of(call));
	if (IS(name, "to") && strncmp(call, "dup", 3) == 0)
		return 3 + random_below(60);
	if (IS(name, "pid", "group", "who", "id", "thread", "from", "to"))
		return random_pid();
	if (IS(name, "flags", "options", "prot", "oflag", "mode", "mask"))
		return random_bits();
	if (IS(name, "signal"))
		return 1 + random_below(64);
	if (IS(name, "bytes", "body_bytes", "reply_bytes", "request_bytes"))
		return random_below(random_below(4) ? 200 : 3 * PAGE);
	return random_below(16);
}

/* ---- Pointers ------------------------------------------------------------ */

static const char *const names[] = {
	"", "a", "b", "d", "d/a", "./a", "../abuse_fuzz/b", "/", ".", "..",
	"none/x", "a/b", "f", "/dev/null", "/dev/zero", "/proc/tasks",
	"/proc/meminfo", "/proc/waits", "/dev/full", "d/e", "/fuzz", "/fuzz2",
	"/fuzz3", "/fuzz", "/fuzz2", "f", "a",
};

/* The contents of structs: small numbers, pointers and noise in turn. */
static void fill_pages(void)
{
	uint32_t *word = (uint32_t *)pages;

	for (size_t i = 0; i < sizeof(pages) / 4; i++)
		switch (random_below(4)) {
		case 0:
			word[i] = 0;
			break;
		case 1:
			word[i] = random_below(64);
			break;
		case 2:
			word[i] = (uintptr_t)pages + random_below(PAGE);
			break;
		default:
			word[i] = random_word();
		}
}

static void *random_slot(void)
{
	return pages + random_below(sizeof(pages) / 64 - 8) * 64;
}

static uint32_t wild_pointer(void)
{
	switch (random_below(8)) {
	case 0:
		return edge_value();
	case 1:
		return random_word();
	case 2:
		return 0xc0000000 + random_below(1 << 24);
	case 3:
		return 0xc0000000 - random_below(64);
	case 4:				/* over the end of a page */
		return (uintptr_t)area + random_below(AREA_PAGES) * PAGE -
		       random_below(16);
	case 5:
		return 0;
	default:
		return (uintptr_t)pages + random_below(sizeof(pages));
	}
}

/* A moment from the far past to a little after now. */
static void *new_time(void)
{
	struct timespec *time = random_slot();

	clock_gettime(random_below(2) ? CLOCK_MONOTONIC : CLOCK_REALTIME, time);
	if (random_below(2))
		time->tv_sec = 0;
	time->tv_nsec = random_below(3000000);
	return time;
}

/* An interval and a time, as of timers: both short. */
static void *new_timer_value(void)
{
	struct itimerspec *value = random_slot();

	memset(value, 0, sizeof(*value));
	value->it_value.tv_nsec = random_below(2000000);
	value->it_interval.tv_nsec = random_below(2) ? random_below(2000000)
						     : 0;
	return value;
}

static void *new_head(void)
{
	struct message *head = random_slot();

	*head = (struct message){
		.type = random_below(3), .id = random_below(8),
		.bytes = random_below(64), .flags = random_below(4),
		.fd = random_fd(POOL_ANY),
	};
	if (random_below(4) == 0)
		head->receiver = random_pid();
	if (random_below(8) == 0)
		head->sender = random_pid();
	return head;
}

static void *new_pollfds(void)
{
	struct pollfd *fds = random_slot();

	for (int i = 0; i < 8; i++)
		fds[i] = (struct pollfd){
			.fd = random_fd(POOL_ANY),
			.events = random_below(64),
		};
	return fds;
}

/* Small numbers: attributes of boxes and queues, events, limits, actions. */
static void *new_numbers(void)
{
	uint32_t *word = random_slot();

	for (int i = 0; i < 8; i++)
		word[i] = random_below(4) ? random_below(10)
					  : random_below(1 << 14);
	return word;
}

/* Room for the body of a message. */
static void *new_body_place(void)
{
	struct message_place *place = random_slot();

	*place = (struct message_place){
		.body = random_below(8) ? random_slot()
					: (void *)(uintptr_t)wild_pointer(),
		.bytes = random_below(4) ? 64 : random_noise(),
	};
	return place;
}

static void fuzz_handler(int number)
{
	(void)number;
}

/* A real handler: a wild one would end the worker. */
static void *new_action(void)
{
	struct sigaction *action = random_slot();

	memset(action, 0, sizeof(*action));
	sigaction(SIGUSR1, NULL, action);	/* with libc's restorer */
	action->sa_handler = random_below(4) ? fuzz_handler : SIG_IGN;
	action->sa_flags = random_below(2) ? SA_RESTART : SA_NODEFER;
	return action;
}

static uint32_t random_pointer(const char *name)
{
	if (random_below(16) == 0)
		return 0;
	if (IS(name, "address", "end"))
		return random_below(8) ? (uintptr_t)area +
					 random_place(AREA_PAGES) * PAGE
				       : wild_pointer();
	if (random_below(5) == 0)
		return wild_pointer();
	if (IS(name, "path", "name", "from", "to"))
		return (uintptr_t)names[random_place(sizeof(names) /
						     sizeof(names[0]))];
	if (IS(name, "deadline", "timeout", "request", "times", "remain"))
		return random_below(3) ? (uintptr_t)new_time() : 0;
	if (IS(name, "value", "limit"))
		return (uintptr_t)new_timer_value();
	if (IS(name, "head"))
		return (uintptr_t)new_head();
	if (IS(name, "fds"))
		return (uintptr_t)new_pollfds();
	if (IS(name, "place"))
		return (uintptr_t)new_body_place();
	if (IS(name, "action"))
		return (uintptr_t)new_action();
	if (IS(name, "word", "semaphore"))
		return (uintptr_t)&shared->words[random_place(64)];
	if (IS(name, "attr", "event", "set", "mask", "stack"))
		return (uintptr_t)new_numbers();
	return (uintptr_t)random_slot();
}
