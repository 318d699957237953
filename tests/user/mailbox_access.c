/*
 * mailbox_access.c - the use of a mailbox: names, rights, arguments, poll,
 * fork, exec and exit. Parley's own. Long, as each argument of each call has a
 * case.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/parley_test.h"

static const struct mailbox_attr small = { .capacity = 4, .message_bytes = 8 };

static int make(const char *name, mode_t mode)
{
	int fd = mailbox_open(name, O_CREAT | O_EXCL | O_RDWR, mode, &small);

	require(fd >= 0);
	return fd;
}

static const struct message empty = { .type = 1, .fd = -1 };

static int send_empty(int fd)
{
	return mailbox_send(fd, &empty, NULL, MAILBOX_NONBLOCK, NULL);
}

static int receive_empty(int fd)
{
	return mailbox_receive(fd, NULL, NULL, 0, MAILBOX_NONBLOCK, NULL);
}

/* ---- Names --------------------------------------------------------------- */

CASE(named_box_is_seen_and_removed_in_the_file_tree)
{
	struct stat status;
	char path[64];

	make("/seen", 0640);
	snprintf(path, sizeof(path), "/ipc/mailbox/seen");
	expect(stat(path, &status) == 0 && (status.st_mode & 0777) == 0640);
	expect(unlink(path) == 0);
	expect_error(mailbox_open("/seen", O_RDWR), ENOENT);
}

static int send_by_name(void)
{
	int fd = mailbox_open("/strangers", O_WRONLY);

	return fd >= 0 && send_empty(fd) == 0 ? 7 : 1;
}

CASE(strangers_meet_by_name)
{
	box = make("/strangers", 0600);
	expect(run_in_child(send_by_name) == 7);
	expect(receive_empty(box) == 0);
	expect(mailbox_unlink("/strangers") == 0);
}

CASE(messages_wait_for_the_next_who_opens_the_name)
{
	int fd = make("/later", 0600);
	struct mailbox_attr attr;

	expect(send_empty(fd) == 0);
	close(fd);
	fd = mailbox_open("/later", O_RDONLY);
	expect(mailbox_getattr(fd, &attr) == 0 && attr.messages == 1);
	expect(receive_empty(fd) == 0 && mailbox_unlink("/later") == 0);
}

CASE(unlinking_leaves_those_who_wait_alone)
{
	pid_t child;

	box = make("/gone", 0600);
	child = start_asleep(receive_one);
	expect(mailbox_unlink("/gone") == 0);
	expect(is_asleep(child) && send_empty(box) == 0);
	expect(result_of(child) == 7);
}

CASE(attributes_of_one_that_is_there_are_not_changed)
{
	struct mailbox_attr attr = { .capacity = 9, .message_bytes = 99 };
	int fd = make("/kept", 0600), again;

	again = mailbox_open("/kept", O_CREAT | O_RDWR, 0600, &attr);
	expect(again >= 0 && mailbox_getattr(again, &attr) == 0);
	expect(attr.capacity == 4 && attr.message_bytes == 8);
	close(fd);
	expect(mailbox_unlink("/kept") == 0);
}

CASE(attributes_may_be_left_out)
{
	struct mailbox_attr attr;
	int fd = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, NULL);

	expect(fd >= 0 && mailbox_getattr(fd, &attr) == 0);
	expect(attr.capacity > 0 && attr.message_bytes >= 1024);
	expect(attr.messages == 0);
}

CASE(bad_names_are_refused)
{
	static char long_name[NAME_MAX + 20];

	expect_error(mailbox_open("/a/b", O_CREAT | O_RDWR, 0600, &small),
		     EINVAL);
	expect_error(mailbox_open("", O_CREAT | O_RDWR, 0600, &small), ENOENT);
	expect_error(mailbox_open("/", O_CREAT | O_RDWR, 0600, &small),
		     ENOENT);
	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[0] = '/';
	expect_error(mailbox_open(long_name, O_CREAT | O_RDWR, 0600, &small),
		     ENAMETOOLONG);
	expect_error(mailbox_unlink(long_name), ENAMETOOLONG);
}

