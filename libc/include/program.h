/*
 * program.h - functions that the programs in user/ share, beyond POSIX.
 *
 * Messages begin with the program's name, as in <err.h>.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * Prints text and ends the program: after option 'h' on standard output with
 * status 0, after any other on standard error with status 2.
 */
_Noreturn void usage(int option, const char *text);

/*
 * For a program with -h as its only option: prints text after an option, like
 * usage(). Returns the arguments behind the options.
 */
char **parse_no_options(int argc, char **argv, const char *text);

/*
 * The last line of main(): writes out what standard output still holds.
 * Returns status, or 1 after a message if anything printed was lost.
 */
int finish(int status);

/*
 * Opens each named file (standard input for "-", or without a name), calls
 * each() and closes the file. Unreadable files are named on standard error.
 * Returns 0, or 1 after an unreadable file.
 */
int for_each_file(char **names, void (*each)(FILE *file, const char *name));

/*
 * The same line by line: calls each() with the line, which has length bytes
 * without its newline, and a NUL behind them. each() may change them.
 */
int for_each_line(char **names, void (*each)(char *line, size_t length));

/* Writes all bytes to fd. Returns 0, or -1 with errno. */
int write_all(int fd, const void *buffer, size_t bytes);

/* Returns memory; ends the program with a message if it is NULL. */
void *need(void *memory);

/*
 * Returns the array of count elements (NULL: none yet) with room for one more.
 * The array may move. Ends the program with a message without memory.
 */
void *grow(void *array, size_t count, size_t size);

/*
 * Returns the decimal number in text, at least low and at most high. Otherwise
 * ends the program with status 2 and the message "bad WHAT".
 */
long long parse_number(const char *text, long long low, long long high,
		       const char *what);

/*
 * Returns the function of <ctype.h> for a class such as [:alpha:], and sets
 * length to the characters of the class; NULL if no class stands in the first
 * *length characters of text.
 */
int (*character_class(const char *text, size_t *length))(int c);

/*
 * Cuts a line of a file in /proc at its tabs and at its newline. Puts the first
 * count fields into fields[]. Returns the number of fields found.
 */
int split_fields(char *line, char **fields, int count);

/* Returns "directory/name" in memory from malloc(). */
char *join_path(const char *directory, const char *name);

/*
 * Calls act() for each name. A result less than 0 is reported with the name and
 * errno. Returns 0, or 1 after such a result.
 */
int for_each_name(char **names, int (*act)(char *name));

/*
 * For cp and mv: the last of the operands (two at least) says where to, a
 * directory or, for a single source, a new name. Calls act() for each of the
 * others. Returns 0, or 1 if act() did not always return 0.
 */
int for_each_source(char **operands, int (*act)(const char *from,
						const char *to));

/* Writes the mode as ls -l shows it ("drwxr-xr-x"): 10 characters and NUL. */
void mode_string(mode_t mode, char text[11]);

/*
 * Becomes the program argv[0]. If there is none such, ends with a message and
 * status 127; if it cannot run, with status 126.
 */
_Noreturn void execute(char **argv);

/*
 * Runs a program in a child and waits for its end. Returns the status as in a
 * shell (128 + N after signal N), or -1 with errno without a child.
 */
int run(char **argv);

/*
 * Connects a stream to the program that listens at place: the path of a local
 * socket if place holds a '/', else the name or the address of a machine. port
 * is a number or a name, and means nothing for a local socket. Blocks until
 * the connection is made. Returns the descriptor; without a connection, ends
 * the program with a message and status 1.
 */
int connect_to(const char *place, const char *port);

/*
 * Returns a stream socket that listens at place and port, as in connect_to();
 * place NULL: at all addresses of this machine. A path comes into being, and
 * the caller removes it. Ends the program with status 1 if it cannot listen.
 */
int listen_at(const char *place, const char *port);
