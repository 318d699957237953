/*
 * move_mail.c - a mebibyte in messages of a mailbox, copied, or as a gift.
 *
 * The bodies are whole pages. A gift moves the pages: the sender finds empty
 * pages afterwards, and the receiver has the sender's pages in the place of its
 * old pages.
 *
 * only: parley
 */
#include <mailbox.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/move.h"

static int there, back;
static uint32_t *piece;

static void receive_pieces(void)
{
	struct message done = { .type = 1, .fd = -1 };
	int i;

	for (;;) {
		for (i = 0; i < PIECES; i++) {
			mailbox_receive(there, NULL, piece, PIECE_BYTES, 0,
					NULL);
			add_up(piece);
		}
		mailbox_send(back, &done, NULL, 0, NULL);
	}
}

static void send_pieces(void *flags)
{
	struct message head = { .type = 1, .bytes = PIECE_BYTES, .fd = -1 };
	int i;

	for (i = 0; i < PIECES; i++) {
		make(piece);
		mailbox_send(there, &head, piece, *(int *)flags, NULL);
	}
	mailbox_receive(back, NULL, NULL, 0, 0, NULL);
}

static int open_box(size_t message_bytes)
{
	struct mailbox_attr attr = { 4, message_bytes, 0 };

	return mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
}

static void mail_row(const char *name, int flags)
{
	pid_t pid;

	piece = mmap(NULL, PIECE_BYTES, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	there = open_box(PIECE_BYTES);
	back = open_box(4);
	pid = fork();
	if (pid == 0)
		receive_pieces();
	report_share(name, measure(send_pieces, &flags), MOVED_BYTES);
	end_child(pid);
	close(there);
	close(back);
	munmap(piece, PIECE_BYTES);
}

static void copy_row(const char *name)
{
	mail_row(name, 0);
}

static void gift_row(const char *name)
{
	mail_row(name, MAILBOX_GIFT);
}

static const struct row rows[] = {
	{ "move-mail", copy_row },
	{ "move-gift", gift_row },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
