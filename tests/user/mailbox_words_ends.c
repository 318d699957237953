/*
 * mailbox_words_ends.c - calls by words that do not go as usual: messages with
 * headers in between, ends, signals, and others at the box.
 */
#include <poll.h>

#include "tests/user/words_case.h"

/* ---- Ordinary messages to a server of words ------------------------------ */

static int note_message(void)
{
	struct mailbox_words request = { .id = 0 };

	while (mailbox_reply_receive_words(box, &request) > 0) {
		if (request.type == 9)
			return request.id == 0 &&
			       request.word[0] == 0x00636261 &&
			       request.word[1] == 0 ? 7 : 1;
		request.word[1] = request.id != 0;
	}
	return errno == EMSGSIZE ? 8 : 2;
}

CASE(short_message_is_filled_up_and_wants_no_answer)
{
	pid_t server;

	new_box(4);
	server = start_asleep(note_message);
	expect(call_words(1) == 0 && words.word[1] == 1);
	expect(put(9, "abc", 0) == 0);
	expect(result_of(server) == 7);
}

CASE(long_message_is_emsgsize_and_stays)
{
	pid_t server;

	new_box(4);
	server = start_asleep(note_message);
	expect(call_words(1) == 0 && words.word[1] == 1);
	expect(put(1, "123456789", 0) == 0);
	expect(result_of(server) == 8);
	expect(takes(1, "123456789"));
}

CASE(calls_with_and_without_headers_meet_one_server)
{
	pid_t server = start_serving(0);

	for (int i = 0; i < 20; i++) {
		require(answers(i));
		require(call("abc") == 8 && (uint8_t)body[0] == (uint8_t)~'a');
	}
	kill_and_wait(server);
}

CASE(server_with_headers_answers_a_call_by_words)
{
	pid_t child;

	new_box(4);
	child = start_asleep(call_one);
	require(take(0, 0, 0) == 8 && head.flags == MESSAGE_WANTS_REPLY);
	head.flags = 0;
	expect(mailbox_reply(box, &head, body) == 0);
	expect(result_of(child) == 7);
}

/* Called once already, it waits for its second reply. */
static int call_two(void)
{
	require(answers(1));
	return call_one();
}

/* It took the call by words, and answers with a header. */
CASE(call_taken_by_words_is_answered_in_general)
{
	pid_t child;

	new_box(0);
	child = start(call_two);
	words = (struct mailbox_words){ .id = 0 };
	require(mailbox_reply_receive_words(box, &words) == child);
	words.type = 2;
	words.word[0] = ~words.word[0];
	require(mailbox_reply_receive_words(box, &words) == child);
	until_asleep(child);
	head = (struct message){ .id = words.id, .bytes = 2, .fd = -1 };
	expect(mailbox_reply(box, &head, "x") == 0);
	expect_error(mailbox_reply(box, &head, "x"), ESRCH);
	expect(result_of(child) == 7);
}

/* ---- Ends ---------------------------------------------------------------- */

static int take_and_die(void)
{
	struct mailbox_words request = { .id = 0 };

	for (int i = 0; i < 3; i++)
		mailbox_reply_receive_words(box, &request);
	return 7;
}

CASE(server_that_ends_leaves_its_caller_with_epipe)
{
	pid_t server;

	server = start_with_box(take_and_die);
	expect(call_words(1) == 0 && call_words(2) == 0);
	expect_error(call_words(3), EPIPE);
	expect(result_of(server) == 7);
}

static int take_and_close(void)
{
	struct mailbox_words request = { .id = 0 };

	for (int i = 0; i < 3; i++)
		mailbox_reply_receive_words(box, &request);
	close(box);
	pause();
	return 1;
}

CASE(server_that_closes_the_box_leaves_its_caller_with_epipe)
{
	pid_t server;

	server = start_with_box(take_and_close);
	expect(call_words(1) == 0 && call_words(2) == 0);
	expect_error(call_words(3), EPIPE);
	kill_and_wait(server);
}

CASE(server_killed_at_work_leaves_its_caller_with_epipe)
{
	pid_t server, caller;

	server = start_with_box(take_and_stay);
	caller = start(call_three);
	until_at_work();
	kill_and_wait(server);
	expect(result_of(caller) == EPIPE);
}

CASE(server_killed_in_its_sleep_leaves_the_box_to_the_next)
{
	pid_t server = start_serving(0);

	warm_up();
	kill_and_wait(server);
	server = start_asleep(serve);
	warm_up();
	kill_and_wait(server);
}

CASE(caller_killed_meanwhile_is_esrch_for_its_server)
{
	pid_t server, caller;

	server = start_with_box(answer_late);
	caller = start(call_three);
	until_at_work();
	kill_and_wait(caller);
	kill(server, SIGUSR1);
	expect(result_of(server) == ESRCH);
}

static int sa_flags;

static int be_interrupted(void)
{
	set_handler(SIGUSR2, catch_it, sa_flags);
	call_words(1);
	return call_words(2) == -1 && errno == EINTR && caught == 1 ? 7 : 1;
}

CASE(handler_ends_the_wait_for_a_reply)
{
	pid_t server, caller;

	server = start_with_box(answer_late);
	caller = start(be_interrupted);
	until_at_work();
	kill(caller, SIGUSR2);
	expect(result_of(caller) == 7);
	kill(server, SIGUSR1);
	expect(result_of(server) == ESRCH);
}

static int serve_interrupted(void)
{
	struct mailbox_words request = { .id = 0 };

	set_handler(SIGUSR2, catch_it, sa_flags);
	while (mailbox_reply_receive_words(box, &request) > 0)
		;
	return errno == EINTR && request.id == 0 ? 7 : 1;
}

