/*
 * abuse_pointers.c - every pointer argument of every system call, with every
 * kind of wrong address. The cases come from the table of calls: a new call
 * needs no line here.
 *
 * Each pair of call and argument has a child. The remaining arguments are
 * correct; a call with a descriptor is tried with every kind of descriptor. If
 * the call works with a good pointer, the call must give EFAULT for a bad
 * pointer. With any result, the caller and the kernel must live. A second
 * process interrupts calls that wait.
 */
#include <grp.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/calls.h"
#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define PAGE	4096
#define BASE	0x50000000u	/* where the pages below are mapped */
#define LAST	0xbffff000u	/* the last page of user space */

enum { GOOD, OTHER, CONSTANT, NOBODYS, END, PAGES, BEYOND };

#define PLACE(page)	(BASE + (page) * PAGE)

static const char path[] = "/tmp/abuse_pointers";
static const char new_path[] = "/tmp/abuse_pointers.new";
static const char folder[] = "/tmp/abuse_pointers.d";
static const char empty[] = "/tmp/abuse_pointers.empty";
static const char name[] = "/abuse_pointers";

/* ---- Addresses ----------------------------------------------------------- */

static const struct bad {
	uint32_t address;
	enum { BAD, BAD_TO_WRITE, MAY_BE_GOOD } how;
} bads[] = {
	{ 0, MAY_BE_GOOD },		/* often means: not wanted */
	{ 1, BAD },
	{ 0xfff, BAD },
	{ 0xffff, BAD },
	{ 0xffffffff, BAD },
	{ 0xfffffffc, BAD },
	{ 0xfffff000, BAD },
	{ 0xc0000000, BAD },
	{ 0xc0100000, BAD },
	{ 0xc0101000, BAD },
	{ 0x7fffffff, BAD },
	{ 0x80000000, BAD },
	{ PLACE(PAGES), BAD },		/* not mapped */
	{ PLACE(NOBODYS), BAD },
	{ PLACE(BEYOND), BAD },		/* behind the end of its file */
	{ PLACE(NOBODYS) - 1, MAY_BE_GOOD },	/* begins in a constant */
	{ PLACE(CONSTANT), BAD_TO_WRITE },
	{ PLACE(PAGES) - 1, MAY_BE_GOOD },	/* ends in nothing */
	{ PLACE(PAGES) - 3, MAY_BE_GOOD },
	{ LAST + PAGE - 1, MAY_BE_GOOD },	/* ends in the kernel */
	{ LAST + PAGE - 4, MAY_BE_GOOD },
	{ PLACE(GOOD) + 1, MAY_BE_GOOD },	/* misaligned */
	{ PLACE(GOOD) + 2, MAY_BE_GOOD },
};

static void map_at(uint32_t address, int prot)
{
	require(mmap((void *)address, PAGE, prot, MAP_PRIVATE | MAP_FIXED |
		     MAP_ANONYMOUS, -1, 0) == (void *)address);
}

/* A page of a file without bytes: an access is SIGBUS. */
static void map_beyond_the_end(void)
{
	int fd = open(empty, O_RDWR | O_CREAT, 0600);

	require(fd >= 0);
	require(mmap((void *)PLACE(BEYOND), PAGE, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_FIXED, fd, 0) == (void *)PLACE(BEYOND));
	close(fd);
}

/* The state before each call: the last call may have unmapped a page. */
static void map_pages(void)
{
	map_at(PLACE(GOOD), PROT_READ | PROT_WRITE);
	map_at(PLACE(OTHER), PROT_READ | PROT_WRITE);
	map_at(PLACE(CONSTANT), PROT_READ);
	map_at(PLACE(NOBODYS), PROT_NONE);
	map_at(PLACE(END), PROT_READ | PROT_WRITE);
	map_at(LAST, PROT_READ | PROT_WRITE);
	memset((void *)PLACE(END), 'x', PAGE);
	munmap((void *)PLACE(PAGES), PAGE);
	map_beyond_the_end();
}

/* ---- The remaining arguments --------------------------------------------- */

#define DESCRIPTORS	9

/* A descriptor of this kind, for which no call waits; -1: there is no such
   kind. */
