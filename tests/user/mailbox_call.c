/*
 * mailbox_call.c - calls and replies, direct messages, descriptors in messages,
 * names. Parley's own.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/thread_case.h"

/* ---- Calls -------------------------------------------------------------- */

static int take_and_die(void)
{
	return mailbox_receive(box, NULL, body, BYTES, 0, NULL) < 0 ? 1 : 7;
}

static int take_and_close(void)
{
	mailbox_receive(box, NULL, body, BYTES, 0, NULL);
	close(box);
	pause();
	return 7;
}

CASE(call_gets_the_reply_that_names_it)
{
	pid_t child;

	new_box(4);
	child = start(serve_one);
	expect(call("abc") == 4 && strcmp(body, "bbc") == 0);
	expect(result_of(child) == 7);
}

CASE(call_through_a_rendezvous_works)
{
	pid_t child;

	new_box(0);
	child = start(serve_one);
	expect(call("abc") == 4 && strcmp(body, "bbc") == 0);
	expect(result_of(child) == 7);
}

CASE(call_ends_with_epipe_when_its_server_dies)
{
	pid_t child;

	new_box(4);
	child = start(take_and_die);
	expect_error(call("x"), EPIPE);
	result_of(child);
}

CASE(call_ends_with_epipe_when_its_server_closes_the_box)
{
	pid_t child;

	new_box(4);
	child = start(take_and_close);
	expect_error(call("x"), EPIPE);
	kill_and_wait(child);
}

CASE(reply_to_nobody_is_esrch)
{
	struct message head = { .id = 4711, .sender = 1, .fd = -1 };

	new_box(4);
	expect_error(mailbox_reply(box, &head, ""), ESRCH);
}

static int call_and_wait(void)
{
	return call("never answered") == -1 ? 7 : 1;
}

CASE(reply_to_a_caller_that_was_killed_is_esrch)
{
	struct message head = { 0 };
	pid_t child;

	new_box(4);
	child = start(call_and_wait);
	require(mailbox_receive(box, &head, body, BYTES, 0, NULL) > 0);
	until_asleep(child);
	kill_and_wait(child);
	head.bytes = 0;
	head.fd = -1;
	expect_error(mailbox_reply(box, &head, ""), ESRCH);
}

CASE(twenty_clients_killed_at_random_lose_nothing_for_others)
{
	struct message head;
	pid_t clients[20];

	new_box(4);
	for (int i = 0; i < 20; i++)
		clients[i] = start(call_and_wait);
	for (int i = 0; i < 20; i += 2)
		kill_and_wait(clients[i]);
	for (int i = 0; i < 20; i++) {
		head = (struct message){ 0 };
		if (mailbox_receive(box, &head, body, BYTES, MAILBOX_NONBLOCK,
				    NULL) < 0)
			break;
		head.bytes = 0;
		head.fd = -1;
		mailbox_reply(box, &head, "");
	}
	for (int i = 1; i < 20; i += 2)
		kill_and_wait(clients[i]);
	clients[0] = start(serve_one);
	expect(call("abc") == 4 && strcmp(body, "bbc") == 0);
	expect(result_of(clients[0]) == 7);
}

/* ---- Direct ------------------------------------------------------------- */

static int receive_direct(void)
{
	struct message head = { 0 };

	return message_receive(getppid(), &head, body, BYTES, 0, NULL) == 6 &&
	       head.sender == getppid() && strcmp(body, "hello") == 0 ? 7 : 1;
}

CASE(direct_message_reaches_its_process)
{
	struct message head = { .type = 1, .bytes = 6, .fd = -1 };
	pid_t child = start(receive_direct);

	expect(message_send(child, &head, "hello", 0, NULL) == 0);
	expect(result_of(child) == 7);
}

CASE(direct_message_to_nobody_is_esrch)
{
	struct message head = { .bytes = 0, .fd = -1 };

	expect_error(message_send(8000, &head, "", 0, NULL), ESRCH);
	expect_error(message_send(-1, &head, "", 0, NULL), ESRCH);
}

CASE(synchronous_direct_message_to_one_that_dies_is_esrch)
{
	struct message head = { .bytes = 0, .fd = -1 };
	pid_t child = fork_or_fail();

	if (child == 0) {
		case_pause();
		_exit(0);
	}
	expect_error(message_send(child, &head, "", MAILBOX_SYNC, NULL),
		     ESRCH);
	result_of(child);
}

/* ---- Descriptors -------------------------------------------------------- */

CASE(descriptor_in_a_message_is_a_new_one_for_the_same_file)
{
	struct message head = { .flags = MESSAGE_HAS_FD };
	int fds[2];
	char byte;

	new_box(4);
	require(pipe(fds) == 0);
	head.fd = fds[0];
	expect(mailbox_send(box, &head, "", 0, NULL) == 0);
	close(fds[0]);
	head = (struct message){ 0 };
	expect(mailbox_receive(box, &head, body, BYTES, 0, NULL) == 0);
	expect(head.flags & MESSAGE_HAS_FD && head.fd >= 0);
	expect(write(fds[1], "x", 1) == 1 && read(head.fd, &byte, 1) == 1);
}

