/*
 * socket_option.c - getsockopt(2) and setsockopt(2), for all families.
 *
 * Each option is a field of struct socket. The table says which, and how a
 * value gets there. A family hears of an option that was switched on or off.
 */
#include "kernel/sys/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/inet.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/time.h"
#include "kernel/lib/string.h"
#include "kernel/sys/syscalls.h"

#define ROOM_LEAST	2048
#define VALUE_BYTES	16		/* of the longest value */

_Static_assert(sizeof(struct timeval) <= VALUE_BYTES &&
	       sizeof(struct ucred) <= VALUE_BYTES, "each value has room");

struct option {
	int level, number;		/* [const] SOL_ or IPPROTO_, SO_ */
	uint16_t at;			/* [const] of the field */
	uint16_t bytes;			/* [const] of the user's value */
	/* [const] Read the value. NULL: copy the field. */
	void (*get)(struct socket *socket, const void *field, void *value);
	/* [const] 0, or an errno. NULL: the option can only be read. */
	int (*set)(struct socket *socket, void *field, const void *value);
};

/* ---- Values -------------------------------------------------------------- */

static int set_switch(struct socket *socket, void *field, const void *value)
{
	const struct socket_ops *ops = socket_ops_of(socket);

	*(int *)field = *(const int *)value != 0;
	if (ops->options_changed)
		ops->options_changed(socket);
	return 0;
}

static int set_room(struct socket *socket, void *field, const void *value)
{
	(void)socket;
	*(uint32_t *)field = MIN(MAX(*(const int *)value, ROOM_LEAST),
				 SOCKET_BYTES_MAX);
	return 0;
}

static int set_linger(struct socket *socket, void *field, const void *value)
{
	(void)socket;
	memcpy(field, value, sizeof(struct linger));
	return 0;
}

static void get_timeout(struct socket *socket, const void *field, void *value)
{
	const uint64_t ns = *(const uint64_t *)field;
	struct timeval *time = value;

	(void)socket;
	time->tv_sec = ns == FOREVER ? 0 : ns / NSEC_PER_SEC;
	time->tv_usec = ns == FOREVER ? 0 : ns % NSEC_PER_SEC / 1000;
}

static int set_timeout(struct socket *socket, void *field, const void *value)
{
	const struct timeval *time = value;
	uint64_t *ns = field;

	(void)socket;
	if (time->tv_usec < 0 || time->tv_usec >= 1000000 || time->tv_sec < 0)
		return -EDOM;
	if (time->tv_sec > UINT32_MAX || (!time->tv_sec && !time->tv_usec))
		*ns = FOREVER;
	else
		*ns = time->tv_sec * NSEC_PER_SEC + time->tv_usec * 1000;
	return 0;
}

static void get_error(struct socket *socket, const void *field, void *value)
{
	(void)field;
	*(int *)value = -socket_take_error(socket);
}

static void get_family(struct socket *socket, const void *field, void *value)
{
	(void)field;
	*(int *)value = socket_ops_of(socket)->family;
}

static void get_one(struct socket *socket, const void *field, void *value)
{
	(void)socket;
	(void)field;
	*(int *)value = 1;
}

/* ---- The table ----------------------------------------------------------- */

#define AT(field)	offsetof(struct socket, field)
#define SWITCH(number, field) \
	{ SOL_SOCKET, number, AT(field), sizeof(int), NULL, set_switch }
#define READ_ONLY(number, field, bytes, get) \
	{ SOL_SOCKET, number, AT(field), bytes, get, NULL }
#define ROOM(number, end) \
	{ SOL_SOCKET, number, AT(room_bytes[end]), sizeof(int), NULL, set_room }
#define TIMEOUT(number, end) \
	{ SOL_SOCKET, number, AT(timeout_ns[end]), sizeof(struct timeval), \
	  get_timeout, set_timeout }

static const struct option options[] = {
	SWITCH(SO_REUSEADDR, reuses_address),
	SWITCH(SO_KEEPALIVE, keeps_alive),
	SWITCH(SO_BROADCAST, broadcasts),
	SWITCH(SO_PASSCRED, wants_credentials),
	SWITCH(SO_DEBUG, ignored[0]),
	SWITCH(SO_DONTROUTE, ignored[1]),
	SWITCH(SO_OOBINLINE, ignored[2]),
	{ IPPROTO_TCP, TCP_NODELAY, AT(sends_at_once), sizeof(int), NULL,
	  set_switch },
	{ IPPROTO_TCP, TCP_MAXSEG, AT(segment_bytes), sizeof(int), NULL, NULL },
	ROOM(SO_SNDBUF, END_WRITE),
	ROOM(SO_RCVBUF, END_READ),
	TIMEOUT(SO_SNDTIMEO, END_WRITE),
	TIMEOUT(SO_RCVTIMEO, END_READ),
	{ SOL_SOCKET, SO_LINGER, AT(linger), sizeof(struct linger), NULL,
	  set_linger },
	READ_ONLY(SO_TYPE, type, sizeof(int), NULL),
	READ_ONLY(SO_PROTOCOL, protocol, sizeof(int), NULL),
	READ_ONLY(SO_DOMAIN, type, sizeof(int), get_family),
	READ_ONLY(SO_ERROR, error, sizeof(int), get_error),
	READ_ONLY(SO_ACCEPTCONN, listens, sizeof(int), NULL),
	READ_ONLY(SO_PEERCRED, peer_owner, sizeof(struct ucred), NULL),
	READ_ONLY(SO_RCVLOWAT, type, sizeof(int), get_one),
	READ_ONLY(SO_SNDLOWAT, type, sizeof(int), get_one),
};

/* NULL: the socket has no such option. */
static const struct option *find(const struct socket *socket, int level,
				 int number)
{
	const struct option *option = options;

	if (level != SOL_SOCKET && level != socket->protocol)
		return NULL;
	for (; option < options + ARRAY_LENGTH(options); option++)
		if (option->level == level && option->number == number)
			return option;
	return NULL;
}

long sys_getsockopt(int fd, int level, int number, uaddr_t value_at,
		    uaddr_t length_at)
{
	uint64_t value[VALUE_BYTES / sizeof(uint64_t)];
	const struct option *option;
	struct open_file *file;
	uint32_t bytes;
	const char *field;
	int room, error = socket_find(fd, &file);

	if (error)
		return error;
	if (copy_from_user(&room, length_at, sizeof(room)) != 0)
		return -EFAULT;
	option = find(socket_of(file), level, number);
	if (room < 0 || !option)
		return room < 0 ? -EINVAL : -ENOPROTOOPT;
	field = (const char *)socket_of(file) + option->at;
	if (option->get)
		option->get(socket_of(file), field, value);
	else
		memcpy(value, field, option->bytes);
	bytes = MIN(option->bytes, (uint32_t)room);
	if (copy_to_user(value_at, value, bytes) != 0)
		return -EFAULT;
	return copy_to_user(length_at, &bytes, sizeof(bytes));
}

long sys_setsockopt(int fd, int level, int number, uaddr_t value_at,
		    socklen_t bytes)
{
	uint64_t value[VALUE_BYTES / sizeof(uint64_t)];
	const struct option *option;
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (error)
		return error;
	option = find(socket_of(file), level, number);
	if (!option || !option->set)
		return -ENOPROTOOPT;
	if (bytes < option->bytes)
		return -EINVAL;
	if (copy_from_user(value, value_at, option->bytes) != 0)
		return -EFAULT;
	return option->set(socket_of(file), (char *)socket_of(file) +
			   option->at, value);
}
