/* socket.c - the calls on sockets that other calls contain. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>

int accept(int fd, struct sockaddr *address, socklen_t *bytes)
{
	return accept4(fd, address, bytes, 0);
}

ssize_t send(int fd, const void *bytes, size_t count, int flags)
{
	return sendto(fd, bytes, count, flags, NULL, 0);
}

ssize_t recv(int fd, void *bytes, size_t count, int flags)
{
	return recvfrom(fd, bytes, count, flags, NULL, NULL);
}

/* No family here has urgent data. */
int sockatmark(int fd)
{
	struct stat status;

	if (fstat(fd, &status) == 0)
		errno = ENOTTY;
	return -1;
}

struct cmsghdr *__next_control(struct msghdr *message, struct cmsghdr *control)
{
	char *end = (char *)message->msg_control + message->msg_controllen;
	size_t bytes = CMSG_ALIGN(control->cmsg_len);
	struct cmsghdr *next = (struct cmsghdr *)((char *)control + bytes);

	if (control->cmsg_len < sizeof(*control) ||
	    bytes > (size_t)(end - (char *)control) ||
	    sizeof(*next) > (size_t)(end - (char *)next))
		return NULL;
	return next;
}
