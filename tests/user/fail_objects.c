/*
 * fail_objects.c - failures in the calls of System V, sockets, epoll, inotify,
 * pidfds and locks of files: each is a right errno and changes nothing.
 * linux: no
 */
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/msg.h>
#include <sys/pidfd.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/user/fail_case.h"

/* ---- System V ------------------------------------------------------------ */

static int id, made_id;			/* of prepare(), of call() */

static void no_ids(size_t bytes)
{
	prepare_nothing(bytes);
	id = made_id = -1;
}

static void remove_ids(void)
{
	msgctl(id, IPC_RMID, NULL);
	msgctl(made_id, IPC_RMID, NULL);
	semctl(id, 0, IPC_RMID);
	semctl(made_id, 0, IPC_RMID);
	shmctl(id, IPC_RMID, NULL);
	shmctl(made_id, IPC_RMID, NULL);
}

static long call_msgget(size_t bytes)
{
	(void)bytes;
	return made_id = msgget(IPC_PRIVATE, 0600);
}

static void prepare_queue(size_t bytes)
{
	no_ids(bytes);
	id = msgget(IPC_PRIVATE, 0600);
	require(id >= 0);
}

static long call_msgsnd(size_t bytes)
{
	*(long *)data = 1;
	return msgsnd(id, data, bytes, 0);
}

static void prepare_letter(size_t bytes)
{
	prepare_queue(bytes);
	require(call_msgsnd(bytes) == 0);
}

static long call_msgrcv(size_t bytes)
{
	return msgrcv(id, data, bytes, 0, IPC_NOWAIT);
}

static long call_semget(size_t bytes)
{
	return made_id = semget(IPC_PRIVATE, (int)bytes, 0600);
}

static void prepare_set(size_t bytes)
{
	no_ids(bytes);
	id = semget(IPC_PRIVATE, 8, 0600);
	require(id >= 0);
}

static long change_units(size_t count, int flags)
{
	struct sembuf operations[8];

	for (size_t i = 0; i < count; i++)
		operations[i] = (struct sembuf){ i, 1, flags };
	return semop(id, operations, count);
}

static long call_semop(size_t count)
{
	return change_units(count, 0);
}

static long call_semop_undo(size_t count)
{
	return change_units(count, SEM_UNDO);
}

static long call_shmget(size_t bytes)
{
	return made_id = shmget(IPC_PRIVATE, bytes, 0600);
}

static void prepare_segment(size_t bytes)
{
	no_ids(bytes);
	id = shmget(IPC_PRIVATE, bytes, 0600);
	require(id >= 0);
}

static void *attached;

static long call_shmat(size_t bytes)
{
	void *at = shmat(id, NULL, 0);

	(void)bytes;
	if (at == (void *)-1)
		return -1;
	attached = at;
	return 0;
}

static void detach(void)
{
	if (attached)
		shmdt(attached);
	attached = NULL;
	remove_ids();
}

/* ---- Sets, notices, processes -------------------------------------------- */

static long call_pidfd(size_t bytes)
{
	(void)bytes;
	return made_one(pidfd_open(getpid(), 0));
}

static long call_epoll(size_t bytes)
{
	(void)bytes;
	return made_one(epoll_create1(0));
}

static void prepare_set_of_files(size_t bytes)
{
	prepare_nothing(bytes);
	require(pipe(fds) == 0);
	fds[2] = epoll_create1(0);
	require(fds[2] >= 0);
}

static long call_epoll_add(size_t bytes)
{
	struct epoll_event event = { .events = EPOLLIN };

	(void)bytes;
	return epoll_ctl(fds[2], EPOLL_CTL_ADD, fds[0], &event);
}

static void prepare_event(size_t bytes)
{
	prepare_set_of_files(bytes);
	require(call_epoll_add(0) == 0 && write(fds[1], "x", 1) == 1);
}

static long call_epoll_wait(size_t bytes)
{
	struct epoll_event event;

	(void)bytes;
	return epoll_wait(fds[2], &event, 1, 0);
}

static long call_inotify(size_t bytes)
{
	(void)bytes;
	return made_one(inotify_init());
}

static void prepare_inotify(size_t bytes)
{
	prepare_nothing(bytes);
	fds[0] = inotify_init();
	require(fds[0] >= 0);
}

static long call_watch(size_t bytes)
{
	(void)bytes;
	return inotify_add_watch(fds[0], "/tmp", IN_CREATE);
}

/* ---- Sockets ------------------------------------------------------------- */

static const struct sockaddr_un place = { AF_UNIX, "/tmp/fail-socket" };
static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };

static long call_socket(size_t type)
{
	return made_one(socket(AF_UNIX, types[type], 0));
}

static long call_pair(size_t type)
{
	return socketpair(AF_UNIX, types[type], 0, made);
}

