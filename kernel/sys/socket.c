/*
 * socket.c - the system calls of sockets, for all families.
 *
 * Each call finds the socket, fetches the arguments once, and calls the
 * family's operation; kernel/obj/socket.c does the waiting.
 * socket_message.c has sendmsg(2) and recvmsg(2), socket_option.c the options.
 */
#include "kernel/sys/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"

#define TYPE_FLAGS	(SOCK_NONBLOCK | SOCK_CLOEXEC)
#define SEND_FLAGS	(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_EOR | MSG_DONTROUTE)
#define RECEIVE_FLAGS	(MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC | MSG_WAITALL)

_Static_assert(SOCK_NONBLOCK == O_NONBLOCK && SOCK_CLOEXEC == O_CLOEXEC,
	       "flags go through as they are");

int socket_find(int fd, struct open_file **out)
{
	*out = descriptor_file(fd);
	if (!*out)
		return -EBADF;
	return socket_of(*out) ? 0 : -ENOTSOCK;
}

/* ---- Addresses ----------------------------------------------------------- */

int socket_fetch_address(struct socket_address *address, uaddr_t at,
			 socklen_t bytes)
{
	if (bytes < sizeof(sa_family_t) || bytes > sizeof(address->room))
		return -EINVAL;
	memset(address, 0, sizeof(*address));
	address->bytes = bytes;
	return copy_from_user(&address->room, at, bytes);
}

/* Store an address, cut to the *length_at bytes at `at`, and the full length.
 * 0, -EFAULT, or -EINVAL (a negative length). */
static int store_address(const struct socket_address *address, uaddr_t at,
			 uaddr_t length_at)
{
	int room;

	if (copy_from_user(&room, length_at, sizeof(room)) != 0)
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	if (copy_to_user(at, &address->room, MIN((socklen_t)room,
						 address->bytes)) != 0)
		return -EFAULT;
	return copy_to_user(length_at, &address->bytes,
			    sizeof(address->bytes));
}

/* ---- New sockets --------------------------------------------------------- */

static int create(int family, int type, int protocol, struct open_file **out)
{
	const struct socket_family *found = socket_find_family(family);

	if (!found)
		return -EAFNOSUPPORT;
	return found->create(type & ~TYPE_FLAGS, protocol, type & O_NONBLOCK,
			     out);
}

long sys_socket(int family, int type, int protocol)
{
	struct open_file *file;
	long error = create(family, type, protocol, &file);

	return error ? error : descriptor_give(file, type & O_CLOEXEC);
}

static int create_pair(int family, int type, int protocol,
		       struct open_file *files[2])
{
	const struct socket_family *found = socket_find_family(family);
	int error = create(family, type, protocol, &files[0]);

	if (error)
		return error;
	error = create(family, type, protocol, &files[1]);
	if (error)
		goto put_first;
	error = found->connect_pair
		? found->connect_pair(socket_of(files[0]), socket_of(files[1]))
		: -EOPNOTSUPP;
	if (!error)
		return 0;
	file_put(files[1]);
put_first:
	file_put(files[0]);
	return error;
}

long sys_socketpair(int family, int type, int protocol, uaddr_t fds_at)
{
	struct open_file *files[2];
	long error = create_pair(family, type, protocol, files);

	return error ? error
		     : descriptor_give_pair(files, type & O_CLOEXEC, fds_at);
}

/* ---- Names and connections ----------------------------------------------- */

long sys_bind(int fd, uaddr_t address_at, socklen_t bytes)
{
	struct socket_address address;
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (!error)
		error = socket_fetch_address(&address, address_at, bytes);
	if (error)
		return error;
	file_get(file);			/* a second thread may close the file */
	error = socket_ops_of(socket_of(file))->bind(socket_of(file), &address);
	file_put(file);
	return error;
}

long sys_listen(int fd, int backlog)
{
	struct open_file *file;
	int error = socket_find(fd, &file);
	const struct socket_ops *ops;

	if (error)
		return error;
	ops = socket_ops_of(socket_of(file));
	return ops->listen ? ops->listen(socket_of(file), backlog)
			   : -EOPNOTSUPP;
}

static int disconnect(struct socket *socket)
{
	const struct socket_ops *ops = socket_ops_of(socket);

	return ops->disconnect ? ops->disconnect(socket) : -EOPNOTSUPP;
}

