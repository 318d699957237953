/*
 * matrix_parley.c - the rows `parley` of matrix.def: mailboxes, direct messages
 * and the terminal.
 */
#include <mailbox.h>
#include <sys/ioctl.h>
#include <sys/strace.h>

#include "tests/user/matrix_calls.h"

/* ---- Boxes --------------------------------------------------------------- */

static int open_box(struct place *p, int flags)
{
	int box = mailbox_open(p->name, flags);

	require(box >= 0);
	return box;
}

/* A box by name: `fd` for the waiter, `other` for the peer. */
static void new_box(struct place *p, long capacity, int mine, int others)
{
	struct mailbox_attr attr = {
		.capacity = capacity, .message_bytes = 8,
	};

	mailbox_unlink(p->name);
	p->fd = mailbox_open(p->name, O_CREAT | mine, 0600, &attr);
	require(p->fd >= 0);
	p->other = open_box(p, others);
}

static void remove_box(struct place *p)
{
	mailbox_unlink(p->name);
}

static int send_to(int box, int flags, const struct timespec *deadline)
{
	const struct message head = { .type = 1, .bytes = 1, .fd = -1 };

	return outcome(mailbox_send(box, &head, "x", flags, deadline), 0);
}

static int receive_from(int box, int flags, const struct timespec *deadline)
{
	char body[8];

	return outcome(mailbox_receive(box, NULL, body, sizeof(body), flags,
				       deadline), 1);
}

static int send_message(struct place *p)
{
	return send_to(p->fd, 0, NULL);
}

static int send_until(struct place *p)
{
	return send_to(p->fd, 0, soon(CLOCK_MONOTONIC));
}

static int receive_message(struct place *p)
{
	return receive_from(p->fd, 0, NULL);
}

static int receive_until(struct place *p)
{
	return receive_from(p->fd, 0, soon(CLOCK_MONOTONIC));
}

/* After the end of the peer, a process comes that opens the box by name. */
static int far_end(struct place *p, int flags)
{
	return column == PEER ? open_box(p, flags) : p->other;
}

static void put_message(struct place *p)
{
	require(send_to(far_end(p, O_WRONLY), MAILBOX_NONBLOCK, NULL) ==
		DONE);
}

static void take_message(struct place *p)
{
	require(receive_from(far_end(p, O_RDONLY), MAILBOX_NONBLOCK, NULL) ==
		DONE);
}

static void new_named(struct place *p)
{
	new_box(p, 1, O_RDONLY, O_WRONLY);
}

static void fill(struct place *p)
{
	new_box(p, 1, O_WRONLY, O_RDONLY);
	require(send_message(p) == DONE);
}

static const struct call box_receive_row = {
	.prepare = new_named, .wait = receive_message,
	.timed = receive_until, .happen = put_message, .remove = remove_box,
};

static const struct call box_send_row = {
	.prepare = fill, .wait = send_message, .timed = send_until,
	.happen = take_message, .remove = remove_box,
};

static const struct call poll_box_row = {
	.prepare = new_named, .wait = poll_for_ever, .attempt = poll_now,
	.timed = poll_a_little, .happen = put_message, .remove = remove_box,
};

/* ---- Boxes without a name ------------------------------------------------ */

static void new_own(struct place *p)
{
	new_named(p);
	remove_box(p);
}

static void fill_own(struct place *p)
{
	fill(p);
	remove_box(p);
}

static const struct call poll_own_row = {
	.prepare = new_own, .wait = poll_for_ever, .attempt = poll_now,
	.timed = poll_a_little, .happen = put_message,
};

static void new_meeting_to_receive(struct place *p)
{
	new_box(p, 0, O_RDONLY, O_WRONLY);
	remove_box(p);
}

static void new_meeting_to_send(struct place *p)
{
	new_box(p, 0, O_WRONLY, O_RDONLY);
	remove_box(p);
}

static void new_own_to_send(struct place *p)
{
	new_box(p, 8, O_WRONLY, O_RDONLY);
	remove_box(p);
}

static const struct call own_receive_row = {
	.prepare = new_own, .wait = receive_message, .timed = receive_until,
	.happen = put_message,
};

static const struct call own_send_row = {
	.prepare = fill_own, .wait = send_message, .timed = send_until,
	.happen = take_message,
};

static const struct call meeting_recv_row = {
	.prepare = new_meeting_to_receive, .wait = receive_message,
	.timed = receive_until, .happen = put_message,
};

static const struct call meeting_send_row = {
	.prepare = new_meeting_to_send, .wait = send_message,
	.timed = send_until, .happen = take_message,
};

static int send_synchronously(struct place *p)
{
	return send_to(p->fd, MAILBOX_SYNC, NULL);
}

static int send_synchronously_until(struct place *p)
{
	return send_to(p->fd, MAILBOX_SYNC, soon(CLOCK_MONOTONIC));
}

static const struct call sync_send_row = {
	.prepare = new_own_to_send, .wait = send_synchronously,
	.timed = send_synchronously_until, .happen = take_message,
};

/* A server without a request to answer. */
static int receive_next(struct place *p)
{
	struct message head = { .id = 0 };
	char body[8];

	return outcome(mailbox_reply_receive(p->fd, &head, NULL, body,
					     sizeof(body)), 1);
}