/* As for a call with headers: it would send its request twice. */
CASE(handler_with_sa_restart_ends_the_waits_all_the_same)
{
	pid_t server, caller;

	sa_flags = SA_RESTART;
	server = start_with_box(answer_late);
	caller = start(be_interrupted);
	until_at_work();
	kill(caller, SIGUSR2);
	expect(result_of(caller) == 7);
	kill(server, SIGUSR1);
	expect(result_of(server) == ESRCH);
	server = start_with_box(serve_interrupted);
	expect(call_words(1) == 0 && call_words(2) == 0);
	until_asleep(server);
	kill(server, SIGUSR2);
	expect(result_of(server) == 7);
}

/* The reply has gone out already. */
CASE(handler_ends_the_wait_for_a_request)
{
	pid_t server;

	server = start_with_box(serve_interrupted);
	expect(call_words(1) == 0 && call_words(2) == 0);
	until_asleep(server);
	kill(server, SIGUSR2);
	expect(result_of(server) == 7);
}

CASE(server_that_was_stopped_goes_on_waiting)
{
	pid_t server = start_serving(0);

	for (int i = 0; i < 10; i++) {
		require(answers(i));
		kill(server, SIGSTOP);
		kill(server, SIGCONT);
	}
	expect(answers(4711));
	kill_and_wait(server);
}

/* ---- Others -------------------------------------------------------------- */

static int call_often(void)
{
	for (uint32_t i = 0; i < CALLS; i++)
		if (!answers(i * getpid()))
			return 1;
	return 7;
}

CASE(many_callers_each_get_their_own_answers)
{
	pid_t server = start_serving(0), callers[5];

	for (int i = 0; i < 5; i++)
		callers[i] = start(call_often);
	for (int i = 0; i < 5; i++)
		expect(result_of(callers[i]) == 7);
	kill_and_wait(server);
}

CASE(many_servers_share_one_box)
{
	pid_t servers[3], callers[4];

	servers[0] = start_serving(4);
	servers[1] = start_asleep(serve);
	servers[2] = start_asleep(serve);
	for (int i = 0; i < 4; i++)
		callers[i] = start(call_often);
	for (int i = 0; i < 4; i++)
		expect(result_of(callers[i]) == 7);
	for (int i = 0; i < 3; i++)
		kill_and_wait(servers[i]);
}

/* Calls between those of others at another priority. */
static int call_urgently(void)
{
	for (int i = 0; i < 40; i++) {
		setpriority(PRIO_PROCESS, 0, i % 3 * 5);
		if (!answers(i))
			return 1;
		case_pause();
	}
	return 7;
}

CASE(priorities_that_change_do_no_harm)
{
	pid_t server = start_serving(0), often, urgent;

	often = start(call_often);
	urgent = start(call_urgently);
	for (int i = 0; i < 10; i++) {
		setpriority(PRIO_PROCESS, server, i % 4 * 3);
		setpriority(PRIO_PROCESS, often, i % 5 * 3);
		case_pause();
	}
	expect(result_of(often) == 7);
	expect(result_of(urgent) == 7);
	kill_and_wait(server);
}

/* A receiver of one type has the older claim to it. */
static int receive_type_one(void)
{
	return take(1, 0, 0) >= 0 ? 7 : 1;
}

CASE(receiver_that_waited_longer_goes_before_the_server)
{
	pid_t server, chooser, caller;

	new_box(4);
	chooser = start_asleep(receive_type_one);
	server = start_asleep(serve);
	caller = start(call_one);
	expect(result_of(chooser) == 7);
	expect(result_of(caller) == EPIPE);
	kill_and_wait(server);
}

CASE(receiver_that_came_later_goes_behind_the_server)
{
	pid_t server = start_serving(4), chooser;

	warm_up();
	until_asleep(server);
	chooser = start_asleep(receive_type_one);
	expect(answers(1));
	kill_and_wait(chooser);
	kill_and_wait(server);
}

static int call_twice(void)
{
	return call_words(1) == 0 && call_words(2) == 0 ? 7 : 1;
}

static int poll_to_send(void)
{
	struct pollfd one = { .fd = box, .events = POLLOUT };

	return poll(&one, 1, -1) == 1 && one.revents == POLLOUT ? 7 : 1;
}

/* Nobody receives until the reply has gone out. */
CASE(server_that_waits_again_is_seen_by_poll)
{
	pid_t server, caller, poller;

	server = start_with_box(answer_late);
	caller = start(call_twice);
	until_at_work();
	expect(polls(box, POLLOUT) == 0);
	poller = start_asleep(poll_to_send);
	kill(server, SIGUSR1);
	expect(result_of(poller) == 7);
	expect(result_of(caller) == 7);
	kill_and_wait(server);
}

/* The last column of the task's line in /proc/waits. */
static int waits_for(pid_t pid, const char *event, int ender)
{
	static char text[16384];
	char key[32], *line, *end;

	until_asleep(pid);
	read_text("/proc/waits", text, sizeof(text));
	snprintf(key, sizeof(key), "\n%d\t", (int)pid);
	line = strstr(text, key);
	if (!line)
		return 0;
	end = strchr(line + 1, '\n');
	*end = '\0';
	return strstr(line, event) && atoi(strrchr(line, '\t') + 1) == ender;
}

static int call_for_ever(void)
{
	while (call_words(1) == 0)
		;
	return errno;
}

CASE(waits_of_both_ends_are_in_proc_waits)
{
	pid_t server, caller;

	server = start_with_box(take_and_stay);
	expect(call_words(1) == 0);
	expect(waits_for(server, "data", getpid()));
	caller = start(call_for_ever);
	until_at_work();
	expect(waits_for(caller, "reply", server));
	kill_and_wait(server);
	expect(result_of(caller) == EPIPE);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
