/*
 * socket_message.c - sendmsg(2) and recvmsg(2): descriptors and credentials.
 *
 * The control data of a message is a row of headers with data. It is copied in
 * one piece. On sending, each descriptor becomes a flight (obj/flight.h), and
 * credentials replace the kernel's stamp if the sender may use them. On
 * receiving, the kernel writes SCM_CREDENTIALS, with SO_PASSCRED, and
 * SCM_RIGHTS with new descriptors. What the control buffer does not hold is
 * dropped, and MSG_CTRUNC tells so.
 *
 * If a step of recvmsg() fails, the new descriptors are closed, and the message
 * stays in the socket.
 */
#include "kernel/sys/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/mm/account.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define SEND_FLAGS	(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_EOR | MSG_DONTROUTE)
#define RECEIVE_FLAGS	(MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC | MSG_WAITALL | \
			 MSG_CMSG_CLOEXEC)
#define HEAD_BYTES	sizeof(struct cmsghdr)
#define CONTROL_BYTES	(CMSG_SPACE(sizeof(struct ucred)) + \
			 CMSG_SPACE(SCM_MAX_FD * sizeof(int)))

/* [own] A message under way. */
struct exchange {
	struct socket_call call;
	struct socket_address address;
	struct msghdr head;		/* as the user gave it */
	uaddr_t head_at;
	int *fds, fd_count;		/* descriptors given, in `control` */
	uint32_t used;			/* bytes of `control` to give */
	uint32_t control[CONTROL_BYTES / sizeof(uint32_t)];
	struct vector vector;
};

static uaddr_t user(const void *pointer)
{
	return (uaddr_t)(uintptr_t)pointer;
}

static struct cmsghdr *control_at(struct exchange *exchange, uint32_t at)
{
	return (struct cmsghdr *)((uint8_t *)exchange->control + at);
}

/* ---- The message --------------------------------------------------------- */