CASE(bad_flags_are_einval)
{
	expect_error(mailbox_open(NULL, O_CREAT | O_TRUNC | O_RDWR, 0600,
				  &small), EINVAL);
	expect_error(mailbox_open(NULL, O_CREAT | O_ACCMODE, 0600, &small),
		     EINVAL);
	new_box(1);
	expect_error(mailbox_send(box, &empty, NULL, 128, NULL), EINVAL);
	expect_error(mailbox_receive(box, NULL, NULL, 0, MAILBOX_SYNC, NULL),
		     EINVAL);
	expect(held() == 0);
}

CASE(bad_fields_of_a_header_are_einval)
{
	struct message bad = empty;

	new_box(1);
	bad.flags = 64;
	expect_error(mailbox_send(box, &bad, NULL, 0, NULL), EINVAL);
	bad = empty;
	bad.receiver = -1;
	expect_error(mailbox_send(box, &bad, NULL, 0, NULL), EINVAL);
	expect(held() == 0);
}

/* ---- Rights -------------------------------------------------------------- */

CASE(read_only_descriptor_only_receives)
{
	struct message request = empty;
	int fd;

	box = make("/ro", 0600);
	fd = mailbox_open("/ro", O_RDONLY);
	expect(fd >= 0 && mailbox_unlink("/ro") == 0);
	expect_error(send_empty(fd), EBADF);
	expect_error(mailbox_call(fd, &request, NULL, NULL, 0, NULL), EBADF);
	expect(send_empty(box) == 0 && receive_empty(fd) == 0);
	expect(!polls(fd, POLLOUT));
}

CASE(write_only_descriptor_only_sends)
{
	struct message request = empty;
	int fd;

	box = make("/wo", 0600);
	fd = mailbox_open("/wo", O_WRONLY);
	expect(fd >= 0 && mailbox_unlink("/wo") == 0);
	expect(send_empty(fd) == 0);
	expect_error(receive_empty(fd), EBADF);
	expect_error(mailbox_reply(fd, &request, NULL), EBADF);
	expect(!polls(fd, POLLIN) && polls(box, POLLIN));
}

static int other_user(void)
{
	require(setuid(1000) == 0);
	expect_error(mailbox_open("/private", O_RDONLY), EACCES);
	expect_error(mailbox_open("/private", O_WRONLY), EACCES);
	expect(mailbox_open("/public", O_WRONLY) >= 0);
	expect_error(mailbox_open("/public", O_RDWR), EACCES);
	expect(mailbox_unlink("/private") == -1);
	return case_failed ? 1 : 7;
}

CASE(mode_says_who_may_open)
{
	umask(0);
	make("/private", 0600);
	make("/public", 0622);
	expect(run_in_child(other_user) == 7);
	expect(mailbox_unlink("/private") == 0);
	expect(mailbox_unlink("/public") == 0);
}

CASE(umask_takes_rights_away)
{
	struct stat status;

	umask(027);
	make("/masked", 0666);
	expect(stat("/ipc/mailbox/masked", &status) == 0);
	expect((status.st_mode & 0777) == 0640);
	expect(mailbox_unlink("/masked") == 0);
}

/* ---- Pointers, call by call ---------------------------------------------- */

