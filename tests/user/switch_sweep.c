/*
 * switch_sweep.c - a forced switch at every chance: sender, receiver, and a
 * third process that kills, signals, closes, takes part or polls.
 *
 * The kernel is never preempted inside a system call, so the order of the calls
 * decides the result. For each mechanism and each kind of third process the
 * same short story is played with every combination of places at which sender
 * and receiver yield, and of moments at which the third process acts:
 *
 *	sender		sends 0, 1, 2 and closes
 *	receiver	receives until the end, or until the stop message
 *	third		waits for its turn and then acts
 *
 * There is room for one message only, so both wait for each other. Afterwards
 * all processes have ended. Every sent message was received once and in order,
 * or is still in the object; only a message that a killed process had received
 * may be missing. The file is long because of its many mechanisms, a few lines
 * for each.
 *
 * linux: no
 */
#include <fcntl.h>
#include <mailbox.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define MESSAGES	3
#define FILLER		200		/* leaves room for one message */
#define STOP		100
#define TURNS		6		/* of the third, before it acts */

enum third {
	BYSTANDER, KILLS_RECEIVER, KILLS_SENDER, SIGNALS_RECEIVER,
	SIGNALS_SENDER, CLOSES, RECEIVES, POLLS, THIRDS
};

static const char *const third_name[] = {
	"bystander", "kills receiver", "kills sender", "signals receiver",
	"signals sender", "closes", "receives", "polls",
};

struct channel {
	const char *name;
	void (*make)(void);
	int (*send)(int value);		/* 0, or -1 and errno */
	int (*receive)(void);		/* value; -1: errno, 0 is the end */
	int has_end;			/* the last writer's close is told */
	int only_counts;		/* values get lost, not their number */
};

/* What all see of a run. */
static struct shared {
	int sent;			/* sends that returned */
	int received[2][MESSAGES * 4], count[2];
	int is_stopping;		/* for channels that only count */
	sem_t items;
} *shared;

static int in, out;			/* descriptors, maybe the same */
static int values[1024];		/* one record: PIPE_BUF bytes */
static int place[3];			/* where sender, receiver, third act */
static const struct channel *channel;
static enum third third;

/* ---- Channels ---------------------------------------------------------- */

static void fill(void)
{
	values[0] = FILLER;
	for (int i = 0; i < PIPE_BYTES / sizeof(values) - 1; i++)
		require(write(out, values, sizeof(values)) == sizeof(values));
}

static void make_pipe(void)
{
	int ends[2];

	require(pipe(ends) == 0);
	in = ends[0];
	out = ends[1];
	fill();
}

static void make_fifo(void)
{
	require(mkfifo("/tmp/sweep-fifo", 0600) == 0);
	in = open("/tmp/sweep-fifo", O_RDONLY | O_NONBLOCK);
	out = open("/tmp/sweep-fifo", O_WRONLY);
	require(in >= 0 && out >= 0 && unlink("/tmp/sweep-fifo") == 0);
	set_nonblocking(in, 0);
	fill();
}

/* Whole records: a stream may part the bytes of a write. */
static void make_socket(void)
{
	int ends[2];

	require(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
	in = ends[0];
	out = ends[1];
	fill();
}

static int send_bytes(int value)
{
	values[0] = value;
	return write(out, values, sizeof(values)) == sizeof(values) ? 0 : -1;
}

static int receive_bytes(void)
{
	ssize_t n = read(in, values, sizeof(values));

	if (n == 0)
		errno = 0;
	return n == sizeof(values) ? values[0] : -1;
}

static void make_queue(void)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = sizeof(int) };

	in = out = mq_open("/sweep", O_RDWR | O_CREAT, 0600, &attr);
	require(in >= 0 && mq_unlink("/sweep") == 0);
}

static int send_queued(int value)
{
	return mq_send(out, (char *)&value, sizeof(value), 0);
}

static int receive_queued(void)
{
	int value;

	return mq_receive(in, (char *)&value, sizeof(value), NULL) ==
	       sizeof(value) ? value : -1;
}

static void make_box(long capacity)
{
	struct mailbox_attr attr = {
		.capacity = capacity, .message_bytes = sizeof(int),
	};

	in = out = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	require(in >= 0);
}

static void make_rendezvous(void)
{
	make_box(0);
}

static void make_small_box(void)
{
	make_box(1);
}

static void make_unbounded_box(void)
{
	make_box(MAILBOX_UNBOUNDED);
}

static int send_mail(int value)
{
	struct message head = { .type = 1, .bytes = sizeof(value), .fd = -1 };

	return mailbox_send(out, &head, &value, 0, NULL);
}

