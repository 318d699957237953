/*
 * inet_stream.c - TCP on the loopback: connections, bytes, ends and errors. Any
 * POSIX system.
 */
#define _GNU_SOURCE
#include "tests/user/inet.h"

static int ends[2];
static char buffer[4096];

/* ---- Connections --------------------------------------------------------- */

CASE(client_reaches_the_listener)
{
	struct sockaddr_in peer, own;
	socklen_t bytes = sizeof(peer);
	int listener = listening(5), client, server;

	client = socket(AF_INET, SOCK_STREAM, 0);
	require(connect_to(client, listener) == 0);
	server = accept(listener, (struct sockaddr *)&peer, &bytes);
	require(server >= 0);
	own = name_of(client);
	expect(bytes == sizeof(peer) && peer.sin_family == AF_INET);
	expect(peer.sin_port == own.sin_port &&
	       peer.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	expect(getpeername(client, (struct sockaddr *)&peer, &bytes) == 0);
	expect(peer.sin_port == name_of(listener).sin_port);
}

static int accept_one(void)
{
	return accept(ends[0], NULL, NULL) >= 0 ? 0 : errno;
}

CASE(accept_sleeps_until_a_client_comes)
{
	pid_t server;
	int client = socket(AF_INET, SOCK_STREAM, 0);

	ends[0] = listening(5);
	server = start(accept_one);
	until_asleep(server);
	expect(connect_to(client, ends[0]) == 0);
	expect(result_of(server) == 0);
}

CASE(no_listener_refuses)
{
	int free_port = bound(SOCK_STREAM);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in place = name_of(free_port);

	close(free_port);
	expect_error(connect(fd, (struct sockaddr *)&place, sizeof(place)),
		     ECONNREFUSED);
}

CASE(connect_without_waiting_tells_by_poll)
{
	int listener = listening(5), fd = socket(AF_INET, SOCK_STREAM, 0);
	int error = -1;
	socklen_t bytes = sizeof(error);

	no_wait(fd);
	if (connect_to(fd, listener) != 0)
		expect(errno == EINPROGRESS);
	expect(wait_for_events(fd, POLLOUT) & POLLOUT);
	expect(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes) == 0);
	expect(error == 0);
	/* Linux answers 0 the first time. */
	expect(connect_to(fd, listener) == 0 || errno == EISCONN);
}

CASE(refused_connect_without_waiting_tells_by_so_error)
{
	int free_port = bound(SOCK_STREAM);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in place = name_of(free_port);
	int error = 0;
	socklen_t bytes = sizeof(error);

	close(free_port);
	no_wait(fd);
	if (connect(fd, (struct sockaddr *)&place, sizeof(place)) < 0 &&
	    errno == EINPROGRESS) {
		wait_for_events(fd, POLLOUT);
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes);
		expect(error == ECONNREFUSED);
	}
}

CASE(accept_without_waiting_is_eagain)
{
	int listener = listening(5);

	no_wait(listener);
	expect_error(accept(listener, NULL, NULL), EAGAIN);
	expect(events_of(listener, POLLIN) == 0);
}

CASE(taken_port_is_refused)
{
	int listener = listening(5), fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in place = name_of(listener);

	expect_error(bind(fd, (struct sockaddr *)&place, sizeof(place)),
		     EADDRINUSE);
}