static const struct call reply_recv_row = {
	.prepare = new_own, .wait = receive_next, .happen = put_message,
};

static int call_until(struct place *p, const struct timespec *deadline)
{
	struct message head = { .type = 1, .bytes = 1, .fd = -1 };
	char reply[8];

	return outcome(mailbox_call(p->fd, &head, "x", reply, sizeof(reply),
				    deadline), 1);
}

static int call_server(struct place *p)
{
	return call_until(p, NULL);
}

static int call_server_until(struct place *p)
{
	return call_until(p, soon(CLOCK_MONOTONIC));
}

static void answer(struct place *p)
{
	struct message head = { .type = 0 };
	char body[8];

	require(mailbox_receive(p->other, &head, body, 8, MAILBOX_NONBLOCK,
				NULL) == 1);
	head.bytes = 1;
	require(mailbox_reply(p->other, &head, "y") == 0);
}

static const struct call box_call_row = {
	.prepare = new_own_to_send, .wait = call_server,
	.timed = call_server_until, .happen = answer,
};

/* ---- Direct messages ----------------------------------------------------- */

/* The process at the far end: the peer, or the driver. */
static pid_t partner(struct place *p)
{
	return p->peer ? p->peer : getppid();
}

static int receive_direct(struct place *p, int flags,
			  const struct timespec *deadline)
{
	char body[8];

	return outcome(message_receive(partner(p), NULL, body, sizeof(body),
				       flags, deadline), 1);
}

static int receive_directly(struct place *p)
{
	return receive_direct(p, 0, NULL);
}

static int try_directly(struct place *p)
{
	return receive_direct(p, MAILBOX_NONBLOCK, NULL);
}

static int receive_directly_until(struct place *p)
{
	return receive_direct(p, 0, soon(CLOCK_MONOTONIC));
}

static int send_direct(pid_t to, int flags, const struct timespec *deadline)
{
	const struct message head = { .type = 1, .bytes = 1, .fd = -1 };

	return outcome(message_send(to, &head, "x", flags, deadline), 0);
}

static void send_to_waiter(struct place *p)
{
	require(send_direct(p->waiter, 0, NULL) == DONE);
}

static int send_directly(struct place *p)
{
	return send_direct(partner(p), MAILBOX_SYNC, NULL);
}

static int send_directly_until(struct place *p)
{
	return send_direct(partner(p), MAILBOX_SYNC, soon(CLOCK_MONOTONIC));
}

static void receive_from_waiter(struct place *p)
{
	char body[8];

	require(message_receive(p->waiter, NULL, body, 8, MAILBOX_NONBLOCK,
				NULL) == 1);
}

static const struct call direct_recv_row = {
	.prepare = prepare_nothing, .hold = stand_by, .wait = receive_directly,
	.attempt = try_directly, .timed = receive_directly_until,
	.happen = send_to_waiter,
};

static const struct call direct_send_row = {
	.prepare = prepare_nothing, .hold = stand_by, .wait = send_directly,
	.timed = send_directly_until, .happen = receive_from_waiter,
};

/* The inbox belongs to the waiter. */
static void open_inbox(struct place *p)
{
	p->fd = message_inbox();
	require(p->fd >= 0);
}

static const struct call poll_inbox_row = {
	.prepare = prepare_nothing, .enter = open_inbox, .wait = poll_for_ever,
	.attempt = poll_now, .timed = poll_a_little, .happen = send_to_waiter,
};

/* ---- Calls that are watched ---------------------------------------------- */

static int gate[2];

/* A watched process sleeps in read(), and the records so far are gone. */
static void watch(struct place *p)
{
	static struct call_record records[32];
	pid_t pid;
	char byte;

	require(pipe(gate) == 0);
	p->fd = strace_open(0);
	require(p->fd >= 0);
	pid = fork_or_fail();
	if (pid == 0) {
		require(strace_attach(p->fd) == 0);
		read(gate[0], &byte, 1);
		_exit(0);
	}
	p->peer = pid;
	until_asleep(pid);
	require(read(p->fd, records, sizeof(records)) > 0);
}

static int read_call(struct place *p)
{
	struct call_record record;

	return outcome(read(p->fd, &record, sizeof(record)), sizeof(record));
}

/* The watched call ends, and the process. */
static void open_gate(struct place *p)
{
	require(write(gate[1], "x", 1) == 1);
	until_peer_ends(p);
}

static const struct call strace_read_row = {
	.prepare = watch, .wait = read_call, .happen = open_gate,
};

/* ---- The terminal -------------------------------------------------------- */

/* The waiter leads a session, with the terminal. */
static void open_terminal(struct place *p)
{
	require(setsid() > 0);
	p->fd = open("/dev/console", O_RDWR);
	require(p->fd >= 0 && ioctl(p->fd, TIOCSCTTY, 0) == 0);
}

static int read_line(struct place *p)
{
	char line[80];

	return outcome(read(p->fd, line, sizeof(line)), 1);
}

static const struct call tty_read_row = {
	.prepare = prepare_nothing, .enter = open_terminal, .wait = read_line,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_parley	ROW_AS_STRUCT
#define LINUX_parley	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