static int send_synchronously(int value)
{
	struct message head = { .type = 1, .bytes = sizeof(value), .fd = -1 };

	return mailbox_send(out, &head, &value, MAILBOX_SYNC, NULL);
}

static int receive_mail(void)
{
	int value;

	return mailbox_receive(in, NULL, &value, sizeof(value), 0, NULL) ==
	       sizeof(value) ? value : -1;
}

static void make_counter(void)
{
	in = out = eventfd(0, EFD_SEMAPHORE);
	require(in >= 0);
}

static int send_unit(int value)
{
	(void)value;
	return eventfd_write(out, 1);
}

static int receive_unit(void)
{
	eventfd_t value;

	return eventfd_read(in, &value) == 0 ? 0 : -1;
}

static void make_semaphore(void)
{
	in = out = eventfd(0, 0);	/* only to be closed and polled */
	require(in >= 0 && sem_init(&shared->items, 1, 0) == 0);
}

static int post_semaphore(int value)
{
	(void)value;
	return sem_post(&shared->items);
}

static int wait_semaphore(void)
{
	return sem_wait(&shared->items);
}

/* Nobody else receives: is there something, now? */
static int is_ready(void)
{
	struct pollfd polled = { in, POLLIN, 0 };
	int value;

	if (channel->receive == wait_semaphore)
		return sem_getvalue(&shared->items, &value) == 0 && value > 0;
	return poll(&polled, 1, 0) == 1 && polled.revents & POLLIN;
}

/* ---- The three --------------------------------------------------------- */

static void close_both(void)
{
	close(in);
	if (out != in)
		close(out);
}

static int sender(void)
{
	if (in != out)
		close(in);
	for (int i = 0; i < MESSAGES; i++) {
		if (i == place[0])
			sched_yield();
		while (channel->send(i) != 0)
			if (errno != EINTR)
				return errno == EPIPE ? 50 : 60;
		shared->sent = i + 1;
	}
	return 0;
}

/* The end came or we were told to stop: 0. */
static int receive_all(int me)
{
	int value;

	if (in != out)
		close(out);
	for (int i = 0; ; i++) {
		if (i == place[1])
			sched_yield();
		value = channel->receive();
		if (value == FILLER || (value < 0 && errno == EINTR))
			continue;
		if (value < 0)
			return channel->has_end && errno == 0 ? 0 : 60;
		if (value == STOP ||
		    (channel->only_counts && shared->is_stopping))
			return 0;
		if (shared->count[me] == MESSAGES * 4)
			return 70;
		shared->received[me][shared->count[me]++] = value;
	}
}

static int receiver(void)
{
	return receive_all(0);
}

static int act(pid_t sender_pid, pid_t receiver_pid)
{
	struct pollfd polled = { in, POLLIN, 0 };

	if (third != CLOSES && third != RECEIVES && third != POLLS)
		close_both();
	if (third == POLLS && in != out)
		close(out);
	for (int i = 0; i < place[2]; i++)
		sched_yield();
	switch (third) {
	case KILLS_RECEIVER:
		return kill(receiver_pid, SIGKILL);
	case KILLS_SENDER:
		return kill(sender_pid, SIGKILL);
	case SIGNALS_RECEIVER:
		return kill(receiver_pid, SIGUSR1);
	case SIGNALS_SENDER:
		return kill(sender_pid, SIGUSR1);
	case CLOSES:
		close_both();
		return 0;
	case RECEIVES:
		return receive_all(1);
	case POLLS:
		return poll(&polled, 1, -1) < 0;
	default:
		return 0;
	}
}

/* ---- One run ----------------------------------------------------------- */

static void tell_where(int n)
{
	char line[160];

	snprintf(line, sizeof(line), "# %s, third %s, at %d %d %d: %s\n",
		 channel->name, third_name[third], place[0], place[1],
		 place[2], n ? "no end" : "wrong");
	if (write(1, line, strlen(line)) < 0 || n)
		_exit(1);
}

/* Of what lies there still. */
static void drain_all(void)
{
	int value;

	while (is_ready()) {
		value = channel->receive();
		if (value < 0)
			return;
		if (value == FILLER)
			continue;
		shared->received[0][shared->count[0]++] = value;
	}
}

/* Somebody must receive, or the sender waits for ever. */
static int wait_and_drain(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		drain_all();
		sched_yield();
	}
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void stop_receivers(int count)
{
	if (channel->has_end)
		return;
	shared->is_stopping = 1;
	while (count-- > 0)
		while (channel->send(STOP) != 0)
			require(errno == EINTR);
}

/* In order and once: 0 1 2, from two receivers together. A killed receiver may
 * have had a message. */
