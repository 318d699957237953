/*
 * fail_messages.c - failures in the calls of mailboxes and shared pages: each
 * is a right errno and changes nothing.
 */
#include <mailbox.h>
#include <mqueue.h>
#include <pages.h>
#include <sys/mman.h>

#include "tests/user/fail_case.h"

static struct message head;
static char *mapped;
static size_t mapped_bytes;

/* ---- Mailboxes --------------------------------------------------------- */

static void prepare_box(size_t bytes)
{
	struct mailbox_attr attr = {
		.capacity = 4, .message_bytes = BYTES_MOST,
	};

	prepare_nothing(bytes);
	fds[0] = mailbox_open("/fail", O_RDWR | O_CREAT, 0600, &attr);
	require(fds[0] >= 0);
	require(pipe(fds + 1) == 0);
}

static long call_mailbox_open(size_t bytes)
{
	struct mailbox_attr attr = {
		.capacity = 4, .message_bytes = bytes,
	};

	return made_one(mailbox_open("/fail", O_RDWR | O_CREAT, 0600,
				     &attr));
}

static long send_it(size_t bytes, int flags)
{
	head = (struct message){
		.type = 5, .bytes = bytes, .fd = fds[1], .flags = flags,
	};
	return mailbox_send(fds[0], &head, data, 0, NULL);
}

static long call_mailbox_send(size_t bytes)
{
	return send_it(bytes, 0);
}

static long call_mailbox_send_fd(size_t bytes)
{
	return send_it(bytes, MESSAGE_HAS_FD);
}

static void prepare_filled_box(size_t bytes)
{
	prepare_box(bytes);
	require(send_it(bytes, 0) == 0);
}

static void prepare_box_with_fd(size_t bytes)
{
	prepare_box(bytes);
	require(send_it(bytes, MESSAGE_HAS_FD) == 0);
}

static long call_mailbox_receive(size_t bytes)
{
	long result;

	(void)bytes;
	head = (struct message){ .fd = -1 };
	result = mailbox_receive(fds[0], &head, data, BYTES_MOST,
				 MAILBOX_NONBLOCK, NULL);
	if (result >= 0 && head.flags & MESSAGE_HAS_FD)
		made[0] = head.fd;
	return result;
}

static long call_mailbox_getattr(size_t bytes)
{
	struct mailbox_attr attr;

	(void)bytes;
	return mailbox_getattr(fds[0], &attr);
}

static long call_mailbox_unlink(size_t bytes)
{
	(void)bytes;
	return mailbox_unlink("/fail");
}

static void undo_box(void)
{
	mailbox_unlink("/fail");
	close_fds();
}

/* A message to oneself. */
static long call_message_send(size_t bytes)
{
	head = (struct message){ .type = 5, .bytes = bytes, .fd = -1 };
	return message_send(getpid(), &head, data, 0, NULL);
}

static void prepare_message(size_t bytes)
{
	prepare_nothing(bytes);
	require(call_message_send(bytes) == 0);
}

static long call_message_receive(size_t bytes)
{
	(void)bytes;
	head = (struct message){ .fd = -1 };
	return message_receive(0, &head, data, BYTES_MOST, MAILBOX_NONBLOCK,
			       NULL);
}

static void undo_message(void)
{
	while (call_message_receive(0) >= 0)
		;
	close_fds();
}

/* ---- Shared pages ------------------------------------------------------ */

static void prepare_memory(size_t bytes)
{
	prepare_nothing(bytes);
	mapped_bytes = bytes;
	mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	require(mapped != MAP_FAILED);
	memset(mapped, 1, bytes);
}

static long call_page_grant(size_t bytes)
{
	return made_one(page_grant(mapped, bytes, PROT_READ | PROT_WRITE));
}

static void prepare_grant(size_t bytes)
{
	prepare_memory(bytes);
	fds[0] = page_grant(mapped, bytes, PROT_READ | PROT_WRITE);
	require(fds[0] >= 0);
}

static long call_page_revoke(size_t bytes)
{
	(void)bytes;
	return page_revoke(fds[0]);
}

static long map_it(size_t bytes, int flags)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fds[0],
			0);

	if (at == MAP_FAILED)
		return -1;
	munmap(at, bytes);
	return 0;
}

static long call_map_shared(size_t bytes)
{
	return map_it(bytes, MAP_SHARED);
}

static long call_map_anonymous(size_t bytes)
{
	return map_it(bytes, MAP_SHARED | MAP_ANONYMOUS);
}

/* The kernel reads pages that do not exist yet: the pages come inside the
   call. */
static long call_map_and_write(size_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			fds[0], 0);
	long result;
	int error;

	if (at == MAP_FAILED)
		return -1;
	result = pipe(made);
	error = errno;
	munmap(at, bytes);
	errno = error;
	return result;
}

static void undo_memory(void)
{
	close_fds();
	munmap(mapped, mapped_bytes);
}

