/*
 * fuzz_arguments.h - random arguments of system calls, made for the parameter.
 *
 * A parameter has a name and a direction in syscalls.def (calls.h). The name
 * decides: `fd` is a descriptor, `deadline` a struct timespec, `path` a path. A
 * quarter of the arguments are noise all the same: edge values, addresses in
 * the kernel, at the end of a page, inside other structs.
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
	volatile pid_t pids[WORKERS];
	volatile uint32_t words[64];	/* futexes and semaphores */
} *shared;

static uint32_t seed;
static char pages[16 * PAGE];

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
		return shared->pids[random_below(WORKERS)];
	}
}

static uint32_t random_scalar(const char *name)
{
	if (random_below(5) == 0)
		return random_noise();
	if (IS(name, "fd", "box", "queue", "to"))
		return 3 + random_below(60);
	if (IS(name, "pid", "group", "who", "id", "thread", "from"))
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
	case 4:
		return 0x50000000 + random_below(16) * PAGE - random_below(16);
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
		.fd = 3 + random_below(60),
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
			.fd = 3 + random_below(60),
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

static uint32_t random_pointer(const char *name)
{
	if (random_below(4) == 0)
		return wild_pointer();
	if (IS(name, "path", "name", "from", "to"))
		return (uintptr_t)ONE_OF(names);
	if (IS(name, "deadline", "timeout", "request", "times", "remain"))
		return random_below(3) ? (uintptr_t)new_time() : 0;
	if (IS(name, "value", "limit"))
		return (uintptr_t)new_timer_value();
	if (IS(name, "head"))
		return (uintptr_t)new_head();
	if (IS(name, "fds"))
		return (uintptr_t)new_pollfds();
	if (IS(name, "word", "semaphore"))
		return (uintptr_t)&shared->words[random_below(64)];
	if (IS(name, "attr", "event", "set", "mask", "action", "stack"))
		return (uintptr_t)new_numbers();
	return (uintptr_t)random_slot();
}