CASE(foreign_address_is_refused)
{
	struct sockaddr_in place = place_of(0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	place.sin_addr.s_addr = htonl(0x01020304);
	expect_error(bind(fd, (struct sockaddr *)&place, sizeof(place)),
		     EADDRNOTAVAIL);
	place.sin_addr.s_addr = 0;
	expect_error(bind(fd, (struct sockaddr *)&place, 4), EINVAL);
}

CASE(accept_of_no_listener_is_einval)
{
	expect_error(accept(bound(SOCK_STREAM), NULL, NULL), EINVAL);
	expect_error(accept(bound(SOCK_DGRAM), NULL, NULL), EOPNOTSUPP);
}

CASE(unaccepted_client_can_already_write)
{
	int listener = listening(5), client = socket(AF_INET, SOCK_STREAM, 0);
	int server;

	require(connect_to(client, listener) == 0);
	expect(write(client, "early", 5) == 5);
	server = accept(listener, NULL, NULL);
	expect(read(server, buffer, sizeof(buffer)) == 5);
}

/* ---- Bytes --------------------------------------------------------------- */

CASE(bytes_arrive_in_order_both_ways)
{
	open_connection(ends);
	expect(write(ends[0], "there", 5) == 5);
	expect(write(ends[1], "back", 4) == 4);
	expect(read(ends[1], buffer, sizeof(buffer)) == 5);
	expect(memcmp(buffer, "there", 5) == 0);
	expect(read(ends[0], buffer, sizeof(buffer)) == 4);
}

static int write_megabyte(void)
{
	static char block[8192];

	close(ends[1]);
	for (int i = 0; i < 128; i++) {
		memset(block, i, sizeof(block));
		if (write(ends[0], block, sizeof(block)) != sizeof(block))
			return 1;
	}
	return 0;
}

CASE(megabyte_arrives_whole)
{
	pid_t writer;
	int total = 0, wrong = 0;
	ssize_t bytes;

	open_connection(ends);
	writer = start(write_megabyte);
	close(ends[0]);
	while ((bytes = read(ends[1], buffer, sizeof(buffer))) > 0)
		for (int i = 0; i < bytes; i++, total++)
			wrong += (unsigned char)buffer[i] != total / 8192;
	expect(bytes == 0 && total == 128 * 8192 && wrong == 0);
	expect(result_of(writer) == 0);
}

#define QUESTION_BYTES	20000

static int answer_questions(void)
{
	static char question[QUESTION_BYTES];

	close(ends[0]);
	while (recv(ends[1], question, sizeof(question), MSG_WAITALL) ==
	       QUESTION_BYTES)
		write(ends[1], "a", 1);
	return 0;
}

/* Held back until the peer confirms the first bytes, the rest of each question
 * would come some 50 ms later. */
CASE(rest_of_a_long_write_is_not_held_back)
{
	static char question[QUESTION_BYTES];
	struct timespec begin, end;
	pid_t peer;

	open_connection(ends);
	peer = start(answer_questions);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < 20; i++) {
		expect(write(ends[0], question, QUESTION_BYTES) ==
		       QUESTION_BYTES);
		expect(read(ends[0], buffer, 1) == 1);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	expect((end.tv_sec - begin.tv_sec) * 1000 +
	       (end.tv_nsec - begin.tv_nsec) / 1000000 < 500);
	close(ends[0]);
	close(ends[1]);
	expect(result_of(peer) == 0);
}

CASE(writer_without_a_reader_fills_and_stops)
{
	size_t total = 0;
	ssize_t bytes;

	open_connection(ends);
	no_wait(ends[0]);
	while ((bytes = write(ends[0], buffer, sizeof(buffer))) > 0 ||
	       wait_for_events(ends[0], POLLOUT))
		total += bytes > 0 ? bytes : 0;
	expect(errno == EAGAIN && total > 0 && total < 64 << 20);
	expect(events_of(ends[0], POLLOUT) == 0);
	no_wait(ends[1]);
	while (total > 0 && wait_for_events(ends[1], POLLIN) &&
	       (bytes = read(ends[1], buffer, sizeof(buffer))) > 0)
		total -= bytes;
	expect(total == 0);
	expect(wait_for_events(ends[0], POLLOUT) & POLLOUT);
}

CASE(peek_leaves_the_bytes)
{
	open_connection(ends);
	expect(write(ends[0], "abc", 3) == 3);
	expect(recv(ends[1], buffer, 2, MSG_PEEK) == 2);
	expect(recv(ends[1], buffer, 9, 0) == 3);
	expect_error(recv(ends[1], buffer, 9, MSG_DONTWAIT), EAGAIN);
}

static int write_two_parts(void)
{
	struct timespec moment = { 0, 20000000 };

	write(ends[0], "ab", 2);
	nanosleep(&moment, NULL);
	write(ends[0], "cd", 2);
	return 0;
}

CASE(waitall_waits_for_all)
{
	pid_t writer;

	open_connection(ends);
	writer = start(write_two_parts);
	expect(recv(ends[1], buffer, 4, MSG_WAITALL) == 4);
	expect(memcmp(buffer, "abcd", 4) == 0);
	expect(result_of(writer) == 0);
}

CASE(receive_gives_up_after_its_timeout)
{
	struct timeval moment = { 0, 20000 };

	open_connection(ends);
	expect(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &moment,
			  sizeof(moment)) == 0);
	expect_error(recv(ends[0], buffer, 1, 0), EAGAIN);
}

/* ---- Ends ---------------------------------------------------------------- */

