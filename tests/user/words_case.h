/*
 * words_case.h - what the cases of calls by words share.
 */
#pragma once

#include <mailbox.h>

#include "tests/user/mailbox_case.h"

#define CALLS	200
#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

HELPER struct mailbox_words words;
HELPER volatile int *is_at_work;	/* shared: it has the last request */

HELPER pid_t start_with_box(int (*server)(void))
{
	new_box(0);
	is_at_work = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(is_at_work != MAP_FAILED);
	return start_asleep(server);
}

HELPER void until_at_work(void)
{
	while (!*is_at_work)
		case_pause();
}

HELPER int call_words(uint32_t a)
{
	words = (struct mailbox_words){ .type = 1, .word = { a, a + 1 } };
	return mailbox_call_words(box, &words);
}

HELPER int answers(uint32_t a)
{
	return call_words(a) == 0 && words.type == 2 && words.word[0] == ~a &&
	       words.word[1] == a + 1;
}

/* Until type 9, which it does not answer. */
HELPER int serve(void)
{
	struct mailbox_words request = { .id = 0 };
	uint32_t type;

	do {
		if (mailbox_reply_receive_words(box, &request) < 0)
			return 1;
		type = request.type;
		request.type++;
		request.word[0] = ~request.word[0];
	} while (type != 9);
	return 7;
}

HELPER pid_t start_serving(long capacity)
{
	new_box(capacity);
	return start_asleep(serve);
}

/* So that the next call takes the short way. */
HELPER void warm_up(void)
{
	for (uint32_t i = 0; i < 4; i++)
		require(answers(i));
}

HELPER int call_one(void)
{
	return call_words(1) == 0 ? 7 : errno;
}

HELPER int call_three(void)
{
	call_words(1);
	call_words(2);
	return call_words(3) == -1 ? errno : 0;
}

HELPER int answer_late(void)
{
	struct mailbox_words request = { .id = 0 };

	set_handler(SIGUSR1, catch_it, 0);
	for (int i = 0; i < 2; i++)
		mailbox_reply_receive_words(box, &request);
	*is_at_work = 1;
	while (!caught)
		case_pause();
	return mailbox_reply_receive_words(box, &request) == -1 ? errno : 0;
}

HELPER int take_and_stay(void)
{
	struct mailbox_words request = { .id = 0 };

	for (int i = 0; i < 3; i++)
		mailbox_reply_receive_words(box, &request);
	*is_at_work = 1;
	pause();
	return 1;
}
