/*
 * mail_desk.h - what a process has to do with messages: the calls that it has
 * not answered, its inbox for direct ones, and its line for words.
 */
#pragma once

#include "kernel/ipc/mailbox.h"

struct process;

/* A short message without a descriptor, going from stack to stack. */
#define MAIL_NOTE_BYTES	64

struct mail_note {
	struct message head;
	uint32_t body[MAIL_NOTE_BYTES / 4];
};

/* A caller that waits for its reply; on its stack. */
struct mail_call {
	struct wait_queue queue;
	struct list_node node;		/* at the desk of who received it */
	struct mailbox *box;
	struct mail *mail;		/* the request, until received */
	uint32_t id;
	pid_t caller;
	pid_t server;			/* who received it, or 0 */
	struct mail_receive *taker;	/* handed to it: see mail_hand.h */
	struct mail_line *line;		/* taken there: see mail_line.h */
	struct task *task;		/* its caller, if it came by a line */
	size_t reply_bytes;		/* room that the caller has for it */
	int outcome;			/* -EAGAIN; 0 when the reply is here, */
	struct mail *reply;		/* or why there will be none */
	bool has_note;			/* the reply is in `note` */
	struct mail_note note;		/* the request, then the reply */
};

/* The server's end of calls by words: see mail_line.h. */
struct mail_line {
	struct mail_receive receive;	/* first: its wait names the line */
	struct task *task;		/* the server */
	pid_t server;			/* its process */
	struct mailbox *box;		/* where it serves, or NULL */
	struct wait_queue *queue;	/* where it waits in it */
	struct mail_call *current;	/* that it has not answered, or NULL */
};

struct mail_desk {
	struct mail_call call;		/* by words; first, like receive */
	struct mail_line line;
	struct list calls;		/* received, not answered */
	struct list expected;		/* receivers that wait for us to send */
	struct mailbox *inbox;		/* NULL: no message came yet */
};

/* Somebody uses the box in general: its server is a receiver like others. */
static inline void mail_line_cut(struct mailbox *box)
{
	if (LIKELY(!box->line))
		return;
	box->line->box = NULL;
	box->line = NULL;
}

/* The desk of a process, made when it has none. NULL: no memory. */
struct mail_desk *mail_desk(struct process *process);
/* The process ends: callers get -EPIPE, senders -ESRCH. */
void mail_desk_close(struct process *process);
/* The running process has closed its last descriptor of the box. */
void mail_desk_leave(struct mailbox *box);

/* The running process has received the request; it has a desk. */
void mail_call_received(struct mail_call *call);

/* The sender goes out, the reply comes in through `receive`: its length, or
 * as mailbox_send() and mailbox_receive() say, or -EPIPE. */
long mail_call(struct mail_send *send, const struct mail_receive *receive);
/* The caller gives up, or has been answered: nobody may find its call. */
void mail_call_forget(struct mailbox *box, struct mail_call *call);
/* The wait of a call is over, with this result: what mail_call() returns. */
long mail_call_over(struct mail_call *call, struct mailbox *box, long result,
		    uaddr_t head_at, uaddr_t body);
/* 0, -ESRCH, -EMSGSIZE, -EFAULT, -EBADF, -ENOMEM. */
long mail_reply(struct mail_send *send);

/* The inbox of a process that lives, or NULL with *error. */
struct mailbox *mail_inbox(pid_t id, int *error);
long mail_send_direct(struct mail_send *send, pid_t to);
long mail_receive_direct(struct mail_receive *receive);
