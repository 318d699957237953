/* fuzz_sockets.h - random addresses and messages of sockets. */
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#define PORT	2000		/* and the next: one for each worker */

/* Addresses of sockets that the workers have named, and of none. */
static void *new_socket_address(void)
{
	static const char *const paths[] = { "s", "g", "f", "none", "d/s" };
	struct sockaddr_storage *place = random_slot();
	struct sockaddr_in *inet = (struct sockaddr_in *)place;
	struct sockaddr_un *local = (struct sockaddr_un *)place;

	memset(place, 0, sizeof(*place));
	if (random_below(16) == 0) {
		place->ss_family = random_noise();
	} else if (random_below(2)) {
		local->sun_family = AF_UNIX;
		strcpy(local->sun_path, ONE_OF(paths));
	} else {
		inet->sin_family = AF_INET;
		inet->sin_port = htons(random_below(8)
				       ? PORT + random_below(2 * WORKERS)
				       : random_noise());
		inet->sin_addr.s_addr = htonl(random_below(8)
					      ? INADDR_LOOPBACK : INADDR_ANY);
	}
	return place;
}

/* Control data with descriptors, and sometimes with a wrong length. */
static void add_rights(struct msghdr *message)
{
	struct cmsghdr *control = random_slot();
	int *fds = (int *)(control + 1);
	uint32_t count = random_below(4);

	for (uint32_t i = 0; i < 4; i++)
		fds[i] = random_fd(POOL_ANY);
	control->cmsg_len = CMSG_LEN(count * sizeof(int));
	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = random_below(4) ? SCM_RIGHTS : SCM_CREDENTIALS;
	if (random_below(8) == 0)
		control->cmsg_len = random_noise();
	message->msg_control = control;
	message->msg_controllen = random_below(8) ? control->cmsg_len
						  : random_noise();
}

static void *new_parts(void)
{
	struct iovec *parts = random_slot();

	for (int i = 0; i < 4; i++)
		parts[i] = (struct iovec){
			random_below(8) ? random_slot()
					: (void *)(uintptr_t)wild_pointer(),
			random_bytes(),
		};
	return parts;
}

static void *new_message(void)
{
	struct msghdr *message = random_slot();

	memset(message, 0, sizeof(*message));
	message->msg_iov = new_parts();
	message->msg_iovlen = random_below(16) ? random_below(5)
					       : random_noise();
	if (random_below(2)) {
		message->msg_name = new_socket_address();
		message->msg_namelen = random_below(8)
			? sizeof(struct sockaddr_un) : random_noise();
	}
	if (random_below(2))
		add_rights(message);
	return message;
}
