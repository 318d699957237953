/* tiers.c - a message queue orders its messages by priority. */
#include <mqueue.h>
#include <stdio.h>

int main(void)
{
	static const struct { char word[8]; unsigned priority; } sent[] = {
		{ "tea", 0 }, { "fire", 9 }, { "cake", 5 },
	};
	const struct mq_attr attr = { .mq_maxmsg = 3, .mq_msgsize = 8 };
	mqd_t queue = mq_open("/tiers", O_CREAT | O_RDWR, 0600, &attr);
	char word[8];

	mq_unlink("/tiers");
	for (int i = 0; i < 3; i++)
		mq_send(queue, sent[i].word, sizeof(word), sent[i].priority);
	for (int i = 0; i < 3; i++) {
		mq_receive(queue, word, sizeof(word), NULL);
		puts(word);
	}
	return 0;
}
