/* httpd.h - the parts of httpd. */
#pragma once

#include <stdio.h>

/* Writes the text for HTML: the characters with a meaning become numbers. */
void put_text(FILE *client, const char *text);

/*
 * Writes a page with the wait graph as a drawing, from the files of /proc below
 * the current directory. Returns 0, or -1 if there are no such files: then
 * nothing was written.
 */
int send_graph(FILE *client);

/* Writes the head of an answer; the empty line behind it is the caller's. */
void say_status(FILE *client, const char *status, const char *type);
