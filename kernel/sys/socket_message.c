/*
 * socket_message.c - sendmsg(2) and recvmsg(2): descriptors and credentials.
 *
 * The control data of a message is a row of headers with data. On sending, each
 * descriptor becomes a flight (obj/flight.h), and credentials replace the
 * kernel's stamp if the sender may use them. On receiving, the kernel writes
 * SCM_CREDENTIALS, with SO_PASSCRED, and SCM_RIGHTS with new descriptors. What
 * the control buffer does not hold is dropped, and MSG_CTRUNC tells so.
 *
 * If a step of recvmsg() fails, the new descriptors are closed, and the message
 * stays in the socket.
 */
#include "kernel/sys/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define SEND_FLAGS	(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_EOR | MSG_DONTROUTE)
#define RECEIVE_FLAGS	(MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC | MSG_WAITALL | \
			 MSG_CMSG_CLOEXEC)
#define HEAD_BYTES	sizeof(struct cmsghdr)

/* [own] A message under way, in the heap: too large for the stack. */
struct exchange {
	struct socket_call call;
	struct socket_address address;
	struct msghdr head;		/* the user's */
	uaddr_t head_at;
	uint32_t control;		/* bytes of control data written */
	int fds[SCM_MAX_FD];		/* descriptors given */
	int fd_count;
	struct iovec parts[IOV_MAX];
};

static struct pool exchange_pool = POOL("exchange", sizeof(struct exchange));

static uaddr_t user(const void *pointer)
{
	return (uaddr_t)(uintptr_t)pointer;
}

/* ---- The message --------------------------------------------------------- */

