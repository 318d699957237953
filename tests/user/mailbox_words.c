/*
 * mailbox_words.c - calls by words: the same as with headers, whatever either
 * side does beside them, and nothing of one program reaches another but words.
 *
 * The case that compares plays each scene twice: once by words on both sides,
 * which mostly takes the short way (arch/i686/call.asm), and once with headers,
 * which never does. What both sides saw must agree.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/raw.h"

#define CALLS	200

/* ---- By hand ------------------------------------------------------------- */

/* The short way or -ENOSYS. */
static long quick_call(int fd, struct mailbox_words *words)
{
	return __mailbox_words(MAILBOX_WORDS_CALL + (unsigned)fd, words);
}

static struct mailbox_words words_of(uint32_t type, uint32_t a, uint32_t b)
{
	return (struct mailbox_words){ .type = type, .word = { a, b } };
}

static int answers(uint32_t a, uint32_t b)
{
	struct mailbox_words words = words_of(1, a, b);

	return mailbox_call_words(box, &words) == 0 && words.type == 2 &&
	       words.word[0] == ~a && words.word[1] == b + 1;
}

static int is_mostly_quick(void)
{
	struct mailbox_words words;
	int quick = 0;

	for (uint32_t i = 0; i < CALLS; i++) {
		words = words_of(1, i, i);
		if (quick_call(box, &words) == 0)
			quick += words.word[0] == ~i;
		else
			require(answers(i, i));
	}
	return quick > CALLS / 2;
}

/* Until a call of type 9, which it answers. */
static int serve(void)
{
	struct mailbox_words words = { .id = 0 };
	uint32_t type;

	do {
		if (mailbox_reply_receive_words(box, &words) < 0)
			return 1;
		type = words.type;
		words.type++;
		words.word[0] = ~words.word[0];
		words.word[1]++;
	} while (type != 9);
	return 7;
}

static void stop(pid_t server)
{
	struct mailbox_words words = words_of(9, 0, 0);

	expect_error(mailbox_call_words(box, &words), EPIPE);
	expect(result_of(server) == 7);
}

/* ---- The usual way ------------------------------------------------------- */

CASE(words_go_there_and_come_back)
{
	pid_t server;

	new_box(0);
	server = start_asleep(serve);
	for (uint32_t i = 0; i < CALLS; i++)
		require(answers(i * 0x01010101, -i));
	stop(server);
}

CASE(server_that_waits_is_called_the_short_way)
{
	pid_t server;

	new_box(4);
	server = start_asleep(serve);
	expect(is_mostly_quick());
	stop(server);
}

static int see_sender_and_id(void)
{
	struct mailbox_words words = { .id = 0 };
	uint32_t id;

	if (mailbox_reply_receive_words(box, &words) != getppid())
		return 1;
	id = words.id;
	if (mailbox_reply_receive_words(box, &words) != getppid())
		return 2;
	return id != 0 && words.id > id ? 7 : 3;
}

CASE(server_learns_who_called_and_numbers_grow)
{
	struct mailbox_words words = words_of(1, 0, 0);
	pid_t server;

	new_box(0);
	server = start_asleep(see_sender_and_id);
	expect(mailbox_call_words(box, &words) == 0);
	expect_error(mailbox_call_words(box, &words), EPIPE);
	expect(result_of(server) == 7);
}

static int serve_inner(void)
{
	box = private_box(0, BYTES);
	return 0;
}

static int outer_box, inner_box;

static int serve_by_another(void)
{
	struct mailbox_words words = { .id = 0 };

	for (;;) {
		if (mailbox_reply_receive_words(outer_box, &words) < 0)
			return 1;
		uint32_t id = words.id;

		if (mailbox_call_words(inner_box, &words) < 0)
			return 2;
		words.id = id;
	}
}

CASE(server_may_call_another_server)
{
	pid_t inner, outer;

	serve_inner();
	inner_box = box;
	inner = start_asleep(serve);
	serve_inner();
	outer_box = box;
	outer = start_asleep(serve_by_another);
	for (uint32_t i = 0; i < CALLS; i++)
		require(answers(i, i));
	expect(is_mostly_quick());
	expect(kill_and_wait(outer) == -SIGKILL);
	box = inner_box;
	stop(inner);
}

