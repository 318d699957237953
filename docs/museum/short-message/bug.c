/* bug.c - a message of a wrong length is taken for a whole message. */
#include <fcntl.h>
#include <mailbox.h>
#include <stdio.h>

struct payment {
	int account, amount;
};

static void send(int box, const void *body, size_t bytes)
{
	struct message head = { .type = 1, .bytes = bytes, .fd = -1 };

	mailbox_send(box, &head, body, 0, NULL);
}

int main(void)
{
	int box = mailbox_open("bank", O_CREAT | O_RDWR, 0600, NULL);
	struct payment payment = { 7, 100 };
	struct message head;
	int account = 9;

	mailbox_unlink("bank");
	send(box, &payment, sizeof(payment));
	send(box, &account, sizeof(account));
	for (int i = 0; i < 2; i++) {
		head = (struct message){ .type = 0 };
		mailbox_receive(box, &head, &payment, sizeof(payment), 0, NULL);
		printf("%d to account %d\n", payment.amount, payment.account);
	}
	return 0;
}
