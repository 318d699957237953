/*
 * flight.h - descriptors in messages: sent, and not received yet.
 *
 * A flight is one open file in one message, or in the backlog of a listening
 * socket. The sender pays for the flight. An object whose messages contain
 * flights has a struct flight_holder, at ops->holder_at. All functions need
 * [P]; none sleeps.
 */
#pragma once

#include "kernel/obj/file.h"

struct flight_holder {
	struct object *object;		/* [const] has the messages */
	struct list flights;		/* [P] in these messages */
	struct list_node node;		/* [P] in a list of holders */
	uint32_t hidden;		/* [P] open files to receive from the
					 * object that only messages hold */
	bool is_root;			/* [P] a process can receive without an
					 * open file: flight_set_root() */
	uint32_t seen;			/* [P] by this search: flight.c */
	uint32_t reached;		/* [P] by this search */
};

struct flight {
	struct list_node node;		/* [P] in holder->flights */
	struct flight *next;		/* [P] of the same message, or NULL */
	struct flight_holder *holder;	/* [P] NULL: not under way */
	struct open_file *file;		/* [P] NULL: was found lost */
	uint32_t seen;			/* [P] by this search: flight.c */
};

/* One step of the work that flights leave: end a flight, close a file, look for
 * lost messages. False: there is no work. */
bool flights_settle(void);
void flight_holder_init(struct flight_holder *holder, struct object *object);
/* The object gets a name, or loses the name. */
void flight_set_root(struct flight_holder *holder, bool is_root);

/* A flight that is not under way: holds the file as a call does. NULL: no
 * memory, or the user has too many. */
struct flight *flight_create(struct open_file *file);
/* The message of these flights, linked through `next`, lies in the holder's
 * object now. */
void flight_depart(struct flight *flights, struct flight_holder *holder);
/* The message is being received: a reference of the file for the caller. NULL:
 * the flight was found lost. */
struct open_file *flight_get_file(const struct flight *flight);
/* End these flights, linked through `next`: the message was received, or is
 * destroyed. Files without a further reference close before the system
 * call returns. */
void flight_end(struct flight *flights);

/* The last descriptor of the file has gone. Messages may hold the file; if not,
 * the file is no end of its object any more. */
void flight_was_closed(const struct open_file *file);
