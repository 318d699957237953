/* triage.c - a receiver chooses by type. */
#include <mailbox.h>
#include <stdio.h>
#include <string.h>

enum { USUAL = 1, URGENT };

static void put(int box, uint32_t type, const char *text)
{
	struct message head = { .type = type, .bytes = strlen(text) + 1 };

	mailbox_send(box, &head, text, 0, NULL);
}

int main(void)
{
	int box = mailbox_open(NULL, O_RDWR);
	struct message head = { .type = URGENT };
	char text[80];

	put(box, USUAL, "tea");
	put(box, USUAL, "cake");
	put(box, URGENT, "fire");
	mailbox_receive(box, &head, text, sizeof(text), 0, NULL);
	printf("first: %s\n", text);
	while (mailbox_receive(box, NULL, text, sizeof(text),
			       MAILBOX_NONBLOCK, NULL) >= 0)
		printf("then: %s\n", text);
	return 0;
}