long sys_connect(int fd, uaddr_t address_at, socklen_t bytes)
{
	struct socket_address address;
	struct socket_call call;
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (!error)
		error = socket_fetch_address(&address, address_at, bytes);
	if (error)
		return error;
	if (address.any.sa_family == AF_UNSPEC)
		return disconnect(socket_of(file));
	socket_call_init(&call, file, 0);
	call.address = &address;
	return socket_connect(&call);
}

/* [own] An accept under way. */
struct acceptance {
	struct socket_call call;
	struct socket_address address;
	uaddr_t address_at, length_at;
	int flags, fd;
};

/* A descriptor for the connection, and the client's address. */
static int give_connection(struct socket_call *call)
{
	struct acceptance *accept = CONTAINER_OF(call, struct acceptance, call);
	int error = 0;

	call->accepted->flags = O_RDWR | (accept->flags & O_NONBLOCK);
	accept->fd = descriptor_install(call->accepted, 0,
					accept->flags & O_CLOEXEC);
	if (accept->fd < 0)
		return accept->fd;
	file_get(call->accepted);
	if (accept->address_at)
		error = store_address(&accept->address,
					     accept->address_at,
					     accept->length_at);
	if (error)
		descriptor_close(accept->fd);
	return error;
}

long sys_accept4(int fd, uaddr_t address_at, uaddr_t length_at, int flags)
{
	struct acceptance accept = {
		.address_at = address_at,
		.length_at = length_at,
		.flags = flags,
	};
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (error)
		return error;
	if (flags & ~TYPE_FLAGS)
		return -EINVAL;
	socket_call_init(&accept.call, file, 0);
	accept.call.address = &accept.address;
	accept.call.give = give_connection;
	error = socket_accept(&accept.call);
	return error ? error : accept.fd;
}

long sys_shutdown(int fd, int how)
{
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (error)
		return error;
	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	return socket_ops_of(socket_of(file))->shut_down(socket_of(file), how);
}

static long get_name(int fd, bool of_peer, uaddr_t at, uaddr_t length_at)
{
	struct socket_address address;
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (error)
		return error;
	memset(&address, 0, sizeof(address));
	error = socket_ops_of(socket_of(file))->get_name(socket_of(file),
							 of_peer, &address);
	return error ? error : store_address(&address, at, length_at);
}

long sys_getsockname(int fd, uaddr_t address_at, uaddr_t length_at)
{
	return get_name(fd, false, address_at, length_at);
}

long sys_getpeername(int fd, uaddr_t address_at, uaddr_t length_at)
{
	return get_name(fd, true, address_at, length_at);
}

/* ---- send, recv and the like --------------------------------------------- */

static int begin(struct socket_call *call, int fd, int flags, int known)
{
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (error)
		return error;
	if (flags & ~known)
		return -EOPNOTSUPP;
	socket_call_init(call, file, flags & ~MSG_TRUNC);
	return 0;
}

long sys_sendto(int fd, uaddr_t buffer, size_t bytes, int flags,
		uaddr_t address_at, socklen_t address_bytes)
{
	const struct iovec part = { (void *)(uintptr_t)buffer, bytes };
	struct socket_address address;
	struct socket_call call;
	int error = begin(&call, fd, flags, SEND_FLAGS);

	if (!error)
		error = socket_call_part(&call, &part);
	if (!error && address_at)
		error = socket_fetch_address(&address, address_at,
					     address_bytes);
	if (error)
		return error;
	call.address = address_at ? &address : NULL;
	return socket_send(&call);
}

/* [own] A recvfrom() under way. */
struct reception {
	struct socket_call call;
	struct socket_address address;
	uaddr_t address_at, length_at;
};

/* Once: afterwards the user's length is that of the address, and not the room
 * any more. */
static int give_address(struct socket_call *call)
{
	const struct reception *reception =
		CONTAINER_OF(call, struct reception, call);

	if (call->done > 0)
		return 0;
	return store_address(&reception->address, reception->address_at,
			     reception->length_at);
}

long sys_recvfrom(int fd, uaddr_t buffer, size_t bytes, int flags,
		  uaddr_t address_at, uaddr_t length_at)
{
	const struct iovec part = { (void *)(uintptr_t)buffer, bytes };
	struct reception reception = {
		.address_at = address_at,
		.length_at = length_at,
	};
	struct socket_call *call = &reception.call;
	int error = begin(call, fd, flags, RECEIVE_FLAGS);

	if (!error)
		error = socket_call_part(call, &part);
	if (error)
		return error;
	if (address_at) {
		call->address = &reception.address;
		call->give = give_address;
	}
	error = socket_receive(call);
	return error < 0 ? error : socket_result(call, flags, error);
}