CASE(close_is_the_end_of_file)
{
	open_connection(ends);
	expect(write(ends[0], "last", 4) == 4);
	close(ends[0]);
	expect(read(ends[1], buffer, sizeof(buffer)) == 4);
	expect(read(ends[1], buffer, sizeof(buffer)) == 0);
	expect(read(ends[1], buffer, sizeof(buffer)) == 0);
}

CASE(half_closed_connection_still_answers)
{
	open_connection(ends);
	expect(write(ends[0], "question", 8) == 8);
	expect(shutdown(ends[0], SHUT_WR) == 0);
	expect(read(ends[1], buffer, sizeof(buffer)) == 8);
	expect(read(ends[1], buffer, sizeof(buffer)) == 0);
	expect(write(ends[1], "answer", 6) == 6);
	expect(read(ends[0], buffer, sizeof(buffer)) == 6);
	signal(SIGPIPE, SIG_IGN);
	expect_error(write(ends[0], "x", 1), EPIPE);
}

CASE(unread_bytes_reset_the_peer)
{
	open_connection(ends);
	expect(write(ends[0], "unread", 6) == 6);
	expect(wait_for_events(ends[1], POLLIN) & POLLIN);
	close(ends[1]);
	wait_for_events(ends[0], POLLIN);
	expect_error(read(ends[0], buffer, 1), ECONNRESET);
}

/* The end that closes has ended its own direction before. */
CASE(unread_bytes_after_a_half_close_let_the_peer_wait)
{
	open_connection(ends);
	expect(shutdown(ends[1], SHUT_WR) == 0);
	while (send(ends[0], buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
		;
	expect(errno == EAGAIN);
	close(ends[1]);
	wait_for_events(ends[0], POLLOUT);
	expect(send(ends[0], buffer, 1, MSG_NOSIGNAL) == -1 &&
	       (errno == ECONNRESET || errno == EPIPE));
}

CASE(linger_of_no_time_resets_the_peer)
{
	struct linger linger = { 1, 0 };

	open_connection(ends);
	expect(setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &linger,
			  sizeof(linger)) == 0);
	close(ends[0]);
	wait_for_events(ends[1], POLLIN);
	expect_error(read(ends[1], buffer, 1), ECONNRESET);
	expect(read(ends[1], buffer, 1) == 0);
}

static int close_and_linger(void)
{
	struct linger linger = { 1, 20 };

	close(ends[1]);
	expect(write(ends[0], "last", 4) == 4);
	expect(setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &linger,
			  sizeof(linger)) == 0);
	expect(close(ends[0]) == 0);
	return case_failed;
}

CASE(lingering_close_loses_no_byte)
{
	pid_t writer;

	open_connection(ends);
	writer = start(close_and_linger);
	close(ends[0]);
	expect(result_of(writer) == 0);
	expect(read(ends[1], buffer, sizeof(buffer)) == 4);
	expect(read(ends[1], buffer, sizeof(buffer)) == 0);
}

static int marks[2];

/* The reader does not read, so the bytes stay here. */
static int fill_and_linger(void)
{
	struct linger linger = { 1, 20 };

	close(ends[1]);
	no_wait(ends[0]);
	while (write(ends[0], buffer, sizeof(buffer)) > 0 ||
	       wait_for_events(ends[0], POLLOUT))
		;
	fcntl(ends[0], F_SETFL, O_RDWR);
	setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	write(marks[1], "x", 1);
	return close(ends[0]) == 0 ? 0 : 1;
}

CASE(lingering_close_waits_for_the_reader)
{
	pid_t writer;

	require(pipe(marks) == 0);
	open_connection(ends);
	writer = start(fill_and_linger);
	close(ends[0]);
	expect(read(marks[0], buffer, 1) == 1);
	until_asleep(writer);
	expect(is_asleep(writer));
	while (read(ends[1], buffer, sizeof(buffer)) > 0)
		;
	expect(result_of(writer) == 0);
}

/* Ends by exit, or by exec, which closes the socket. */
static int write_and_exit(void)
{
	write(ends[0], "last", 4);
	return 0;
}

static int write_and_exec(void)
{
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	write(ends[0], "last", 4);
	execl("/bin/sleep", "sleep", "1000", (char *)NULL);
	return errno;
}

/* The child closes the last descriptor; seconds of linger. */
static pid_t end_of_child(int (*child)(void), int seconds)
{
	struct linger linger = { 1, seconds };
	pid_t pid;

	open_connection(ends);
	require(setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &linger,
			   sizeof(linger)) == 0);
	pid = start(child);
	close(ends[0]);
	return pid;
}

