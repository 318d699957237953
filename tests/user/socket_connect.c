/*
 * socket_connect.c - servers and clients on local sockets: names, backlogs,
 * connections and their ends. Any POSIX system. Long, since the states of a
 * connection are many.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tests/user/helpers.h"

static char name[64], byte, buffer[256];
static int server, backlog = 4, type = SOCK_STREAM;

static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	return address;
}

static int bind_to(int fd, const char *path)
{
	struct sockaddr_un address = address_of(path);

	return bind(fd, (struct sockaddr *)&address, sizeof(address));
}

static int connect_to(int fd, const char *path)
{
	struct sockaddr_un address = address_of(path);

	return connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static int new_socket(int flags)
{
	int fd = socket(AF_UNIX, type | flags, 0);

	require(fd >= 0);
	return fd;
}

/* Every case removes its name: a name that stays would count as a leak. */
static void open_server(void)
{
	snprintf(name, sizeof(name), "/tmp/s%d", (int)getpid());
	unlink(name);
	server = new_socket(0);
	require(bind_to(server, name) == 0);
	require(listen(server, backlog) == 0);
}

static void remove_name(void)
{
	expect(unlink(name) == 0);
}

static int new_client(int flags)
{
	int fd = new_socket(flags);

	require(connect_to(fd, name) == 0);
	return fd;
}

static int events_of(int fd)
{
	struct pollfd entry = { fd, POLLIN | POLLOUT, 0 };

	require(poll(&entry, 1, 0) >= 0);
	return entry.revents;
}

/* ---- The way of a connection --------------------------------------------- */

CASE(bytes_go_both_ways_after_accept)
{
	int client, peer;

	open_server();
	client = new_client(0);
	peer = accept(server, NULL, NULL);
	require(peer >= 0);
	expect(write(client, "abc", 3) == 3);
	expect(read(peer, buffer, 9) == 3 && memcmp(buffer, "abc", 3) == 0);
	expect(write(peer, "defg", 4) == 4);
	expect(read(client, buffer, 9) == 4 && memcmp(buffer, "defg", 4) == 0);
	remove_name();
}

CASE(bytes_before_accept_are_not_lost)
{
	int client, peer;

	open_server();
	client = new_client(0);
	expect(write(client, "early", 5) == 5);
	close(client);
	peer = accept(server, NULL, NULL);
	expect(read(peer, buffer, 9) == 5 && memcmp(buffer, "early", 5) == 0);
	expect(read(peer, buffer, 9) == 0);
	remove_name();
}

static int accept_and_read(void)
{
	int peer = accept(server, NULL, NULL);

	return peer >= 0 && read(peer, &byte, 1) == 1 ? byte : 100;
}

CASE(sleeping_accept_wakes_for_a_client)
{
	pid_t child;

	open_server();
	child = start(accept_and_read);
	until_asleep(child);
	expect(write(new_client(0), "k", 1) == 1);
	expect(result_of(child) == 'k');
	remove_name();
}

CASE(clients_are_accepted_in_the_order_of_connect)
{
	int peer;

	open_server();
	for (char c = 'a'; c < 'd'; c++)
		expect(write(new_client(0), &c, 1) == 1);
	for (char c = 'a'; c < 'd'; c++) {
		peer = accept(server, NULL, NULL);
		expect(read(peer, &byte, 1) == 1 && byte == c);
	}
	remove_name();
}

CASE(second_accept_sleeps_on)
{
	pid_t first, second;
	int done;

	open_server();
	first = start(accept_and_read);
	until_asleep(first);
	second = start(accept_and_read);
	until_asleep(second);
	expect(write(new_client(0), "1", 1) == 1);
	expect(result_of(first) == '1');
	until_asleep(second);
	expect(waitpid(second, &done, WNOHANG) == 0);
	expect(write(new_client(0), "2", 1) == 1);
	expect(result_of(second) == '2');
	remove_name();
}

/* ---- The backlog --------------------------------------------------------- */

/* Connect until the backlog is full; how many. */
static int fill_backlog(void)
{
	int fd, count = 0;

	for (;; count++) {
		fd = new_socket(SOCK_NONBLOCK);
		if (connect_to(fd, name) != 0)
			break;
	}
	expect(errno == EAGAIN);
	close(fd);
	return count;
}

static int connect_and_write(void)
{
	int fd = new_client(0);

	return write(fd, "x", 1) == 1 ? 0 : errno;
}

CASE(full_backlog_makes_connect_wait_for_accept)
{
	pid_t child;
	int count;

	open_server();
	count = fill_backlog();
	expect(count >= backlog);
	child = start(connect_and_write);
	until_asleep(child);
	expect(accept(server, NULL, NULL) >= 0);
	expect(result_of(child) == 0);
	while (--count > 0)
		expect(accept(server, NULL, NULL) >= 0);
	expect(accept_and_read() == 'x');
	remove_name();
}