CASE(bad_pointers_are_efault_and_change_nothing)
{
	struct message request = empty;
	struct mailbox_attr attr;
	int fd = make("/pointers", 0600);

	expect_error(mailbox_open(nowhere, O_RDWR), EFAULT);
	expect_error(mailbox_open(NULL, O_CREAT | O_RDWR, 0600, nowhere),
		     EFAULT);
	expect_error(mailbox_unlink(nowhere), EFAULT);
	expect_error(mailbox_getattr(fd, nowhere), EFAULT);
	expect_error(mailbox_send(fd, nowhere, NULL, 0, NULL), EFAULT);
	expect_error(mailbox_send(fd, &empty, NULL, 0, nowhere), EFAULT);
	request.bytes = 4;
	expect_error(mailbox_send(fd, &request, nowhere, 0, NULL), EFAULT);
	expect(mailbox_getattr(fd, &attr) == 0 && attr.messages == 0);
	expect_error(mailbox_call(fd, nowhere, "", NULL, 0, NULL), EFAULT);
	expect_error(mailbox_call(fd, &request, nowhere, NULL, 0, NULL),
		     EFAULT);
	expect_error(mailbox_call(fd, &request, "abc", NULL, 0, nowhere),
		     EFAULT);
	expect(mailbox_getattr(fd, &attr) == 0 && attr.messages == 0);
	expect(mailbox_send(fd, &request, "abc", 0, NULL) == 0);
	expect_error(mailbox_receive(fd, nowhere, body, 8, 0, NULL), EFAULT);
	expect_error(mailbox_receive(fd, NULL, nowhere, 8, 0, NULL), EFAULT);
	expect_error(mailbox_receive(fd, NULL, body, 8, 0, nowhere), EFAULT);
	expect(mailbox_getattr(fd, &attr) == 0 && attr.messages == 1);
	expect_error(mailbox_reply(fd, nowhere, NULL), EFAULT);
	expect_error(message_send(getpid(), nowhere, NULL, 0, NULL), EFAULT);
	expect_error(message_send(getpid(), &request, nowhere, 0, NULL),
		     EFAULT);
	expect_error(message_receive(0, nowhere, body, 8, 0, NULL), EFAULT);
	expect(mailbox_unlink("/pointers") == 0);
}

CASE(kernel_addresses_are_efault)
{
	char *kernel = (char *)0xc0100000;
	struct message request = { .bytes = 8, .fd = -1 };

	new_box(1);
	expect_error(mailbox_send(box, &request, kernel, 0, NULL), EFAULT);
	expect(mailbox_send(box, &request, "1234567", 0, NULL) == 0);
	expect_error(mailbox_receive(box, NULL, kernel, 8, 0, NULL), EFAULT);
	expect_error(mailbox_receive(box, (void *)kernel, body, 8, 0, NULL),
		     EFAULT);
	expect_error(mailbox_receive(box, NULL, (void *)-4, 8, 0, NULL),
		     EFAULT);
	expect(held() == 1);
}

CASE(calls_on_what_is_no_box_are_ebadf)
{
	struct message request = empty;
	struct mailbox_attr attr;

	for (int fd = -1; fd <= 99; fd += 50) {
		if (fd == 49)
			require(dup2(STDOUT_FILENO, fd) == fd);
		expect_error(mailbox_getattr(fd, &attr), EBADF);
		expect_error(send_empty(fd), EBADF);
		expect_error(receive_empty(fd), EBADF);
		expect_error(mailbox_call(fd, &request, NULL, NULL, 0, NULL),
			     EBADF);
		expect_error(mailbox_reply(fd, &request, NULL), EBADF);
	}
}

CASE(box_is_no_stream_of_bytes)
{
	char byte = 0;

	new_box(1);
	expect_error(read(box, &byte, 1), EINVAL);
	expect_error(write(box, &byte, 1), EINVAL);
	expect_error(lseek(box, 0, SEEK_SET), ESPIPE);
}

/* ---- poll ---------------------------------------------------------------- */