/* ---- Both ways, the same ------------------------------------------------- */

enum scene {
	PLAIN, WRONG_ID, SLEEPS, FLOATS, LOADS_FS, SIGNALS_CALLER,
	STOPS_CALLER, LOWERS_CALLER, RAISES_CALLER, MORE_MAIL, DIES, LEAVES,
	POLLS, FORKS, SHORT_REPLY, LONG_REPLY, TWICE, SENDS_FD, SCENES
};

#define LOG_MOST	4096

/* What happened, as each of the two saw it. */
static struct story {
	uint32_t line[2][LOG_MOST], count[2];
	int is_by_words;
	volatile int is_calling;
} *story;

static int is_server;

static void note(uint32_t value)
{
	uint32_t *count = &story->count[is_server];

	if (*count < LOG_MOST)
		story->line[is_server][(*count)++] = value;
}

static void note_result(long result)
{
	note(result < 0 ? -errno : result > 0 ? 1 : 0);
}

/* reply_receive with a header, as if by words. */
static long reply_receive_head(struct mailbox_words *words)
{
	struct message message = {
		.type = words->type, .id = words->id, .bytes = 8, .fd = -1,
	};
	uint32_t to[2] = { 0, 0 };
	long result = mailbox_reply_receive(box, &message, words->word, to, 8);

	words->id = result < 0 ? message.id :
		    message.flags & MESSAGE_WANTS_REPLY ? message.id : 0;
	if (result < 0)
		return -1;
	words->type = message.type;
	words->word[0] = to[0];
	words->word[1] = to[1];
	return message.sender;
}

static long reply_receive_any(struct mailbox_words *words)
{
	return story->is_by_words ? mailbox_reply_receive_words(box, words)
				  : reply_receive_head(words);
}

static long reply_bytes(uint32_t id, uint32_t bytes, int flags, int fd)
{
	struct message message = {
		.type = 77, .id = id, .bytes = bytes, .flags = flags, .fd = fd,
	};

	return mailbox_reply(box, &message, "abcdefghijklmnop");
}

static volatile double some_float = 1.5;
static int has_stopped;

/* Answer it at once, one way or the other. */
static void answer(enum scene scene, uint32_t id)
{
	if (scene == SHORT_REPLY)
		note_result(reply_bytes(id, 3, 0, -1));
	if (scene == LONG_REPLY)
		note_result(reply_bytes(id, 12, 0, -1));
	if (scene == SENDS_FD)
		note_result(reply_bytes(id, 8, MESSAGE_HAS_FD, 1));
	if (scene != TWICE)
		return;
	note_result(reply_bytes(id, 8, 0, -1));
	note_result(reply_bytes(id, 8, 0, -1));
}

/* What becomes of the caller meanwhile. */
static void disturb(enum scene scene, pid_t caller)
{
	if (scene == LOWERS_CALLER)
		setpriority(PRIO_PROCESS, caller, 10);
	if (scene == RAISES_CALLER)
		setpriority(PRIO_PROCESS, caller, 0);
	if (scene == SIGNALS_CALLER) {
		story->is_calling = 0;
		kill(caller, SIGUSR1);
		while (!story->is_calling)	/* again */
			case_pause();
		until_asleep(caller);
	}
	if (scene != STOPS_CALLER)
		return;
	has_stopped = !has_stopped;
	if (has_stopped) {			/* then it calls again, once */
		kill(caller, SIGSTOP);
		kill(caller, SIGCONT);
		until_asleep(caller);
	}
}

