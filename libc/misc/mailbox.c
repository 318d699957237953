/*
 * mailbox.c - mailboxes: optional arguments, and words when they have to go by
 * an ordinary message.
 */
#include <errno.h>
#include <mailbox.h>
#include <stdarg.h>
#include <stddef.h>

#include "libc/syscall.h"

int mailbox_open(const char *name, int oflag, ...)
{
	const struct mailbox_attr *attr = NULL;
	mode_t mode = 0;
	va_list arguments;

	if (oflag & O_CREAT) {
		va_start(arguments, oflag);
		mode = va_arg(arguments, mode_t);
		attr = va_arg(arguments, const struct mailbox_attr *);
		va_end(arguments);
	}
	return __sys_mailbox_open(name, oflag, mode, attr);
}

#define WORDS_BYTES	sizeof(((struct mailbox_words *)NULL)->word)

static struct message head_of(const struct mailbox_words *words)
{
	return (struct message){
		.type = words->type, .id = words->id, .bytes = WORDS_BYTES,
		.fd = -1,
	};
}

static void take_words(struct mailbox_words *words, const struct message *head,
		       const uint32_t *body)
{
	words->id = head->flags & MESSAGE_WANTS_REPLY ? head->id : 0;
	words->type = head->type;
	words->word[0] = body[0];
	words->word[1] = body[1];
}

int __mailbox_call_words(int box, struct mailbox_words *words, long result)
{
	struct message head = head_of(words);
	uint32_t body[2] = { 0, 0 };

	if (result == 0)
		return 0;
	if (result != -ENOSYS) {
		errno = -result;
		return -1;
	}
	if (mailbox_call(box, &head, words->word, body, sizeof(body), NULL) < 0)
		return -1;
	take_words(words, &head, body);
	return 0;
}

/* It has answered, or there was nothing to answer. */
static pid_t receive_words(int box, struct mailbox_words *words)
{
	struct message head = { .id = 0 };
	uint32_t body[2] = { 0, 0 };

	if (mailbox_receive(box, &head, body, sizeof(body), 0, NULL) < 0)
		return -1;
	take_words(words, &head, body);
	return head.sender;
}

pid_t __mailbox_reply_receive_words(int box, struct mailbox_words *words,
				    long result)
{
	struct message head = head_of(words);

	if (result == -ENOSYS && words->id) {
		if (mailbox_reply(box, &head, words->word) < 0)
			return -1;
		words->id = 0;
		result = __mailbox_words(MAILBOX_WORDS_REPLY + (unsigned)box,
					 words);
	}
	if (result == -ENOSYS)
		return receive_words(box, words);
	if (result > 0)
		return result;
	errno = -result;
	return -1;
}