static int connect_refused(void)
{
	return connect_to(new_socket(0), name) == 0 ? 0 : errno;
}

static int connect_without_server(void)
{
	close(server);
	return connect_refused();
}

CASE(sleeping_connect_ends_when_the_last_server_goes)
{
	pid_t child;

	open_server();
	fill_backlog();
	child = start(connect_without_server);
	until_asleep(child);
	close(server);
	expect(result_of(child) == ECONNREFUSED);
	remove_name();
}

CASE(client_that_was_never_accepted_gets_econnreset)
{
	int client;

	open_server();
	client = new_client(0);
	close(server);
	expect_error(read(client, &byte, 1), ECONNRESET);
	remove_name();
}

CASE(accept_without_a_free_number_leaves_the_connection)
{
	int client, last = -1, fd;

	open_server();
	client = new_client(0);
	while ((fd = dup(server)) >= 0)
		last = fd;
	expect_error(accept(server, NULL, NULL), EMFILE);
	close(last);
	fd = accept(server, NULL, NULL);
	expect(fd == last);
	expect(write(fd, "x", 1) == 1 && read(client, &byte, 1) == 1);
	remove_name();
}

static int fail_to_accept(void)
{
	while (dup(server) >= 0)
		;
	return accept(server, NULL, NULL) < 0 ? errno : 0;
}

CASE(failed_accept_does_not_count_for_the_client)
{
	int client;
	pid_t child;

	open_server();
	client = new_client(0);
	child = start(fail_to_accept);
	expect(result_of(child) == EMFILE);
	close(server);
	expect_error(read(client, &byte, 1), ECONNRESET);
	remove_name();
}

CASE(interrupted_connect_is_eintr)
{
	pid_t child;

	set_handler(SIGUSR1, catch_it, 0);
	open_server();
	fill_backlog();
	child = start(connect_refused);
	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == EINTR);
	remove_name();
}

CASE(send_timeout_ends_a_connect)
{
	const struct timeval timeout = { 0, 20000 };
	int fd;

	open_server();
	fill_backlog();
	fd = new_socket(0);
	expect(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout,
			  sizeof(timeout)) == 0);
	expect_error(connect_to(fd, name), EAGAIN);
	remove_name();
}

/* ---- Names --------------------------------------------------------------- */

CASE(bind_makes_a_socket_with_mode_and_owner)
{
	struct stat status;

	umask(027);
	open_server();
	require(stat(name, &status) == 0);
	expect(S_ISSOCK(status.st_mode));
	expect((status.st_mode & 0777) == 0750);
	expect(status.st_uid == geteuid());
	expect_error(open(name, O_RDWR), ENXIO);
	remove_name();
}

CASE(name_in_use_is_refused)
{
	int second = new_socket(0);

	open_server();
	expect_error(bind_to(second, name), EADDRINUSE);
	close(server);
	expect_error(bind_to(second, name), EADDRINUSE);
	remove_name();
	expect(bind_to(second, name) == 0);
	expect_error(bind_to(second, "/tmp/other"), EINVAL);
	remove_name();
}

CASE(name_without_a_server_refuses)
{
	int client = new_socket(0), plain;

	open_server();
	close(server);
	expect_error(connect_to(client, name), ECONNREFUSED);
	remove_name();
	expect_error(connect_to(client, name), ENOENT);
	plain = open(name, O_CREAT | O_WRONLY, 0600);
	require(plain >= 0);
	expect_error(connect_to(client, name), ECONNREFUSED);
	remove_name();
}

CASE(removed_name_leads_to_no_server_and_connections_stay)
{
	int client;

	open_server();
	client = new_client(0);
	remove_name();
	expect_error(connect_to(new_socket(0), name), ENOENT);
	expect(write(client, "y", 1) == 1);
	expect(accept_and_read() == 'y');
}

CASE(bound_socket_that_does_not_listen_refuses)
{
	int fd = new_socket(0);

	snprintf(name, sizeof(name), "/tmp/b%d", (int)getpid());
	require(bind_to(fd, name) == 0);
	expect_error(connect_to(new_socket(0), name), ECONNREFUSED);
	remove_name();
}

CASE(other_type_is_eprototype)
{
	open_server();
	type = SOCK_DGRAM;
	expect_error(connect_to(new_socket(0), name), EPROTOTYPE);
	remove_name();
}

CASE(names_are_told)
{
	struct sockaddr_un address;
	socklen_t bytes = sizeof(address);
	int client, peer;

	open_server();
	client = new_client(0);
	expect(getpeername(client, (struct sockaddr *)&address, &bytes) == 0);
	expect(address.sun_family == AF_UNIX);
	expect(!strcmp(address.sun_path, name));
	bytes = sizeof(address);
	peer = accept(server, (struct sockaddr *)&address, &bytes);
	expect(peer >= 0 && bytes == sizeof(sa_family_t));
	bytes = sizeof(address);
	expect(getsockname(peer, (struct sockaddr *)&address, &bytes) == 0);
	expect(!strcmp(address.sun_path, name));
	bytes = sizeof(address);
	expect(getsockname(client, (struct sockaddr *)&address, &bytes) == 0);
	expect(bytes == sizeof(sa_family_t));
	expect_error(getpeername(server, (struct sockaddr *)&address, &bytes),
		     ENOTCONN);
	remove_name();
}