static void prepare_listener(size_t bytes)
{
	prepare_nothing(bytes);
	fds[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	fds[1] = socket(AF_UNIX, SOCK_STREAM, 0);
	require(fds[0] >= 0 && fds[1] >= 0);
	require(bind(fds[0], (void *)&place, sizeof(place)) == 0);
	require(listen(fds[0], 2) == 0);
}

static void undo_listener(void)
{
	unlink(place.sun_path);
	close_fds();
}

static long call_connect(size_t bytes)
{
	(void)bytes;
	return connect(fds[1], (void *)&place, sizeof(place));
}

static void prepare_client(size_t bytes)
{
	prepare_listener(bytes);
	require(call_connect(0) == 0);
}

static long call_accept(size_t bytes)
{
	(void)bytes;
	return made_one(accept(fds[0], NULL, NULL));
}

/* The first message leaves the socket its spare packet. */
static void prepare_pair(size_t type)
{
	prepare_nothing(type);
	require(socketpair(AF_UNIX, types[type], 0, fds) == 0);
	require(write(fds[0], data, 1) == 1 && read(fds[1], data, 1) == 1);
}

/* A byte and a descriptor. */
static long call_sendmsg(size_t type)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec part = { data, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	(void)type;
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fds[0], sizeof(int));
	return sendmsg(fds[0], &message, 0);
}

/* ---- Locks of files ------------------------------------------------------ */

static void prepare_file(size_t bytes)
{
	prepare_nothing(bytes);
	fds[0] = open("/tmp/fail-lock", O_RDWR | O_CREAT, 0600);
	require(fds[0] >= 0);
}

static void undo_file(void)
{
	unlink("/tmp/fail-lock");
	close_fds();
}

static long call_flock(size_t bytes)
{
	(void)bytes;
	return flock(fds[0], LOCK_EX);
}

static long set_lock(int type, off_t start, off_t length)
{
	struct flock lock = {
		.l_type = type, .l_start = start, .l_len = length,
	};

	return fcntl(fds[0], F_SETLK, &lock);
}

static long call_setlk(size_t bytes)
{
	(void)bytes;
	return set_lock(F_WRLCK, 0, 0);
}

static void prepare_lock(size_t bytes)
{
	prepare_file(bytes);
	require(call_setlk(bytes) == 0);
}

/* The lock falls into two. */
static long call_split(size_t bytes)
{
	(void)bytes;
	return set_lock(F_UNLCK, 10, 10);
}

/* ---- The table ----------------------------------------------------------- */

static const struct operation operations[] = {
	{ "sysv_msgget", no_ids, call_msgget, remove_ids, { 0 } },
	{ "sysv_msgsnd", prepare_queue, call_msgsnd, remove_ids, { 1, 100,
	  1000, 4000, 4096, 5000, 8000, 8192 } },
	{ "sysv_msgrcv", prepare_letter, call_msgrcv, remove_ids, { 1, 100,
	  1000, 4000, 4096, 5000, 8000, 8192 } },
	{ "sysv_semget", no_ids, call_semget, remove_ids, { 1, 8, 200 } },
	{ "sysv_semop", prepare_set, call_semop, remove_ids, { 1, 2, 8 } },
	{ "sysv_semop_undo", prepare_set, call_semop_undo, remove_ids, { 1, 2,
	  8 } },
	{ "sysv_shmget", no_ids, call_shmget, remove_ids, { 1, 4096, 40960 } },
	{ "sysv_shmat", prepare_segment, call_shmat, detach, { 1, 4096,
	  40960 } },
	{ "set_pidfd", prepare_nothing, call_pidfd, close_fds, { 0 } },
	{ "set_epoll", prepare_nothing, call_epoll, close_fds, { 0 } },
	{ "set_add", prepare_set_of_files, call_epoll_add, close_fds, { 0 } },
	{ "set_wait", prepare_event, call_epoll_wait, close_fds, { 0 } },
	{ "set_inotify", prepare_nothing, call_inotify, close_fds, { 0 } },
	{ "set_watch", prepare_inotify, call_watch, close_fds, { 0 } },
	{ "socket_make", prepare_nothing, call_socket, close_fds, { 0, 1,
	  2 } },
	{ "socket_pair", prepare_nothing, call_pair, close_fds, { 0, 1, 2 } },
	{ "socket_connect", prepare_listener, call_connect, undo_listener,
	  { 0 } },
	{ "socket_accept", prepare_client, call_accept, undo_listener, { 0 } },
	{ "socket_sendmsg", prepare_pair, call_sendmsg, close_fds, { 0, 1,
	  2 } },
	{ "lock_flock", prepare_file, call_flock, undo_file, { 0 } },
	{ "lock_setlk", prepare_file, call_setlk, undo_file, { 0 } },
	{ "lock_split", prepare_lock, call_split, undo_file, { 0 } },
	{ .name = NULL },
};

CASE(failure_in_a_call_of_system_v_changes_something)
{
	sweep_those(operations, "sysv_");
}

CASE(failure_in_a_call_of_sets_changes_something)
{
	sweep_those(operations, "set_");
}

CASE(failure_in_a_call_of_sockets_changes_something)
{
	sweep_those(operations, "socket_");
}

CASE(failure_in_a_call_of_locks_changes_something)
{
	sweep_those(operations, "lock_");
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
