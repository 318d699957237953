/*
 * arguments.c - argv and envp on their way from one program to the next.
 *
 * The strings are fetched into a few pages of the kernel before the old image
 * goes, and later written to the top of the new stack:
 *
 *	stack top ->	strings, one after the other
 *			NULL, envp[], NULL, argv[], argc	<- top
 */
#include "kernel/sys/arguments.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/task/process.h"

#define ARGUMENT_PAGES	(ARG_MAX / PAGE_SIZE)
#define COUNT_OF_PART	32		/* strings, then tasks may switch */
#define BYTES_OF_PART	1024		/* also then; pages are whole parts */

static char *byte_at(struct arguments *arguments, uint32_t at)
{
	return arguments->pages[at / PAGE_SIZE] + at % PAGE_SIZE;
}

/* Append a string from user memory. A string that crosses parts is fetched in
 * pieces. */
static int fetch_string(struct arguments *arguments, uaddr_t from)
{
	uint32_t at, room;
	ssize_t length;

	for (;;) {
		at = arguments->bytes;
		if (at == ARG_MAX)
			return -E2BIG;
		if (!arguments->pages[at / PAGE_SIZE])
			arguments->pages[at / PAGE_SIZE] =
				page_alloc(FRAME_BUFFER);
		if (!arguments->pages[at / PAGE_SIZE])
			return -ENOMEM;
		room = BYTES_OF_PART - at % BYTES_OF_PART;
		length = copy_string_from_user(byte_at(arguments, at), from,
					       room);
		if (length >= 0) {
			arguments->bytes += length + 1;
			return 0;
		}
		if (length != -ENAMETOOLONG)
			return length;
		arguments->bytes += room;
		from += room;
		sched_point();
	}
}

/* Fetch a vector that ends with NULL; each pointer is read once. */
static int fetch_vector(struct arguments *arguments, uaddr_t vector,
			uint32_t *count)
{
	uaddr_t string;
	int error;

	for (; vector; vector += sizeof(string)) {
		if (copy_from_user(&string, vector, sizeof(string)) != 0)
			return -EFAULT;
		if (!string)
			return 0;
		/* The pointers take room on the new stack as well. */
		if (++*count > ARG_MAX / sizeof(string) / 2)
			return -E2BIG;
		error = fetch_string(arguments, string);
		if (error)
			return error;
		if (*count % COUNT_OF_PART == 0)
			sched_point();
	}
	return 0;
}

int arguments_fetch(struct arguments *arguments, uaddr_t argv, uaddr_t envp)
{
	int error;

	memset(arguments, 0, sizeof(*arguments));
	error = fetch_vector(arguments, argv, &arguments->argc);
	if (!error)
		error = fetch_vector(arguments, envp, &arguments->envc);
	if (error)
		arguments_free(arguments);
	return error;
}

int arguments_from_kernel(struct arguments *arguments, const char *name)
{
	memset(arguments, 0, sizeof(*arguments));
	arguments->pages[0] = page_alloc(FRAME_BUFFER);
	if (!arguments->pages[0])
		return -ENOMEM;
	arguments->bytes = strlcpy(arguments->pages[0], name, PAGE_SIZE) + 1;
	arguments->argc = 1;
	return 0;
}

/* They were allocated in order. */
void arguments_free(struct arguments *arguments)
{
	unsigned i;

	for (i = 0; i < ARGUMENT_PAGES && arguments->pages[i]; i++) {
		page_free(arguments->pages[i]);
		arguments->pages[i] = NULL;
	}
}

/* Length of the string at `at`, with the NUL. */
static uint32_t string_bytes(struct arguments *arguments, uint32_t at)
{
	uint32_t start = at;
	const char *byte;

	for (;;) {
		byte = byte_at(arguments, at);
		do
			at++;
		while (*byte++ && at % BYTES_OF_PART);
		if (!byte[-1])
			return at - start;
		sched_point();
	}
}

static int write_strings(struct arguments *arguments, uaddr_t to)
{
	uint32_t at, piece;

	for (at = 0; at < arguments->bytes; at += piece) {
		piece = MIN(PAGE_SIZE, arguments->bytes - at);
		if (copy_to_user(to + at, byte_at(arguments, at), piece) != 0)
			return -EFAULT;
		if (at + piece < arguments->bytes)
			sched_point();
	}
	return 0;
}

static int write_word(uaddr_t *to, uint32_t word)
{
	int error = copy_to_user(*to, &word, sizeof(word));

	*to += sizeof(word);
	return error;
}

/* `count` pointers to successive strings, and NULL. */
static int write_pointers(struct arguments *arguments, uaddr_t *to,
			  uint32_t count, uint32_t *at, uaddr_t strings)
{
	int error = 0;

	while (count-- > 0 && !error) {
		error = write_word(to, strings + *at);
		*at += string_bytes(arguments, *at);
		if (count % COUNT_OF_PART == 0)
			sched_point();
	}
	return error ? error : write_word(to, 0);
}

uaddr_t arguments_store(struct arguments *arguments, uaddr_t top)
{
	uint32_t words = 3 + arguments->argc + arguments->envc;
	struct space *space = process_current()->space;
	uaddr_t strings = ALIGN_DOWN(top - arguments->bytes, 16u);
	uaddr_t stack = ALIGN_DOWN(strings - words * 4, 16u), to = stack;
	uint32_t at = 0;

	if (write_strings(arguments, strings) != 0 ||
	    write_word(&to, arguments->argc) != 0 ||
	    write_pointers(arguments, &to, arguments->argc, &at, strings))
		return 0;
	space->arguments = strings;
	space->arguments_end = strings + at;
	if (write_pointers(arguments, &to, arguments->envc, &at, strings))
		return 0;
	return stack;
}