static int fetch_parts(struct exchange *exchange)
{
	const struct msghdr *head = &exchange->head;
	struct socket_call *call = &exchange->call;

	if (head->msg_iovlen < 0 || head->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	if (copy_from_user(exchange->parts, user(head->msg_iov),
			   head->msg_iovlen * sizeof(struct iovec)) != 0)
		return -EFAULT;
	for (int i = 0; i < head->msg_iovlen; i++) {
		const struct iovec *part = &exchange->parts[i];

		if (part->iov_len > SSIZE_MAX - call->bytes)
			return -EINVAL;
		if (!user_range_is_valid(user(part->iov_base), part->iov_len))
			return -EFAULT;
		call->bytes += part->iov_len;
	}
	call->parts = exchange->parts;
	return 0;
}

/* Fetch the head and the parts; *out is NULL after a failure. */
static int begin(int fd, uaddr_t head_at, int flags, struct exchange **out)
{
	struct exchange *exchange;
	struct open_file *file;
	int error = socket_find(fd, &file);

	*out = NULL;
	if (error)
		return error;
	exchange = pool_alloc_dirty(&exchange_pool);
	if (!exchange)
		return -ENOMEM;
	socket_call_init(&exchange->call, file, flags & ~MSG_TRUNC);
	exchange->address.bytes = 0;
	exchange->head_at = head_at;
	exchange->control = exchange->fd_count = 0;
	error = copy_from_user(&exchange->head, head_at,
			       sizeof(exchange->head));
	if (!error)
		error = fetch_parts(exchange);
	if (error) {
		pool_free(&exchange_pool, exchange);
		return error;
	}
	*out = exchange;
	return 0;
}

/* ---- Sending control data ------------------------------------------------ */

static int add_flight(int fd, struct flight ***link)
{
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	**link = flight_create(file);
	if (!**link)
		return account_error(ACCOUNT_FLIGHTS, 1, -ETOOMANYREFS,
				     -ENOMEM);
	*link = &(**link)->next;
	return 0;
}

static int fetch_rights(struct exchange *exchange, uaddr_t at, uint32_t bytes)
{
	struct socket_call *call = &exchange->call;
	uint32_t count = bytes / sizeof(int);
	struct flight **link = &call->flights;
	int error = 0;

	if (count > SCM_MAX_FD || call->flights)
		return -EINVAL;
	if (copy_from_user(exchange->fds, at, count * sizeof(int)) != 0)
		return -EFAULT;
	for (uint32_t i = 0; i < count && !error; i++)
		error = add_flight(exchange->fds[i], &link);
	return error;
}

/* A process may tell only its own numbers; root may tell those of any process
 * that exists. */
static int fetch_credentials(struct socket_call *call, uaddr_t at,
			     uint32_t bytes)
{
	const struct process *process = process_current();
	const struct identity *identity = &process->identity;
	struct ucred told;

	if (bytes != sizeof(told))
		return -EINVAL;
	if (copy_from_user(&told, at, sizeof(told)) != 0)
		return -EFAULT;
	if (!user_is_root(process) &&
	    (told.pid != process->id ||
	     (told.uid != identity->real_user && told.uid != identity->user &&
	      told.uid != identity->saved_user) ||
	     (told.gid != identity->real_group &&
	      told.gid != identity->group &&
	      told.gid != identity->saved_group)))
		return -EPERM;
	if (!process_find(told.pid))
		return -ESRCH;
	call->sender = told;
	return 0;
}

static int fetch_control(struct exchange *exchange)
{
	uaddr_t at = user(exchange->head.msg_control);
	uint32_t left = exchange->head.msg_controllen;
	struct cmsghdr head;
	uint32_t bytes;
	int error = 0;

	while (left >= HEAD_BYTES && !error) {
		if (copy_from_user(&head, at, HEAD_BYTES) != 0)
			return -EFAULT;
		if (head.cmsg_len < HEAD_BYTES || head.cmsg_len > left)
			return -EINVAL;
		bytes = head.cmsg_len - HEAD_BYTES;
		if (head.cmsg_level != SOL_SOCKET)
			error = -EINVAL;
		else if (head.cmsg_type == SCM_RIGHTS)
			error = fetch_rights(exchange, at + HEAD_BYTES, bytes);
		else if (head.cmsg_type == SCM_CREDENTIALS)
			error = fetch_credentials(&exchange->call,
						  at + HEAD_BYTES, bytes);
		else
			error = -EINVAL;
		bytes = MIN(CMSG_ALIGN(head.cmsg_len), left);
		at += bytes;
		left -= bytes;
	}
	return error;
}

static int fetch_name(struct exchange *exchange)
{
	const struct msghdr *head = &exchange->head;

	if (!head->msg_name)
		return 0;
	exchange->call.address = &exchange->address;
	return socket_fetch_address(&exchange->address, user(head->msg_name),
				    head->msg_namelen);
}

long sys_sendmsg(int fd, uaddr_t message, int flags)
{
	struct exchange *exchange;
	long result = begin(fd, message, flags, &exchange);

	if (result)
		return result;
	if (flags & ~SEND_FLAGS)
		result = -EOPNOTSUPP;
	if (!result)
		result = fetch_name(exchange);
	if (!result)
		result = fetch_control(exchange);
	if (!result)
		result = socket_send(&exchange->call);
	flight_end(exchange->call.flights);	/* that did not depart */
	pool_free(&exchange_pool, exchange);
	return result;
}

/* ---- Receiving ----------------------------------------------------------- */

/* Room for data behind the next header of control data. */
static uint32_t control_room(const struct exchange *exchange)
{
	uint32_t used = exchange->control + HEAD_BYTES;

	return exchange->head.msg_controllen > used
		? exchange->head.msg_controllen - used : 0;
}

static int put_control(struct exchange *exchange, int type, const void *data,
		       uint32_t bytes)
{
	const struct cmsghdr head = {
		.cmsg_len = CMSG_LEN(bytes),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = type,
	};
	uaddr_t at = user(exchange->head.msg_control) + exchange->control;

	if (copy_to_user(at, &head, HEAD_BYTES) != 0 ||
	    copy_to_user(at + HEAD_BYTES, data, bytes) != 0)
		return -EFAULT;
	exchange->control = MIN(exchange->control + CMSG_SPACE(bytes),
				exchange->head.msg_controllen);
	return 0;
}

static int give_credentials(struct exchange *exchange)
{
	struct socket_call *call = &exchange->call;

	if (!call->socket->wants_credentials || !call->sender.pid)
		return 0;
	if (control_room(exchange) >= sizeof(call->sender))
		return put_control(exchange, SCM_CREDENTIALS, &call->sender,
				   sizeof(call->sender));
	call->flags |= MSG_CTRUNC;
	return 0;
}

static void take_back_fds(struct exchange *exchange)
{
	while (exchange->fd_count > 0)
		descriptor_close(exchange->fds[--exchange->fd_count]);
}

/* Descriptors for as many flights as there is room in the control buffer and in
 * the table of descriptors. */
static int give_rights(struct exchange *exchange)
{
	struct socket_call *call = &exchange->call;
	bool close_on_exec = call->flags & MSG_CMSG_CLOEXEC;
	int fd, most = control_room(exchange) / sizeof(int);
	const struct flight *flight = call->flights;
	struct open_file *file;

	for (; flight && exchange->fd_count < most; flight = flight->next) {
		file = flight_get_file(flight);
		fd = descriptor_install(file, 0, close_on_exec);
		if (fd < 0) {
			file_put(file);
			break;
		}
		exchange->fds[exchange->fd_count++] = fd;
	}
	if (flight)
		call->flags |= MSG_CTRUNC;
	if (exchange->fd_count == 0)
		return 0;
	return put_control(exchange, SCM_RIGHTS, exchange->fds,
			   exchange->fd_count * sizeof(int));
}

/* The name, the control data, and the head. */
static int give_rest(struct socket_call *call)
{
	struct exchange *exchange = CONTAINER_OF(call, struct exchange, call);
	struct msghdr *head = &exchange->head;
	int error;

	if (head->msg_name &&
	    copy_to_user(user(head->msg_name), &exchange->address.room,
			 MIN(head->msg_namelen, exchange->address.bytes)) != 0)
		return -EFAULT;
	exchange->control = 0;
	error = give_credentials(exchange);
	if (!error)
		error = give_rights(exchange);
	head->msg_namelen = exchange->address.bytes;
	if (!error)
		error = copy_to_user(exchange->head_at, head,
				     offsetof(struct msghdr, msg_controllen));
	if (error)
		take_back_fds(exchange);
	return error;
}

/* What the steps have found: the length of the control data, and flags. */
static long store_results(struct exchange *exchange, long result)
{
	struct msghdr *head = &exchange->head;

	head->msg_controllen = exchange->control;
	head->msg_flags = exchange->call.flags & (MSG_TRUNC | MSG_CTRUNC);
	if (exchange->call.socket->type == SOCK_SEQPACKET && result > 0 &&
	    !(head->msg_flags & MSG_TRUNC))
		head->msg_flags |= MSG_EOR;
	return copy_to_user(exchange->head_at, head, sizeof(*head)) ? -EFAULT
								    : result;
}

long sys_recvmsg(int fd, uaddr_t message, int flags)
{
	struct exchange *exchange;
	long result = begin(fd, message, flags, &exchange);

	if (result)
		return result;
	exchange->call.address = &exchange->address;
	exchange->call.give = give_rest;
	result = flags & ~RECEIVE_FLAGS ? -EOPNOTSUPP
					: socket_receive(&exchange->call);
	if (result >= 0)
		result = store_results(exchange,
				       socket_result(&exchange->call, flags,
						     result));
	pool_free(&exchange_pool, exchange);
	return result;
}