/* Between a request and its answer. */
static void act(enum scene scene, struct mailbox_words *words)
{
	struct timespec moment = { 0, 1000000 };
	uint32_t id = words->id;

	switch (scene) {
	case WRONG_ID:
		words->id += 4711;
		note_result(reply_receive_any(words));
		words->id = id;
		return;
	case SLEEPS:
		nanosleep(&moment, NULL);
		return;
	case FLOATS:
		some_float *= 1.25;
		return;
	case LOADS_FS:
		__asm__ volatile("mov %0, %%fs; mov %0, %%gs" :: "r"(0x23));
		return;
	case MORE_MAIL:
		note_result(put(5, "mail", MAILBOX_NONBLOCK));
		return;
	case DIES:
		_exit(7);
	case LEAVES:
		close(box);
		_exit(7);
	case POLLS:
		note(polls(box, POLLIN | POLLOUT));
		return;
	case FORKS:
		kill_and_wait(start(serve_inner));
		return;
	default:
		return;
	}
}

static void serve_scenes(void)
{
	struct mailbox_words words = { .id = 0 };
	long caller;

	for (;;) {
		caller = reply_receive_any(&words);
		note_result(caller);
		note(words.type);
		note(words.word[0]);
		note(words.word[1]);
		if (caller < 0) {
			words.id = 0;
			continue;
		}
		uint32_t type = words.type;

		words.type ^= 0x1000;
		words.word[0] *= 3;
		words.word[1] ^= words.word[0];
		if (!words.id)
			continue;
		act(type % SCENES, &words);
		disturb(type % SCENES, caller);
		answer(type % SCENES, words.id);
		if (type % SCENES >= SHORT_REPLY)
			words.id = 0;
	}
}

static long call_any(struct mailbox_words *words)
{
	struct message message = {
		.type = words->type, .bytes = 8, .fd = -1,
	};
	uint32_t to[2] = { 0, 0 };

	if (story->is_by_words)
		return mailbox_call_words(box, words);
	if (mailbox_call(box, &message, words->word, to, 8, NULL) < 0)
		return -1;
	words->type = message.type;
	words->word[0] = to[0];
	words->word[1] = to[1];
	return 0;
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static pid_t start_scenes(void)
{
	pid_t server = fork_or_fail();

	if (server == 0) {
		is_server = 1;
		serve_scenes();
	}
	until_asleep(server);
	return server;
}

static void play(uint32_t seed, long capacity)
{
	struct mailbox_words words;
	pid_t server;

	set_handler(SIGUSR1, catch_it, 0);
	new_box(capacity);
	server = start_scenes();
	for (int i = 0; i < CALLS; i++) {
		uint32_t type = next_random(&seed);

		words = words_of(type, next_random(&seed), i);
		until_asleep(server);
		story->is_calling = 1;
		note_result(call_any(&words));
		note(words.type);
		note(words.word[0]);
		note(words.word[1]);
		if (type % SCENES == DIES || type % SCENES == LEAVES) {
			note(result_of(server));
			server = start_scenes();
		}
	}
	until_asleep(server);
	note(caught);
	caught = 0;
	kill_and_wait(server);
	close(box);
}

static struct story *new_story(int is_by_words)
{
	struct story *made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	require(made != MAP_FAILED);
	made->is_by_words = is_by_words;
	return made;
}

static void compare(uint32_t seed, long capacity)
{
	struct story *quick = new_story(1), *general = new_story(0);

	story = quick;
	play(seed, capacity);
	story = general;
	play(seed, capacity);
	for (int who = 0; who < 2; who++) {
		for (uint32_t i = 0; i < quick->count[who]; i++)
			if (quick->line[who][i] != general->line[who][i]) {
				printf("# seed %u, %d saw at %u %x, not %x\n",
				       (unsigned)seed, who, (unsigned)i,
				       (unsigned)quick->line[who][i],
				       (unsigned)general->line[who][i]);
				fflush(stdout);
				require(!"the two ways agree");
			}
		expect(quick->count[who] == general->count[who]);
		expect(quick->count[who] >= 4 * CALLS);
	}
	munmap(quick, sizeof(*quick));
	munmap(general, sizeof(*general));
}

CASE(words_and_headers_tell_the_same_story)
{
	for (uint32_t seed = 1; seed <= 4; seed++)
		compare(seed, seed % 2 ? 0 : 4);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
