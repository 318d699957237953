/*
 * socket_parley.c - what sockets refuse here and not on Linux: urgent bytes,
 * and local addresses without a path.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/user/inet.h"

static char byte = 'x';

/* Each call with MSG_OOB fails, and nothing arrives. */
static void refuses_urgent_bytes(int from, int to)
{
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	expect_error(send(from, &byte, 1, MSG_OOB), EOPNOTSUPP);
	expect_error(sendmsg(from, &message, MSG_OOB), EOPNOTSUPP);
	expect_error(recv(to, &byte, 1, MSG_OOB), EOPNOTSUPP);
	expect_error(recvmsg(to, &message, MSG_OOB), EOPNOTSUPP);
	expect_error(recv(to, &byte, 1, MSG_DONTWAIT), EAGAIN);
	expect_error(sockatmark(to), ENOTTY);
}

CASE(urgent_bytes_of_a_local_stream_are_refused)
{
	int ends[2];

	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	refuses_urgent_bytes(ends[0], ends[1]);
}

CASE(urgent_bytes_of_tcp_are_refused)
{
	int ends[2];

	if (socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EAFNOSUPPORT)
		return;			/* a kernel without lwIP */
	open_connection(ends);
	refuses_urgent_bytes(ends[0], ends[1]);
}

/* Linux has names that begin with a NUL and are in no file system, and gives
 * such a name to a socket whose address is the family alone. */
static void refuses_address(const struct sockaddr_un *address, socklen_t bytes)
{
	int stream = socket(AF_UNIX, SOCK_STREAM, 0);
	int datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
	const struct sockaddr *to = (const struct sockaddr *)address;

	expect_error(bind(stream, to, bytes), EINVAL);
	expect_error(bind(datagram, to, bytes), EINVAL);
	expect_error(connect(stream, to, bytes), EINVAL);
	expect_error(connect(datagram, to, bytes), EINVAL);
	expect_error(sendto(datagram, &byte, 1, 0, to, bytes), EINVAL);
}

CASE(address_without_a_path_is_einval)
{
	const struct sockaddr_un abstract = { AF_UNIX, "\0parley" };

	refuses_address(&abstract, sizeof(abstract));
	refuses_address(&abstract, offsetof(struct sockaddr_un, sun_path) + 7);
	refuses_address(&abstract, offsetof(struct sockaddr_un, sun_path));
}

int main(int argc, char **argv)
{
	/* The first socket of the network starts the network for good. */
	close(socket(AF_INET, SOCK_STREAM, 0));
	return run_cases(argc, argv);
}
