/*
 * mailbox_words_chaos.c - callers and servers of two boxes, by words and with
 * headers, while somebody signals, stops, kills and starts them, changes their
 * priorities, and looks at everything.
 *
 * Every answer must be the one to its own question; what fails must fail for a
 * reason that there was.
 */
#include <poll.h>

#include "tests/user/words_case.h"

#define MOST		8
#define EVENTS		800
#define SEND_TYPE	1000		/* wants no answer */

static int boxes[2], servers, all;
static uint32_t state;

static uint32_t random_below(uint32_t end)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % end;
}

static int any_box(void)
{
	return boxes[random_below(servers > 1 ? 2 : 1)];
}

/* What all see: a wrong answer, and how many right ones. */
static struct shared_counts {
	volatile uint32_t wrong, right[MOST];
} *counts;

/* ---- Servers ------------------------------------------------------------- */

static void make_answer(struct mailbox_words *now)
{
	now->word[0] = ~now->word[0];
	now->word[1] += now->type;
}

/* Once with headers; it may forget to answer. */
static void serve_with_headers(int from)
{
	struct message asked = { 0 };
	struct mailbox_words now;

	if (mailbox_receive(from, &asked, now.word, 8, 0, NULL) != 8 ||
	    !(asked.flags & MESSAGE_WANTS_REPLY) || random_below(3) == 0)
		return;
	now.type = asked.type;
	make_answer(&now);
	asked.flags = 0;
	mailbox_reply(from, &asked, now.word);
}

static void serve_at_random(int who)
{
	struct mailbox_words now = { .id = 0 };
	int from = boxes[who % 2];

	set_handler(SIGUSR1, catch_it, random_below(2) ? SA_RESTART : 0);
	for (;;) {
		if (mailbox_reply_receive_words(from, &now) < 0)
			now.id = 0;
		else if (now.id)
			make_answer(&now);
		if (random_below(50) == 0)
			case_pause();
		if (random_below(200) == 0) {	/* forgets whom it serves */
			now.id = 0;
		}
		if (random_below(300) == 0)
			_exit(7);
		if (random_below(40) == 0)	/* with a request in hand */
			serve_with_headers(from);
	}
}

/* ---- Callers ------------------------------------------------------------- */

static void check(int who, long result, const struct mailbox_words *asked,
		  const struct mailbox_words *got)
{
	if (result == 0 && got->word[0] == ~asked->word[0] &&
	    got->word[1] == asked->word[1] + asked->type)
		counts->right[who]++;
	else if (result == 0 || (errno != EINTR && errno != EPIPE))
		counts->wrong++;
}

static long call_with_header(int to, struct mailbox_words *now)
{
	const struct timespec deadline = soon();
	struct message message = {
		.type = now->type, .bytes = 8, .fd = -1,
	};
	long result = mailbox_call(to, &message, now->word, now->word, 8,
				   random_below(4) ? NULL : &deadline);

	if (result == -1 && errno == ETIMEDOUT)
		errno = EPIPE;
	return result == 8 ? 0 : -1;
}

static void call_at_random(int who)
{
	struct mailbox_words asked, now;

	set_handler(SIGUSR1, catch_it, random_below(2) ? SA_RESTART : 0);
	for (;;) {
		asked = (struct mailbox_words){
			.type = 1 + random_below(900),
			.word = { random_below(~0u), random_below(~0u) },
		};
		now = asked;
		if (random_below(10))
			check(who, mailbox_call_words(any_box(), &now), &asked,
			      &now);
		else
			check(who, call_with_header(any_box(), &now), &asked,
			      &now);
		if (random_below(100) == 0)
			case_pause();
	}
}

/* ---- Whoever disturbs them ----------------------------------------------- */

static pid_t start_one(int who)
{
	pid_t pid = fork_or_fail();

	if (pid > 0)
		return pid;
	state += getpid() * 7919;
	if (who < servers)
		serve_at_random(who);
	call_at_random(who);
	_exit(1);
}

static void look_around(void)
{
	static char text[16384];
	struct mailbox_attr attr;

	read_text("/proc/waits", text, sizeof(text));
	read_text("/proc/ipc", text, sizeof(text));
	polls(boxes[0], POLLIN | POLLOUT);
	mailbox_getattr(boxes[1], &attr);
}

static void disturb(pid_t *pid, int who)
{
	switch (random_below(12)) {
	case 0:
		kill_and_wait(*pid);
		*pid = start_one(who);
		return;
	case 1:
		kill(*pid, SIGSTOP);
		if (random_below(2))
			case_pause();
		kill(*pid, SIGCONT);
		return;
	case 2:
		setpriority(PRIO_PROCESS, *pid, random_below(20));
		return;
	case 3:
		look_around();
		return;
	case 4:
		box = any_box();
		put(SEND_TYPE, "1234567", MAILBOX_NONBLOCK);
		return;
	case 5:
	case 6:
		kill(*pid, SIGUSR1);
		return;
	default:
		case_pause();
	}
}

static void restart_the_dead(pid_t *pids)
{
	for (int who = 0; who < all; who++)
		if (waitpid(pids[who], NULL, WNOHANG) == pids[who])
			pids[who] = start_one(who);
}

static void play(uint32_t seed, int server_count, int callers)
{
	uint32_t right = 0;
	pid_t pids[MOST];

	state = seed;
	servers = server_count;
	all = servers + callers;
	boxes[0] = private_box(0, BYTES);
	boxes[1] = private_box(3, BYTES);
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(counts != MAP_FAILED);
	for (int who = 0; who < all; who++)
		pids[who] = start_one(who);
	for (int i = 0; i < EVENTS; i++) {
		uint32_t who = random_below(all);

		disturb(&pids[who], who);
		restart_the_dead(pids);
	}
	for (int who = 0; who < all; who++) {
		kill_and_wait(pids[who]);
		right += counts->right[who];
	}
	expect(counts->wrong == 0);
	expect(right > 100);
	munmap((void *)counts, sizeof(*counts));
	close(boxes[0]);
	close(boxes[1]);
}

CASE(every_answer_is_to_its_own_question_whatever_happens)
{
	for (uint32_t seed = 1; seed <= 3; seed++) {
		play(seed, 1, 1);
		play(seed, 2, 1);
		play(seed, 2, 2);
		play(seed, 3, 5);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
