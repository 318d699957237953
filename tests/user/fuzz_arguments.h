/*
 * fuzz_arguments.h - random arguments of system calls, made for the parameter.
 *
 * A parameter has a name and a direction in syscalls.def (calls.h). The name
 * decides (see `rules`): `box` is a mailbox from the pool of mailboxes, `path`
 * a path. Each pool has a favourite for a stretch of calls, so that calls of a
 * stretch meet at one object. A part of the arguments is noise:
 * edge values, addresses in the kernel, at the end of a page, inside other
 * structs.
 */
#pragma once

#include <mailbox.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
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
	POOL_ANY, POOL_BOX, POOL_QUEUE, POOL_TIMER, POOL_PAGES, POOL_STREAM,
	POOL_DATAGRAM, POOL_LISTENER, POOL_SIGNALS, POOL_SETS, POOLS,
};

#define POOL_SIZE	64

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

static uint32_t random_fd(enum pool pool)
{
	if (random_below(8) == 0 || pool_count[pool] == 0)
		return 3 + random_below(60);
	return pool_fds[pool][random_place(pool_count[pool])];
}

/* Any kind of socket, the connected ones more often. */
static uint32_t random_socket(void)
{
	static const uint8_t pools[] = {
		POOL_STREAM, POOL_STREAM, POOL_DATAGRAM, POOL_DATAGRAM,
		POOL_LISTENER, POOL_ANY,
	};

	return random_fd(ONE_OF(pools));
}