static int fetch_parts(struct exchange *exchange)
{
	struct socket_call *call = &exchange->call;
	const struct msghdr *head = &exchange->head;
	int error;

	if (head->msg_iovlen < 0 || head->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	error = vector_fetch(&exchange->vector, user(head->msg_iov),
			     head->msg_iovlen);
	call->parts = exchange->vector.parts;
	call->bytes = exchange->vector.bytes;
	return error;
}

/* Fetch the head and the parts. After a failure there is nothing to free. */
static int begin(struct exchange *exchange, int fd, uaddr_t head_at, int flags)
{
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (error)
		return error;
	socket_call_init(&exchange->call, file, flags & ~MSG_TRUNC);
	exchange->address.bytes = 0;
	exchange->head_at = head_at;
	error = copy_from_user(&exchange->head, head_at,
			       sizeof(exchange->head));
	return error ? error : fetch_parts(exchange);
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

static int send_rights(struct socket_call *call, const struct cmsghdr *head)
{
	const int *fds = (const int *)(head + 1);
	uint32_t count = (head->cmsg_len - HEAD_BYTES) / sizeof(int);
	struct flight **link = &call->cover.flights;
	int error = 0;

	if (count > SCM_MAX_FD || call->cover.flights)
		return -EINVAL;
	for (uint32_t i = 0; i < count && !error; i++)
		error = add_flight(fds[i], &link);
	return error;
}

/* A process may tell only its own numbers; root may tell those of any process
 * that exists. */
static int send_credentials(struct socket_call *call,
			    const struct cmsghdr *head)
{
	const struct ucred *told = (const struct ucred *)(head + 1);
	const struct process *process = process_current();
	const struct identity *identity = &process->identity;

	if (head->cmsg_len != CMSG_LEN(sizeof(*told)))
		return -EINVAL;
	if (!user_is_root(process) &&
	    (told->pid != process->id ||
	     (told->uid != identity->real_user &&
	      told->uid != identity->user &&
	      told->uid != identity->saved_user) ||
	     (told->gid != identity->real_group &&
	      told->gid != identity->group &&
	      told->gid != identity->saved_group)))
		return -EPERM;
	if (!process_find(told->pid))
		return -ESRCH;
	call->cover.sender = *told;
	return 0;
}

static int send_control(struct socket_call *call, const struct cmsghdr *head)
{
	if (head->cmsg_level != SOL_SOCKET)
		return -EINVAL;
	switch (head->cmsg_type) {
	case SCM_RIGHTS:
		return send_rights(call, head);
	case SCM_CREDENTIALS:
		return send_credentials(call, head);
	default:
		return -EINVAL;
	}
}

static int fetch_control(struct exchange *exchange)
{
	uint32_t bytes = exchange->head.msg_controllen, at = 0;
	const struct cmsghdr *head;
	int error = 0;

	if (bytes < HEAD_BYTES || bytes > CONTROL_BYTES)
		return bytes < HEAD_BYTES ? 0 : -EINVAL;
	if (copy_from_user(exchange->control, user(exchange->head.msg_control),
			   bytes) != 0)
		return -EFAULT;
	while (at + HEAD_BYTES <= bytes && !error) {
		head = control_at(exchange, at);
		if (head->cmsg_len < HEAD_BYTES || head->cmsg_len > bytes - at)
			return -EINVAL;
		error = send_control(&exchange->call, head);
		at += CMSG_ALIGN(head->cmsg_len);
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
	struct exchange exchange;
	long result = begin(&exchange, fd, message, flags);

	if (result)
		return result;
	if (flags & ~SEND_FLAGS)
		result = -EOPNOTSUPP;
	if (!result)
		result = fetch_name(&exchange);
	if (!result)
		result = fetch_control(&exchange);
	if (!result)
		result = socket_send(&exchange.call);
	flight_end(exchange.call.cover.flights);	/* not sent */
	vector_free(&exchange.vector);
	return result;
}

/* ---- Receiving ----------------------------------------------------------- */

/* Room for data behind the next header of control data. */
static uint32_t control_room(const struct exchange *exchange)
{
	uint32_t used = exchange->used + HEAD_BYTES;

	return exchange->head.msg_controllen > used
		? exchange->head.msg_controllen - used : 0;
}

/* Put a header before the data. */
static void put_control(struct exchange *exchange, int type, uint32_t bytes)
{
	*control_at(exchange, exchange->used) =
		(struct cmsghdr){ CMSG_LEN(bytes), SOL_SOCKET, type };
	exchange->used += CMSG_SPACE(bytes);
}

static void give_credentials(struct exchange *exchange)
{
	struct socket_call *call = &exchange->call;

	if (!call->socket->wants_credentials || !call->cover.sender.pid)
		return;
	if (control_room(exchange) < sizeof(call->cover.sender)) {
		call->flags |= MSG_CTRUNC;
		return;
	}
	*(struct ucred *)(control_at(exchange, exchange->used) + 1) =
		call->cover.sender;
	put_control(exchange, SCM_CREDENTIALS, sizeof(call->cover.sender));
}

static void take_back_fds(struct exchange *exchange)
{
	while (exchange->fd_count > 0)
		descriptor_close(exchange->fds[--exchange->fd_count]);
}

/* Descriptors for as many flights as there is room in the control buffer and in
 * the table of descriptors. */
static void give_rights(struct exchange *exchange)
{
	struct socket_call *call = &exchange->call;
	bool close_on_exec = call->flags & MSG_CMSG_CLOEXEC;
	int fd, most = control_room(exchange) / sizeof(int);
	const struct flight *flight = call->cover.flights;
	struct open_file *file;

	exchange->fds = (int *)(control_at(exchange, exchange->used) + 1);
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
	if (exchange->fd_count > 0)
		put_control(exchange, SCM_RIGHTS,
			    exchange->fd_count * sizeof(int));
}

/* The flags of a message that was received. */
static int flags_of(const struct socket_call *call)
{
	int flags = call->flags & (MSG_TRUNC | MSG_CTRUNC);

	if (call->socket->type == SOCK_SEQPACKET && call->length > 0 &&
	    !(flags & MSG_TRUNC))
		flags |= MSG_EOR;
	return flags;
}

/* The name, the control data, and the head, after each step of the receive. The
 * lengths in the user's head are the room for each step. */
static int give_rest(struct socket_call *call)
{
	struct exchange *exchange = CONTAINER_OF(call, struct exchange, call);
	struct msghdr head = exchange->head;

	exchange->used = exchange->fd_count = 0;
	give_credentials(exchange);
	give_rights(exchange);
	head.msg_namelen = exchange->address.bytes;
	head.msg_controllen = MIN(exchange->used, head.msg_controllen);
	head.msg_flags = flags_of(call);
	if ((!head.msg_name ||
	     copy_to_user(user(head.msg_name), &exchange->address.room,
			  MIN(exchange->head.msg_namelen,
			      head.msg_namelen)) == 0) &&
	    copy_to_user(user(head.msg_control), exchange->control,
			 head.msg_controllen) == 0 &&
	    copy_to_user(exchange->head_at, &head, sizeof(head)) == 0)
		return 0;
	take_back_fds(exchange);
	return -EFAULT;
}

long sys_recvmsg(int fd, uaddr_t message, int flags)
{
	struct exchange exchange;
	long result = begin(&exchange, fd, message, flags);

	if (result)
		return result;
	exchange.call.address = &exchange.address;
	exchange.call.give = give_rest;
	result = flags & ~RECEIVE_FLAGS ? -EOPNOTSUPP
					: socket_receive(&exchange.call);
	if (result >= 0)
		result = socket_result(&exchange.call, flags, result);
	vector_free(&exchange.vector);
	return result;
}