static int is_in_order(void)
{
	int *a = shared->received[0], *b = shared->received[1];
	int count = shared->count[0] + shared->count[1], missing = 0;
	int i = 0, j = 0;

	if (channel->only_counts)
		return count <= MESSAGES;
	for (int k = 0; k < MESSAGES && i + j < count; k++) {
		if (i < shared->count[0] && a[i] == k)
			i++;
		else if (j < shared->count[1] && b[j] == k)
			j++;
		else
			missing++;
	}
	return i + j == count && missing <= (third == KILLS_RECEIVER);
}

static int all_is_right(int sender_result, int receiver_result)
{
	int count = shared->count[0] + shared->count[1];

	if (!is_in_order())
		return 0;
	if (sender_result != 0 && third != KILLS_SENDER)
		return 0;
	if (receiver_result != 0 && third != KILLS_RECEIVER)
		return 0;
	if (third == KILLS_RECEIVER)
		return count == MESSAGES || count == MESSAGES - 1;
	if (third == KILLS_SENDER)
		return count == shared->sent || count == shared->sent + 1;
	return count == MESSAGES;
}

static void run(void)
{
	pid_t pids[3];
	int results[2];

	memset(shared, 0, sizeof(*shared));
	channel->make();
	pids[0] = start(sender);
	pids[1] = start(receiver);
	pids[2] = fork_or_fail();
	if (pids[2] == 0)
		_exit(act(pids[0], pids[1]));
	if (channel->has_end)
		close(out);
	if (third == KILLS_RECEIVER) {
		results[1] = result_of(pids[1]);
		results[0] = wait_and_drain(pids[0]);
	} else {
		results[0] = result_of(pids[0]);
		stop_receivers(third == RECEIVES ? 2 : 1);
		results[1] = result_of(pids[1]);
	}
	if (third == RECEIVES)
		expect(result_of(pids[2]) == 0);
	else
		kill_and_wait(pids[2]);
	drain_all();
	if (!all_is_right(results[0], results[1])) {
		tell_where(0);
		require(!"sent once, received once");
	}
	close(in);
	if (!channel->has_end && in != out)
		close(out);
}

/* Every place of the sender with every place of the receiver and every moment
   of the third process. */
static void sweep(const struct channel *through)
{
	channel = through;
	set_handler(SIGUSR1, catch_it, 0);
	set_handler(SIGALRM, tell_where, 0);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
	for (third = 0; third < THIRDS; third++) {
		alarm(30);
		for (int i = 0; i < (MESSAGES + 1) * (MESSAGES + 1) * TURNS;
		     i++) {
			place[0] = i % (MESSAGES + 1);
			place[1] = i / (MESSAGES + 1) % (MESSAGES + 1);
			place[2] = i / (MESSAGES + 1) / (MESSAGES + 1);
			run();
		}
	}
	alarm(0);
}

/* ---- The mechanisms ---------------------------------------------------- */

CASE(switch_breaks_a_pipe)
{
	sweep(&(struct channel){ "pipe", make_pipe, send_bytes, receive_bytes,
				 1, 0 });
}

CASE(switch_breaks_a_fifo)
{
	sweep(&(struct channel){ "fifo", make_fifo, send_bytes, receive_bytes,
				 1, 0 });
}

CASE(switch_breaks_a_local_socket)
{
	sweep(&(struct channel){ "socket", make_socket, send_bytes,
				 receive_bytes, 1, 0 });
}

CASE(switch_breaks_a_message_queue)
{
	sweep(&(struct channel){ "mqueue", make_queue, send_queued,
				 receive_queued, 0, 0 });
}

CASE(switch_breaks_a_rendezvous)
{
	sweep(&(struct channel){ "rendezvous", make_rendezvous, send_mail,
				 receive_mail, 0, 0 });
}

CASE(switch_breaks_a_bounded_mailbox)
{
	sweep(&(struct channel){ "mailbox", make_small_box, send_mail,
				 receive_mail, 0, 0 });
}

CASE(switch_breaks_an_unbounded_mailbox)
{
	sweep(&(struct channel){ "unbounded", make_unbounded_box, send_mail,
				 receive_mail, 0, 0 });
}

CASE(switch_breaks_a_synchronous_mailbox)
{
	sweep(&(struct channel){ "synchronous", make_unbounded_box,
				 send_synchronously, receive_mail, 0, 0 });
}

CASE(switch_breaks_an_event_counter)
{
	sweep(&(struct channel){ "eventfd", make_counter, send_unit,
				 receive_unit, 0, 1 });
}

CASE(switch_breaks_a_semaphore)
{
	sweep(&(struct channel){ "semaphore", make_semaphore, post_semaphore,
				 wait_semaphore, 0, 1 });
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