static uint32_t random_bytes(void)
{
	return random_below(random_below(4) ? 200 : 3 * PAGE);
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

/* A length that goes in and out. */
static void *new_length(void)
{
	uint32_t *length = random_slot();

	*length = random_below(8) ? 4 + random_below(120) : random_noise();
	return length;
}

#include "tests/user/fuzz_sockets.h"
#include "tests/user/fuzz_sysv.h"

/* ---- The maker of each argument ------------------------------------------ */

enum maker {
	MAKE_SMALL, MAKE_FD, MAKE_SOCKET, MAKE_NEW_FD, MAKE_PID, MAKE_BITS,
	MAKE_SIGNAL, MAKE_BYTES, MAKE_FAMILY, MAKE_TYPE, MAKE_LEVEL,
	MAKE_ADDRESS_BYTES, MAKE_SYSV, MAKE_KEY, MAKE_SET,
	/* Pointers. */
	MAKE_SLOT, MAKE_AREA, MAKE_PATH, MAKE_TIME, MAKE_TIMER, MAKE_HEAD,
	MAKE_POLL, MAKE_PLACE, MAKE_ACTION, MAKE_WORD, MAKE_NUMBERS,
	MAKE_ADDRESS, MAKE_MESSAGE, MAKE_LENGTH, MAKE_OPERATIONS,
	MAKE_PARTS,
};

/* The first line that fits the name of a parameter, and its call. */
struct maker_rule {
	enum maker maker;
	const char *names, *calls;
};

static const struct maker_rule rules[] = {
	{ MAKE_SOCKET, " fd ", " shutdown bind listen accept4 connect "
		"getsockname getpeername getsockopt setsockopt sendto "
		"recvfrom sendmsg recvmsg " },
	{ MAKE_NEW_FD, " to ", " dup2 dup3 " },
	{ MAKE_FD, " fd box ", NULL },
	{ MAKE_SYSV, " sysv ", NULL },
	{ MAKE_SET, " epoll ", NULL },
	{ MAKE_KEY, " key ", NULL },
	{ MAKE_FAMILY, " family ", NULL },
	{ MAKE_TYPE, " type ", NULL },
	{ MAKE_LEVEL, " level ", NULL },
	{ MAKE_ADDRESS_BYTES, " address_bytes ", NULL },
	{ MAKE_PID, " pid group who id thread from to ", NULL },
	{ MAKE_BITS, " flags options prot oflag mode mask ", NULL },
	{ MAKE_SIGNAL, " signal ", NULL },
	{ MAKE_BYTES, " bytes body_bytes reply_bytes request_bytes ", NULL },
	{ MAKE_SMALL, NULL, NULL },
};

static const struct maker_rule pointer_rules[] = {
	{ MAKE_AREA, " address end ", " munmap mprotect msync page_grant brk "
		"mmap " },
	{ MAKE_ADDRESS, " address ", NULL },
	{ MAKE_MESSAGE, " message ", " sendmsg recvmsg " },
	{ MAKE_NUMBERS, " value ", " getsockopt setsockopt " },
	{ MAKE_PARTS, " parts ", NULL },
	{ MAKE_LENGTH, " address_length length ", NULL },
	{ MAKE_OPERATIONS, " operations ", NULL },
	{ MAKE_PATH, " path name from to ", NULL },
	{ MAKE_TIME, " deadline timeout request times remain ", NULL },
	{ MAKE_TIMER, " value limit ", NULL },
	{ MAKE_HEAD, " head ", NULL },
	{ MAKE_POLL, " fds ", NULL },
	{ MAKE_PLACE, " place ", NULL },
	{ MAKE_ACTION, " action ", NULL },
	{ MAKE_WORD, " word semaphore ", NULL },
	{ MAKE_NUMBERS, " attr event set mask stack ", NULL },
	{ MAKE_SLOT, NULL, NULL },
};

static uint8_t makers[CALLS_MOST][ARGUMENTS_MOST];
static uint8_t pools_of_call[CALLS_MOST];

static int is_in(const char *name, const char *list)
{
	char word[40];

	snprintf(word, sizeof(word), " %s ", name);
	return !list || strstr(list, word) != NULL;
}

static enum maker find_maker(const char *call,
			     const struct call_argument *argument)
{
	const struct maker_rule *rule = argument->kind == CALL_SCALAR
		? rules : pointer_rules;

	while (!is_in(argument->name, rule->names) ||
	       !is_in(call, rule->calls))
		rule++;
	return rule->maker;
}

static enum pool pool_of(const char *call)
{
	static const struct {
		const char *start;
		enum pool pool;
	} pools[] = {
		{ "mailbox_", POOL_BOX }, { "mq_", POOL_QUEUE },
		{ "timerfd_", POOL_TIMER }, { "page_", POOL_PAGES },
		{ "signalfd", POOL_SIGNALS },
	};

	for (size_t i = 0; i < sizeof(pools) / sizeof(pools[0]); i++)
		if (strncmp(call, pools[i].start, strlen(pools[i].start)) == 0)
			return pools[i].pool;
	return POOL_ANY;
}

/* Look at the names once, before the first call. */
static void find_makers(void)
{
	const struct call_shape *shape;

	for (int number = 0; number < CALLS_MOST; number++) {
		shape = &call_shapes[number];
		if (!shape->name)
			continue;
		pools_of_call[number] = pool_of(shape->name);
		for (int i = 0; i < shape->count; i++)
			makers[number][i] = find_maker(shape->name,
						       &shape->arguments[i]);
	}
}

static uint32_t random_scalar(enum maker maker, enum pool pool)
{
	static const uint32_t types[] = {
		SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW,
		SOCK_STREAM | SOCK_NONBLOCK, SOCK_DGRAM | SOCK_CLOEXEC,
	};
	static const uint32_t lengths[] = {
		sizeof(struct sockaddr_in), sizeof(struct sockaddr_un), 4, 2,
	};

	if (random_below(6) == 0)
		return random_noise();
	switch (maker) {
	case MAKE_FD:
		return random_fd(pool);
	case MAKE_SOCKET:
		return random_socket();
	case MAKE_SET:
		return random_fd(POOL_SETS);
	case MAKE_SYSV:
		return sysv_ids[random_place(SYSV_IDS)];
	case MAKE_KEY:
		return random_below(2) ? SYSV_KEY : random_below(3);
	case MAKE_NEW_FD:
		return 3 + random_below(100);
	case MAKE_PID:
		return random_pid();
	case MAKE_BITS:
		return random_bits();
	case MAKE_SIGNAL:
		return 1 + random_below(64);
	case MAKE_BYTES:
		return random_bytes();
	case MAKE_FAMILY:
		return 1 + random_below(2);
	case MAKE_TYPE:
		return ONE_OF(types);
	case MAKE_LEVEL:
		return random_below(4) ? SOL_SOCKET : IPPROTO_TCP;
	case MAKE_ADDRESS_BYTES:
		return ONE_OF(lengths);
	default:
		return random_below(random_below(4) ? 16 : 40);
	}
}

static void *new_struct(enum maker maker)
{
	switch (maker) {
	case MAKE_PATH:
		return (void *)(uintptr_t)names[random_place(
			sizeof(names) / sizeof(names[0]))];
	case MAKE_OPERATIONS:
		return new_operations();
	case MAKE_TIME:
		return random_below(3) ? new_time() : NULL;
	case MAKE_TIMER:
		return new_timer_value();
	case MAKE_HEAD:
		return new_head();
	case MAKE_POLL:
		return new_pollfds();
	case MAKE_PLACE:
		return new_body_place();
	case MAKE_ACTION:
		return new_action();
	case MAKE_WORD:
		return (void *)(uintptr_t)&shared->words[random_place(64)];
	case MAKE_NUMBERS:
		return new_numbers();
	case MAKE_ADDRESS:
		return new_socket_address();
	case MAKE_MESSAGE:
		return new_message();
	case MAKE_LENGTH:
		return new_length();
	case MAKE_PARTS:
		return new_parts();
	default:
		return random_slot();
	}
}

static uint32_t random_pointer(enum maker maker)
{
	if (random_below(16) == 0)
		return 0;
	if (maker == MAKE_AREA)
		return random_below(8) ? (uintptr_t)area +
					 random_place(AREA_PAGES) * PAGE
				       : wild_pointer();
	return random_below(5) ? (uintptr_t)new_struct(maker) : wild_pointer();
}