CASE(short_buffer_cuts_a_name_and_tells_its_length)
{
	struct sockaddr_un address;
	socklen_t bytes = 4;

	open_server();
	memset(&address, 'z', sizeof(address));
	expect(getsockname(server, (struct sockaddr *)&address, &bytes) == 0);
	expect(bytes > 4 && address.sun_path[2] == 'z');
	bytes = -1;
	expect_error(getsockname(server, (struct sockaddr *)&address, &bytes),
		     EINVAL);
	remove_name();
}

/* ---- Calls in a wrong state ---------------------------------------------- */

CASE(calls_in_a_wrong_state_fail)
{
	int fd = new_socket(0), client, fds[2];

	open_server();
	expect(accept(fd, NULL, NULL) < 0 && errno == EINVAL);
	expect(listen(fd, 1) < 0);
	expect(read(fd, &byte, 1) < 0);
	expect_error(send(fd, "x", 1, MSG_NOSIGNAL), ENOTCONN);
	client = new_client(0);
	expect_error(connect_to(client, name), EISCONN);
	expect_error(listen(client, 1), EINVAL);
	require(pipe(fds) == 0);
	expect_error(listen(fds[0], 1), ENOTSOCK);
	expect_error(accept(fds[0], NULL, NULL), ENOTSOCK);
	expect_error(connect_to(fds[0], name), ENOTSOCK);
	expect_error(bind_to(fds[0], name), ENOTSOCK);
	expect_error(listen(999, 1), EBADF);
	expect_error(socket(99, SOCK_STREAM, 0), EAFNOSUPPORT);
	expect(socket(AF_UNIX, 99, 0) < 0);
	remove_name();
}

CASE(nonblocking_accept_without_client_is_eagain)
{
	open_server();
	set_nonblocking(server, 1);
	expect_error(accept(server, NULL, NULL), EAGAIN);
	remove_name();
}

CASE(accepted_socket_does_not_inherit_nonblocking)
{
	int peer;

	open_server();
	new_client(0);
	set_nonblocking(server, 1);
	peer = accept(server, NULL, NULL);
	expect(peer >= 0 && fcntl(peer, F_GETFL) == O_RDWR);
	remove_name();
}

CASE(failed_accept_keeps_the_client)
{
	int last = -1, fd, peer;

	open_server();
	expect(write(new_client(0), "q", 1) == 1);
	while ((fd = dup(0)) >= 0)
		last = fd;
	expect_error(accept(server, NULL, NULL), EMFILE);
	close(last);
	peer = accept(server, NULL, NULL);
	expect(peer == last && read(peer, &byte, 1) == 1 && byte == 'q');
	remove_name();
}

/* ---- poll ---------------------------------------------------------------- */

static int poll_server(void)
{
	struct pollfd entry = { server, POLLIN, 0 };

	return poll(&entry, 1, -1) == 1 ? entry.revents : 100;
}

CASE(poll_tells_of_a_client)
{
	pid_t child;

	open_server();
	expect(events_of(server) == 0);
	child = start(poll_server);
	until_asleep(child);
	new_client(0);
	expect(result_of(child) == POLLIN);
	expect(events_of(server) == POLLIN);
	expect(accept(server, NULL, NULL) >= 0);
	expect(events_of(server) == 0);
	remove_name();
}

CASE(poll_tells_an_ended_direction)
{
	struct pollfd entry = { 0, POLLIN | POLLOUT, 0 };
	int peer;

	open_server();
	entry.fd = new_client(0);
	peer = accept(server, NULL, NULL);
	expect(shutdown(peer, SHUT_WR) == 0);
	expect(poll(&entry, 1, 0) == 1);
	expect(entry.revents == (POLLIN | POLLOUT));
	close(peer);
	expect(poll(&entry, 1, 0) == 1);
	expect(entry.revents == (POLLIN | POLLOUT | POLLHUP));
	remove_name();
}

CASE(address_of_a_send_does_not_lead_past_accept)
{
	struct sockaddr_un to;
	int client;

	open_server();
	to = address_of(name);
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	set_handler(SIGPIPE, SIG_IGN, 0);
	expect(sendto(client, "x", 1, 0, (struct sockaddr *)&to,
		      sizeof(to)) < 0);
	expect(errno == EOPNOTSUPP || errno == EISCONN || errno == ENOTCONN);
	close(client);
	client = new_client(0);
	expect_error(sendto(client, "x", 1, 0, (struct sockaddr *)&to,
			    sizeof(to)), EISCONN);
	expect(write(client, "y", 1) == 1);
	expect(accept_and_read() == 'y');
	remove_name();
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