static void loses_no_byte(int (*child)(void))
{
	pid_t pid = end_of_child(child, 20);

	expect(recv(ends[1], buffer, sizeof(buffer), MSG_WAITALL) == 4);
	expect(memcmp(buffer, "last", 4) == 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void resets_the_peer(int (*child)(void))
{
	pid_t pid = end_of_child(child, 0);
	ssize_t bytes;

	do {		/* the bytes may come before the reset */
		bytes = read(ends[1], buffer, sizeof(buffer));
	} while (bytes > 0);
	expect(bytes == -1 && errno == ECONNRESET);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

CASE(exit_of_a_lingering_writer_loses_no_byte)
{
	loses_no_byte(write_and_exit);
}

CASE(exec_of_a_lingering_writer_loses_no_byte)
{
	loses_no_byte(write_and_exec);
}

CASE(exit_with_linger_of_no_time_resets_the_peer)
{
	resets_the_peer(write_and_exit);
}

CASE(exec_with_linger_of_no_time_resets_the_peer)
{
	resets_the_peer(write_and_exec);
}

CASE_DIES(write_to_a_reset_connection_is_sigpipe, SIGPIPE)
{
	struct linger linger = { 1, 0 };

	open_connection(ends);
	setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(ends[0]);
	wait_for_events(ends[1], POLLIN);
	read(ends[1], buffer, 1);
	write(ends[1], "x", 1);
}

CASE(nosignal_send_is_epipe)
{
	open_connection(ends);
	expect(shutdown(ends[0], SHUT_WR) == 0);
	expect_error(send(ends[0], "x", 1, MSG_NOSIGNAL), EPIPE);
}

CASE(unconnected_socket_is_enotconn)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	expect_error(recv(fd, buffer, 1, 0), ENOTCONN);
	expect_error(shutdown(fd, SHUT_RDWR), ENOTCONN);
	expect_error(getpeername(fd, (struct sockaddr *)buffer,
				 &(socklen_t){ sizeof(buffer) }), ENOTCONN);
	/* Linux has EPIPE here, and POSIX ENOTCONN. */
	expect(send(fd, "x", 1, MSG_NOSIGNAL) < 0);
}

static int read_one(void)
{
	close(ends[1]);
	return read(ends[0], buffer, 1) == 0 ? 0 : 1;
}

CASE(sleeping_reader_wakes_at_the_end)
{
	pid_t reader;

	open_connection(ends);
	reader = start(read_one);
	until_asleep(reader);
	close(ends[1]);
	expect(result_of(reader) == 0);
}

/* ---- Options ------------------------------------------------------------- */

CASE(options_keep_their_value)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, value = 0;
	socklen_t bytes = sizeof(value);

	expect(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0);
	expect(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &bytes) == 0);
	expect(value != 0);
	expect(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) == 0);
	value = 0;
	expect(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &bytes) == 0);
	expect(value != 0);
	expect(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &bytes) == 0);
	expect(value == SOCK_STREAM);
	expect(getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &bytes) == 0);
	expect(value == 0);
	fd = listening(1);
	expect(getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &bytes) == 0);
	expect(value == 1);
	expect_error(setsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, bytes),
		     ENOPROTOOPT);
}

CASE(accepted_socket_has_the_options_of_its_listener)
{
	int listener = listening(1), on = 1, value = 0, server;
	socklen_t bytes = sizeof(value);

	expect(setsockopt(listener, SOL_SOCKET, SO_KEEPALIVE, &on, bytes) == 0);
	expect(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, bytes) == 0);
	require(connect_to(socket(AF_INET, SOCK_STREAM, 0), listener) == 0);
	server = accept(listener, NULL, NULL);
	require(server >= 0);
	expect(getsockopt(server, SOL_SOCKET, SO_KEEPALIVE, &value,
			  &bytes) == 0 && value != 0);
	value = 0;
	expect(getsockopt(server, IPPROTO_TCP, TCP_NODELAY, &value,
			  &bytes) == 0 && value != 0);
}

CASE(peer_without_credentials_is_not_root)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct ucred peer = { 1, 0, 0 };
	socklen_t bytes = sizeof(peer);

	expect(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) == 0);
	expect(peer.pid == 0 && peer.uid == (uid_t)-1);
}

CASE(unknown_families_and_types_are_refused)
{
	expect_error(socket(999, SOCK_STREAM, 0), EAFNOSUPPORT);
	expect_error(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP),
		     EPROTONOSUPPORT);
}

int main(int argc, char **argv)
{
	return run_inet_cases(argc, argv);
}