static int descriptor_of(int kind)
{
	static struct raw_words attr = { { 0, 4, 64, 0 } };
	static const uint64_t mask = 1ull << (SIGUSR2 - 1);
	int fds[2], fd;

	require(pipe2(fds, O_NONBLOCK) == 0);
	require(write(fds[1], &attr, sizeof(attr)) == sizeof(attr));
	switch (kind) {
	case 0:
		return fds[0];
	case 1:
		return fds[1];
	case 2:
		fd = open(path, O_RDWR);
		require(write(fd, bads, sizeof(bads)) == sizeof(bads));
		lseek(fd, 0, SEEK_SET);
		return fd;
	case 3:
		return open("/", O_RDONLY);
	case 4:
		raw_call(RAW_mq_unlink, (uintptr_t)name);
		return raw_call(RAW_mq_open, (uintptr_t)name, O_RDWR | O_CREAT |
				O_NONBLOCK, 0600, (uintptr_t)&attr);
	case 5:
		return raw_call(RAW_eventfd, 5, O_NONBLOCK);
	case 6:
		return raw_call(RAW_signalfd, -1, (uintptr_t)&mask,
				O_NONBLOCK);
	case 7:
		return raw_call(RAW_timerfd_create, CLOCK_MONOTONIC,
				O_NONBLOCK);
	case 8:
		return raw_call(RAW_pidfd_open, getpid(), 0);
	}
	return -1;
}

/* Values with which the calls work; a name without a call is for all. */
static const struct value {
	const char *call, *argument;
	uint32_t value;
} values[] = {
	{ "mmap", "flags", MAP_PRIVATE | MAP_ANONYMOUS },
	{ "mq_open", "flags", O_RDWR | O_CREAT },
	{ "mq_open", "attr", 0 },
	{ "mq_unlink", "name", (uintptr_t)name },
	{ "mq_open", "name", (uintptr_t)name },
	{ "page_grant", "bytes", PAGE },
	{ "page_grant", "address", PLACE(END) },
	{ "futex", "operation", 1 },
	{ "sigaltstack", "stack", 0 },
	{ "timer_create", "event", 0 },
	{ "mq_notify", "event", 0 },
	{ "mkdir", "path", (uintptr_t)new_path },
	{ "mkfifo", "path", (uintptr_t)new_path },
	{ "rmdir", "path", (uintptr_t)folder },
	{ "chdir", "path", (uintptr_t)"/tmp" },
	{ "rename", "to", (uintptr_t)new_path },
	{ "rename", "from", (uintptr_t)path },
	{ NULL, "path", (uintptr_t)path },
	{ NULL, "bytes", 64 },
	{ NULL, "count", 1 },
	{ NULL, "mode", 0600 },
	{ NULL, "clock", CLOCK_MONOTONIC },
	{ NULL, "signal", SIGURG },
	{ NULL, "prot", PROT_READ },
	{ NULL, "pid", -1 },
	{ NULL, "timer", 1 },
};

static uint32_t value_of(const struct call_shape *shape, int i, int fd)
{
	const char *argument = shape->arguments[i].name;
	const struct value *value;

	if (strcmp(argument, "fd") == 0)
		return fd;
	for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
		value = &values[k];
		if (strcmp(argument, value->argument) == 0 &&
		    (!value->call || strcmp(shape->name, value->call) == 0))
			return value->value;
	}
	if (shape->arguments[i].kind == CALL_SCALAR)
		return 0;
	return PLACE(i % 2 ? OTHER : GOOD) + i * 512;
}

/* The objects for the call. */
static void provide(const struct call_shape *shape)
{
	close(open(path, O_CREAT | O_RDWR, 0600));
	mkdir(folder, 0700);
	unlink(new_path);
	rmdir(new_path);
	if (strcmp(shape->name, "waitpid") == 0 && fork() == 0)
		_exit(0);
	if (strcmp(shape->name, "getgroups") == 0)
		setgroups(1, &(gid_t){ 0 });
	if (strcmp(shape->name, "mq_unlink") == 0)
		close(raw_call(RAW_mq_open, (uintptr_t)name, O_RDWR | O_CREAT,
			       0600, 0));
	if (strcmp(shape->name, "sigtimedwait") == 0) {
		block(SIGUSR2);
		raise(SIGUSR2);
		*(sigset_t *)PLACE(GOOD) = set_of(SIGUSR2);
	}
}

static void prepare(const struct call_shape *shape, int fd,
		    struct raw_words *words)
{
	map_pages();
	provide(shape);
	if (strcmp(shape->name, "mq_timedreceive") == 0 ||
	    strcmp(shape->name, "mq_receive") == 0)
		raw_call(RAW_mq_timedsend, fd, (uintptr_t)name, 5, 0, 0);
	for (int i = 0; i < shape->count; i++)
		words->word[i + 1] = value_of(shape, i, fd);
}

/* ---- One argument -------------------------------------------------------- */