CASE(poll_tells_of_messages_and_room)
{
	new_box(2);
	expect(polls(box, POLLIN | POLLOUT) == POLLOUT);
	put(1, "x", 0);
	expect(polls(box, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
	put(1, "x", 0);
	expect(polls(box, POLLIN | POLLOUT) == POLLIN);
	take(0, 0, 0);
	expect(polls(box, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
}

CASE(poll_of_an_unbounded_box_always_has_room)
{
	new_box(MAILBOX_UNBOUNDED);
	for (int i = 0; i < 100; i++)
		put(1, "x", 0);
	expect(polls(box, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
}

CASE(poll_of_a_rendezvous_tells_who_waits)
{
	pid_t child;

	new_box(0);
	expect(!polls(box, POLLIN | POLLOUT));
	child = start_asleep(send_one);
	expect(polls(box, POLLIN | POLLOUT) == POLLIN && held() == 0);
	kill_and_wait(child);
	expect(!polls(box, POLLIN | POLLOUT));
	child = start_asleep(receive_one);
	expect(polls(box, POLLIN | POLLOUT) == POLLOUT);
	expect(put(1, "x", MAILBOX_NONBLOCK) == 0);
	expect(result_of(child) == 7);
	expect(!polls(box, POLLIN | POLLOUT));
}

static int poll_for_ever(int events)
{
	struct pollfd one = { .fd = box, .events = events };

	return poll(&one, 1, -1) == 1 && one.revents == events ? 7 : 1;
}

static int wait_for_message(void)
{
	return poll_for_ever(POLLIN);
}

static int wait_for_room(void)
{
	return poll_for_ever(POLLOUT);
}

CASE(poll_wakes_when_a_message_comes)
{
	pid_t child;

	new_box(2);
	child = start_asleep(wait_for_message);
	put(1, "x", 0);
	expect(result_of(child) == 7);
}

CASE(poll_wakes_when_there_is_room_again)
{
	pid_t child;

	new_box(1);
	put(1, "x", 0);
	child = start_asleep(wait_for_room);
	take(0, 0, 0);
	expect(result_of(child) == 7);
}

CASE(poll_wakes_when_somebody_comes_to_a_rendezvous)
{
	pid_t poller, other;

	new_box(0);
	poller = start_asleep(wait_for_message);
	other = start_asleep(send_one);
	expect(result_of(poller) == 7);
	expect(take(0, 0, 0) == 15 && result_of(other) == 7);
	poller = start_asleep(wait_for_room);
	other = start_asleep(receive_one);
	expect(result_of(poller) == 7);
	put(1, "x", 0);
	expect(result_of(other) == 7);
}

/* ---- fork, exec, exit ---------------------------------------------------- */

static int send_and_leave(void)
{
	return send_empty(box) == 0 ? 7 : 1;
}

CASE(message_outlives_its_sender)
{
	pid_t child;

	new_box(2);
	child = start(send_and_leave);
	expect(result_of(child) == 7);
	expect(take(0, child, MAILBOX_NONBLOCK) == 0);
}

static int exec_and_sleep(void)
{
	if (mailbox_receive(box, NULL, body, BYTES, 0, NULL) < 0)
		return 1;
	fcntl(box, F_SETFD, FD_CLOEXEC);
	execl("/bin/sleep", "sleep", "1000", NULL);
	return 2;
}

CASE(exec_that_closes_the_box_ends_the_calls_with_epipe)
{
	pid_t child;

	new_box(2);
	child = start(exec_and_sleep);
	expect_error(call("x"), EPIPE);
	kill_and_wait(child);
}

CASE(box_opened_with_cloexec_is_closed_by_exec)
{
	box = mailbox_open(NULL, O_CREAT | O_RDWR | O_CLOEXEC, 0600, &small);
	expect(box >= 0 && fcntl(box, F_GETFD) == FD_CLOEXEC);
	new_box(1);
	expect(fcntl(box, F_GETFD) == 0);
}

static int take_close_one_and_reply(void)
{
	int copy = dup(box);

	if (mailbox_receive(box, &head, body, BYTES, 0, NULL) < 0)
		return 1;
	close(box);
	head.fd = -1;
	return mailbox_reply(copy, &head, body) == 0 ? 7 : 2;
}

CASE(second_descriptor_of_the_server_keeps_the_call_alive)
{
	pid_t child;

	new_box(2);
	child = start(take_close_one_and_reply);
	expect(call("abc") == 4 && strcmp(body, "abc") == 0);
	expect(result_of(child) == 7);
}

/* ---- Full ---------------------------------------------------------------- */

CASE(no_number_for_a_box_is_emfile)
{
	while (dup(STDOUT_FILENO) >= 0)
		;
	expect_error(mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &small),
		     EMFILE);
	expect_error(mailbox_open("/emfile", O_CREAT | O_RDWR, 0600, &small),
		     EMFILE);
	expect_error(mailbox_unlink("/emfile"), ENOENT);
}

CASE(memory_of_an_unbounded_box_ends_in_enomem)
{
	struct message message = { .bytes = 65536, .fd = -1 };
	static char large[65536];
	long sent = 0;

	box = private_box(MAILBOX_UNBOUNDED, sizeof(large));
	while (sent < 1000 &&
	       mailbox_send(box, &message, large, 0, NULL) == 0)
		sent++;
	expect(errno == ENOMEM && sent > 100 && held() == sent);
	expect_error(mailbox_send(box, &message, large, MAILBOX_NONBLOCK,
				  NULL), ENOMEM);
	expect(!polls(box, POLLOUT));
	expect(mailbox_receive(box, NULL, large, sizeof(large), 0, NULL) ==
	       sizeof(large));
	expect(polls(box, POLLOUT) == POLLOUT);
	expect(mailbox_send(box, &message, large, 0, NULL) == 0);
}

CASE(limits_can_be_asked_for)
{
	expect(sysconf(_SC_MAILBOX_MESSAGE_BYTES_MAX) ==
	       MAILBOX_MESSAGE_BYTES_MAX);
	expect(sysconf(_SC_MAILBOX_BYTES_MAX) == MAILBOX_BYTES_MAX);
}

/* ---- Failed allocations and copies --------------------------------------- */

static int round_trip(void)
{
	static const char text[5000] = "long enough for a page of its own";
	static char got[5000];
	struct message message = {
		.bytes = sizeof(text), .flags = MESSAGE_HAS_FD, .fd = 1,
	};
	int fd = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, NULL);
	int error, result = -1;

	if (fd < 0)
		return -1;
	message.bytes = 4000;
	if (mailbox_send(fd, &message, text, 0, NULL) == 0 &&
	    mailbox_receive(fd, &message, got, sizeof(got), 0, NULL) == 4000)
		result = close(message.fd);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

static void fail_each(long (*fail)(long), int first, int second)
{
	long left = 0;

	require(round_trip() == 0);
	for (long n = 1; n < 100 && test_is_possible(); n++) {
		fail(n);
		if (round_trip() != 0)
			expect(errno == first || errno == second);
		left = fail(0);
		if (left != 0)
			break;
	}
	expect(round_trip() == 0);
}

CASE(each_failed_allocation_is_an_errno)
{
	fail_each(test_fail_alloc, ENOMEM, EMFILE);
}

CASE(each_failed_copy_is_efault)
{
	fail_each(test_fail_copy, EFAULT, EFAULT);
}

/* The first receive has its pages of the child's own, copied after the fork. */
static int receive_of_type_7_without_memory(void)
{
	if (take(7, 0, MAILBOX_NONBLOCK) != -1 || test_fail_alloc(1) != 0)
		return 1;
	return take(7, 0, 0) >= 0 && test_fail_alloc(0) == 1 ? 7 : 2;
}

/* A receiver with a selection waits without an allocation. */
CASE(selecting_receiver_waits_without_memory)
{
	pid_t child;

	if (!test_is_possible())
		return;
	new_box(2);
	child = start_asleep(receive_of_type_7_without_memory);
	put(7, "x", 0);
	expect(result_of(child) == 7);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
