/* oracle.c - a server that multiplies, and one question to it. */
#include <mailbox.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int box = mailbox_open(NULL, O_RDWR), numbers[2], answer;
	struct message head = { .bytes = sizeof(numbers) };

	if (argc != 3)
		return 2;
	if (fork() == 0) {
		mailbox_receive(box, &head, numbers, sizeof(numbers), 0, NULL);
		answer = numbers[0] * numbers[1];
		head.bytes = sizeof(answer);
		mailbox_reply(box, &head, &answer);
		_exit(0);
	}
	numbers[0] = atoi(argv[1]);
	numbers[1] = atoi(argv[2]);
	mailbox_call(box, &head, numbers, &answer, sizeof(answer), NULL);
	printf("%d\n", answer);
	return 0;
}