static void prepare_shm(size_t bytes)
{
	prepare_nothing(bytes);
	fds[0] = shm_open("/fail", O_RDWR | O_CREAT, 0600);
	require(fds[0] >= 0 && ftruncate(fds[0], bytes) == 0);
}

/* Write to each page: otherwise a successful mapping allocates a page. */
static void prepare_full_shm(size_t bytes)
{
	size_t at;

	prepare_shm(bytes);
	for (at = 0; at < bytes; at += 4096)
		pwrite(fds[0], "", 1, at);
}

static long call_shm_open(size_t bytes)
{
	(void)bytes;
	return made_one(shm_open("/fail", O_RDWR | O_CREAT, 0600));
}

static void undo_shm(void)
{
	shm_unlink("/fail");
	close_fds();
}

/* ---- The table --------------------------------------------------------- */

#define PAGES	{ 4096, 8192, 40960, 65536, 524288, 2097152 }

static const struct operation operations[] = {
	{ "mailbox_open", prepare_nothing, call_mailbox_open, undo_box,
	  LENGTHS },
	{ "mailbox_send", prepare_box, call_mailbox_send, undo_box, LENGTHS },
	{ "mailbox_send_fd", prepare_box, call_mailbox_send_fd, undo_box,
	  LENGTHS },
	{ "mailbox_receive", prepare_filled_box, call_mailbox_receive,
	  undo_box, LENGTHS },
	{ "mailbox_receive_fd", prepare_box_with_fd, call_mailbox_receive,
	  undo_box, LENGTHS },
	{ "mailbox_getattr", prepare_box, call_mailbox_getattr, undo_box,
	  { 0 } },
	{ "mailbox_unlink", prepare_box, call_mailbox_unlink, undo_box, { 0 } },
	{ "message_send", prepare_nothing, call_message_send, undo_message,
	  LENGTHS },
	{ "message_receive", prepare_message, call_message_receive,
	  undo_message, LENGTHS },
	{ "page_grant", prepare_memory, call_page_grant, undo_memory, PAGES },
	{ "page_revoke", prepare_grant, call_page_revoke, undo_memory, PAGES },
	{ "map_grant", prepare_grant, call_map_shared, undo_memory, PAGES },
	{ "map_shm", prepare_shm, call_map_shared, undo_shm, PAGES },
	{ "map_and_call", prepare_full_shm, call_map_and_write, undo_shm,
	  PAGES },
	{ "map_anonymous", prepare_nothing, call_map_anonymous, close_fds,
	  PAGES },
	{ "shm_open", prepare_nothing, call_shm_open, undo_shm, { 0 } },
	{ .name = NULL },
};

CASE(failure_in_a_call_of_mailboxes_changes_something)
{
	sweep_those(operations, "mailbox_");
}

CASE(failure_in_a_call_of_direct_messages_changes_something)
{
	sweep_those(operations, "message_");
}

CASE(failure_in_a_call_of_pages_changes_something)
{
	sweep_those(operations, "page_");
	sweep_those(operations, "map_");
	sweep_those(operations, "shm_");
}

/* ---- No page for a receiver that sleeps ---------------------------------- */

static void *new_page(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(page != MAP_FAILED);
	return page;
}

static int receive_from_box(void)
{
	void *page = new_page();

	return mailbox_receive(fds[0], NULL, page, 4096, 0, NULL) < 0
		? errno : 0;
}

static int receive_from_queue(void)
{
	char *page = new_page();

	return mq_receive(fds[0], page, 4096, NULL) < 0 ? errno : 0;
}

CASE(receiver_without_memory_blames_its_address)
{
	struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 4096 };
	pid_t child;

	if (!test_is_possible())
		return;
	prepare_box(16);
	child = start(receive_from_box);
	until_asleep(child);
	test_fail_alloc(1);
	expect(send_it(16, 0) == 0);
	expect(test_fail_alloc(0) == 0);
	expect(result_of(child) == ENOMEM);
	expect(receive_from_box() == 0);	/* the message is still there */
	expect(mailbox_unlink("/fail") == 0);
	fds[0] = mq_open("/fail", O_RDWR | O_CREAT, 0600, &attr);
	require(fds[0] >= 0);
	child = start(receive_from_queue);
	until_asleep(child);
	test_fail_alloc(1);
	expect(mq_send(fds[0], data, 16, 0) == 0);
	expect(test_fail_alloc(0) == 0);
	expect(result_of(child) == ENOMEM);
	expect(receive_from_queue() == 0);
	expect(mq_unlink("/fail") == 0);
}

/* A long body is copied when the message has left the box: mail_long.c. */
static int is_long_receive(const struct operation *operation, size_t bytes)
{
	return bytes > 16384 && (operation->call == call_mailbox_receive ||
				 operation->call == call_message_receive);
}

int main(int argc, char **argv)
{
	may_lose = is_long_receive;
	return run_cases(argc, argv);
}