CASE(descriptor_nobody_wants_is_closed)
{
	struct message head = { .flags = MESSAGE_HAS_FD };
	int fds[2];

	new_box(4);
	require(pipe(fds) == 0);
	signal(SIGPIPE, SIG_IGN);
	head.fd = fds[0];
	expect(mailbox_send(box, &head, "", 0, NULL) == 0);
	close(fds[0]);
	expect(mailbox_receive(box, NULL, body, BYTES, 0, NULL) == 0);
	expect_error(write(fds[1], "x", 1), EPIPE);
}

CASE(full_table_is_emfile_and_the_message_stays)
{
	struct message head = { .flags = MESSAGE_HAS_FD };
	struct mailbox_attr attr;
	int fds[2], fd, last = -1;

	new_box(4);
	require(pipe(fds) == 0);
	head.fd = fds[0];
	expect(mailbox_send(box, &head, "", 0, NULL) == 0);
	while ((fd = dup(fds[1])) >= 0)
		last = fd;
	head = (struct message){ 0 };
	expect_error(mailbox_receive(box, &head, body, BYTES, 0, NULL),
		     EMFILE);
	expect(mailbox_getattr(box, &attr) == 0 && attr.messages == 1);
	close(last);
	expect(mailbox_receive(box, &head, body, BYTES, 0, NULL) == 0);
	expect(head.fd == last);
}

CASE(bad_descriptor_in_a_message_is_ebadf)
{
	struct message head = { .flags = MESSAGE_HAS_FD, .fd = 99 };

	new_box(4);
	expect_error(mailbox_send(box, &head, "", 0, NULL), EBADF);
}

/* ---- Names -------------------------------------------------------------- */

CASE(name_that_is_not_there_is_enoent)
{
	expect_error(mailbox_open("/nobody", O_RDWR), ENOENT);
	expect_error(mailbox_unlink("/nobody"), ENOENT);
}

CASE(exclusive_creation_of_a_name_twice_is_eexist)
{
	struct mailbox_attr attr = { .capacity = 1, .message_bytes = 8 };
	int oflag = O_CREAT | O_EXCL | O_RDWR;

	require(mailbox_open("/once", oflag, 0600, &attr) >= 0);
	expect_error(mailbox_open("/once", oflag, 0600, &attr), EEXIST);
	expect(mailbox_unlink("/once") == 0);
}

CASE(box_lives_without_its_name_and_a_new_one_is_another)
{
	struct mailbox_attr attr = { .capacity = 4, .message_bytes = 8 };
	struct message head = { .bytes = 0, .fd = -1 };
	int old, other;

	old = mailbox_open("/twice", O_CREAT | O_RDWR, 0600, &attr);
	require(old >= 0 && mailbox_unlink("/twice") == 0);
	other = mailbox_open("/twice", O_CREAT | O_RDWR, 0600, &attr);
	expect(mailbox_send(old, &head, "", 0, NULL) == 0);
	expect(mailbox_getattr(other, &attr) == 0 && attr.messages == 0);
	expect(mailbox_getattr(old, &attr) == 0 && attr.messages == 1);
	expect(mailbox_unlink("/twice") == 0);
}

CASE(bad_attributes_are_einval)
{
	struct mailbox_attr attr = { .capacity = -2, .message_bytes = 8 };

	expect_error(mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr),
		     EINVAL);
	attr.capacity = 1;
	attr.message_bytes = 1u << 30;
	expect_error(mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr),
		     EINVAL);
}

/* ---- A close by another thread ------------------------------------------- */

static void *receive_any(void *unused)
{
	char bytes[BYTES];

	(void)unused;
	return (void *)mailbox_receive(box, NULL, bytes, BYTES, 0, NULL);
}

/* The close does not end the wait. But the process cannot reply any more, and
 * the caller must not wait for that. */
CASE(thread_that_lost_the_box_receives_nothing_or_hangs_its_caller)
{
	struct message request = { .type = 1, .fd = -1 };
	pthread_t thread;
	pid_t caller;
	int go[2];

	new_box(8);
	require(pipe(go) == 0);
	caller = fork_or_fail();
	if (caller == 0) {
		char byte;

		require(read(go[0], &byte, 1) == 1);
		mailbox_call(box, &request, NULL, NULL, 0, NULL);
		_exit(errno);
	}
	thread = create(receive_any, NULL);
	case_pause();
	case_pause();
	close(box);
	require(write(go[1], "x", 1) == 1);
	expect(join(thread) == 0);
	expect(result_of(caller) == EPIPE);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
