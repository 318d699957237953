/*
 * calculator.h - one protocol, two transports.
 *
 * The protocol is text: the question "6 * 7", and the answer "42" or "?". A
 * transport carries a question to the server and the answer back.
 */
#pragma once

enum { WORDS = 64 };	/* bytes of a question or an answer, with its NUL */

/* calculator.c: the work of the server. */
void find_answer(const char *question, char answer[WORDS]);

/* by_mailbox.c: starts a server, whose mailbox the children inherit. */
void mailbox_start(void);
/* Asks the server, and waits for the answer. */
void mailbox_ask(const char *question, char answer[WORDS]);
/* Ends the server, and returns when the server has ended. */
void mailbox_stop(void);

/* by_socket.c: serves so many clients, -1: without end. place as in
 * listen_at(). */
void socket_serve(const char *place, long clients);
/* Connects to the server at place; the questions that follow go there. */
void socket_join(const char *place);
/* Asks the server, and waits for the answer. */
void socket_ask(const char *question, char answer[WORDS]);