/* Pointers that a call may ignore. */
static int is_left_alone(const char *call, const char *argument)
{
	static const char *const pairs[][2] = {
		{ "mmap", "address" }, { "munmap", "address" },
		{ "mprotect", "address" }, { "msync", "address" },
		{ "madvise", "address" }, { "mincore", "address" },
		{ "page_grant", "address" }, { "brk", "end" },
		{ "sigqueue", "value" }, { "futex", "word" },
		/* only after an interruption, or if it had to wait */
		{ "clock_nanosleep", "remain" },
		{ "mq_timedsend", "deadline" },
		{ "mq_timedreceive", "deadline" },
		{ "futex", "deadline" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strcmp(call, pairs[i][0]) == 0 &&
		    strcmp(argument, pairs[i][1]) == 0)
			return 1;
	return 0;
}

static void complain(const struct call_shape *shape, int i, uint32_t bad,
		     long result, const char *what)
{
	char line[200];

	snprintf(line, sizeof(line), "# %s, argument %s = 0x%x: %ld, %s\n",
		 shape->name, shape->arguments[i].name, (unsigned)bad, result,
		 what);
	write(STDOUT_FILENO, line, strlen(line));
	case_failed = 1;
}

static void judge(const struct call_shape *shape, int i,
		  const struct bad *bad, int works, long result)
{
	int is_out = shape->arguments[i].kind == CALL_OUT;

	if (result < 0 && result >= -4095)
		return;			/* refused */
	if (!works || bad->how == MAY_BE_GOOD ||
	    is_left_alone(shape->name, shape->arguments[i].name))
		return;
	if (bad->how == BAD || is_out)
		complain(shape, i, bad->address, result, "not refused");
}

static void try_argument(const struct call_shape *shape, int number, int i,
			 int fd)
{
	struct raw_words words = { { 0 } };
	int works;

	prepare(shape, fd, &words);
	works = raw_int80(number, &words) >= 0;
	for (size_t k = 0; k < sizeof(bads) / sizeof(bads[0]); k++) {
		long result;

		prepare(shape, fd, &words);
		words.word[i + 1] = bads[k].address;
		result = raw_int80(number, &words);
		judge(shape, i, &bads[k], works, result);
	}
}

static int takes_descriptor(const struct call_shape *shape)
{
	for (int i = 0; i < shape->count; i++)
		if (strcmp(shape->arguments[i].name, "fd") == 0)
			return 1;
	return 0;
}

/* Interrupts its parent again and again. */
static void pest(pid_t victim)
{
	while (kill(victim, SIGURG) == 0)
		case_pause();
	_exit(0);
}

/* Try one call with one wrong argument, in a child, with one kind of
   descriptor. */
static void abuse(const struct call_shape *shape, int number, int i, int kind)
{
	pid_t child, bug;
	int result;

	if (shape->arguments[i].kind == CALL_SCALAR)
		return;
	child = fork_or_fail();

	if (child == 0) {
		/* a semaphore without units ends nobody's wait but this */
		set_handler(SIGURG, catch_it, strcmp(shape->name, "sem_wait") ?
			    SA_RESTART : 0);
		set_handler(SIGPIPE, SIG_IGN, 0);
		raw_call(RAW_timer_create, CLOCK_MONOTONIC, 0);
		case_failed = 0;
		try_argument(shape, number, i, descriptor_of(kind));
		_exit(case_failed);
	}
	bug = fork_or_fail();
	if (bug == 0)
		pest(child);
	result = result_of(child);
	kill_and_wait(bug);
	if (result)
		complain(shape, i, kind, result, "its child failed or died");
}

static int is_for_others(const char *call)
{
	static const char *const others[] = {
		"test", "thread_create", "thread_pointer",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(call, others[i]) == 0)
			return 1;
	return 0;
}

static void abuse_call(int number)
{
	const struct call_shape *shape = &call_shapes[number];
	int kinds = takes_descriptor(shape) ? DESCRIPTORS : 1;

	for (int i = 0; i < shape->count; i++)
		for (int kind = 0; kind < kinds; kind++)
			abuse(shape, number, i, kind);
}

/* A quarter of the calls each, because of the time limit of a case. */
static void abuse_every(int first, int step)
{
	for (int n = first; n < CALLS_MOST; n += step)
		if (call_shapes[n].name && !is_for_others(call_shapes[n].name))
			abuse_call(n);
	unlink(path);
	unlink(new_path);
	unlink(empty);
	rmdir(new_path);
	rmdir(folder);
	raw_call(RAW_mq_unlink, (uintptr_t)name);
}

CASE(bad_pointers_of_every_fourth_call)
{
	abuse_every(0, 4);
}

CASE(bad_pointers_of_the_calls_after_those)
{
	abuse_every(1, 4);
}

CASE(bad_pointers_of_the_calls_in_the_middle)
{
	abuse_every(2, 4);
}

CASE(bad_pointers_of_the_calls_before_those)
{
	abuse_every(3, 4);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
