/*
 * mailbox.h - messages with a header, through boxes or straight to a process.
 *
 * A box is a file descriptor: close(), dup(), poll() and inheritance work; it
 * can travel in a message. Its name stands in /ipc/mailbox. Deadlines are
 * absolute times of CLOCK_MONOTONIC; NULL waits without end. Every call that
 * waits ends with EINTR when a handler ran, ETIMEDOUT at its deadline.
 */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/mailbox.h"
#include "kernel/abi/time.h"

/*
 * A box by name, or a private one (name NULL). With O_CREAT: mode_t mode, const
 * struct mailbox_attr *attr (NULL: 16 messages of 4096 bytes). O_RDONLY only
 * receives and replies, O_WRONLY only sends and calls. Errors as of open(2),
 * and EINVAL for attributes that cannot be.
 */
int mailbox_open(const char *name, int oflag, ...);
int mailbox_unlink(const char *name);
int mailbox_getattr(int box, struct mailbox_attr *attr);

/*
 * Of *head count type, receiver, bytes, and fd with MESSAGE_HAS_FD. EMSGSIZE:
 * longer than the box allows. EAGAIN: MAILBOX_NONBLOCK and full, or nobody to
 * meet. EBADF: no box, or no such fd. ELOOP: fd is a box older than the one
 * it is to travel in, which could make a ring. ENOMEM: the memory for messages
 * is used up. MAILBOX_GIFT is a hint; the body is copied.
 */
int mailbox_send(int box, const struct message *head, const void *body,
	int flags, const struct timespec *deadline);

/*
 * The first message of head->type from head->sender (0: any; head NULL: any,
 * and no header wanted). Returns the length of its body. The message stays
 * with EMSGSIZE (longer than body_bytes), EMFILE (no number for its
 * descriptor) and EFAULT. EAGAIN: MAILBOX_NONBLOCK and there is none. head
 * NULL drops a descriptor that came along. EBADF also when another thread
 * closes the process' last descriptor of the box meanwhile. ENOMEM: no memory
 * to wait in, or to take it to.
 *
 * The pages of a gift take the place of those at body, if that begins with a
 * page of private writable memory; else they are copied there.
 */
ssize_t mailbox_receive(int box, struct message *head, void *body,
	size_t body_bytes, int flags, const struct timespec *deadline);

/*
 * Send a request and wait for its reply, whose header goes to *head; returns
 * the length of its body. EPIPE: who received the request ended or closed the
 * box. A reply that is too long (EMSGSIZE) or whose descriptor finds no
 * number (EMFILE) is lost.
 */
ssize_t mailbox_call(int box, struct message *head, const void *request,
	void *reply, size_t reply_bytes, const struct timespec *deadline);

/* Answer the request head->id, which this process received. ESRCH: there is no
 * such request, or its caller has given up. Never waits. */
int mailbox_reply(int box, const struct message *head, const void *body);

/*
 * What a server does all day, in one call: mailbox_reply(box, head, reply),
 * then mailbox_receive(box, head, request, request_bytes, 0, NULL) of any
 * message. With head->id 0 there is nothing to answer, so a server can begin
 * with it. When the reply fails, nothing is received; when only the receiving
 * does, head->id is 0 then.
 */
ssize_t mailbox_reply_receive(int box, struct message *head, const void *reply,
	void *request, size_t request_bytes);

/*
 * The same for a message of a type and two words, which stays in registers when
 * a server waits for it: a system call and a switch, and nothing else. Both are
 * ordinary calls with a body of eight bytes otherwise; the other side need not
 * use words. Shorter bodies are filled up with 0, descriptors dropped, longer
 * ones too long (EMSGSIZE).
 *
 * A server begins with words->id 0. mailbox_reply_receive_words() returns who
 * sent the next message; its id is 0 if it was not a call.
 */
static inline int mailbox_call_words(int box, struct mailbox_words *words);
static inline pid_t mailbox_reply_receive_words(int box,
	struct mailbox_words *words);

/* The same straight to a process; ESRCH when it has gone, or goes before a
 * MAILBOX_SYNC message was received. */
int message_send(pid_t to, const struct message *head, const void *body,
	int flags, const struct timespec *deadline);
/* From this process, or from anyone (0). ESRCH: nothing is here, and the
 * sender has gone. */
ssize_t message_receive(pid_t from, struct message *head, void *body,
	size_t body_bytes, int flags, const struct timespec *deadline);

/* ---- How the words travel ------------------------------------------------ */

/* See arch/i686/call.asm. EBP is not the compiler's to give, so type takes a
 * seat in EDX until the last moment. */
static inline long __mailbox_words(uint32_t number, struct mailbox_words *words)
{
	register uint32_t id __asm__("ebx") = words->id;
	register uint32_t first __asm__("edi") = words->word[0];
	register uint32_t second __asm__("esi") = words->word[1];
	register uint32_t type __asm__("edx") = words->type;
	long result;

	__asm__ volatile("push %%ebp\n\t"
			 "mov %%edx, %%ebp\n\t"
			 "mov %%esp, %%ecx\n\t"
			 "mov $1f, %%edx\n\t"
			 "sysenter\n"
			 "1:\tmov %%ebp, %%edx\n\t"
			 "pop %%ebp"
			 : "=a"(result), "+r"(id), "+r"(type), "+r"(first),
			   "+r"(second)
			 : "0"(number) : "ecx", "memory", "cc");
	words->id = id;
	words->type = type;
	words->word[0] = first;
	words->word[1] = second;
	return result;
}

/* When it is not as simple as that: the result so far, or the whole call. */
int __mailbox_call_words(int box, struct mailbox_words *words, long result);
pid_t __mailbox_reply_receive_words(int box, struct mailbox_words *words,
	long result);

/* What they see is a copy, so that the words need not lie in memory else. */
static inline int mailbox_call_words(int box, struct mailbox_words *words)
{
	struct mailbox_words now = *words, slow;
	long result = __mailbox_words(MAILBOX_WORDS_CALL + (unsigned)box,
				      &now);

	if (__builtin_expect(result != 0, 0)) {
		slow = now;
		result = __mailbox_call_words(box, &slow, result);
		now = slow;
	}
	*words = now;
	return result;
}

static inline pid_t mailbox_reply_receive_words(int box,
	struct mailbox_words *words)
{
	struct mailbox_words now = *words, slow;
	long result = __mailbox_words(MAILBOX_WORDS_REPLY + (unsigned)box,
				      &now);

	if (__builtin_expect(result <= 0, 0)) {
		slow = now;
		result = __mailbox_reply_receive_words(box, &slow, result);
		now = slow;
	}
	*words = now;
	return result;
}
