/*
 * strerror.c - the text of an error number, from the table of errors.
 *
 * The texts lie in one string, in the order of the table. This is smaller than
 * an array with a pointer for each text.
 */
#include <errno.h>
#include <string.h>

#include "libc/text.h"

#define ERROR(name, text) name,
static const unsigned char numbers[] = {
#include "kernel/abi/errno.def"
};
#undef ERROR

#define ERROR(name, text) text "\0"
static const char texts[] =
#include "kernel/abi/errno.def"
;
#undef ERROR

char *strerror(int error)
{
	static char unknown[sizeof("Unknown error ") + TEXT_INT];
	const char *text = texts;

	if (error == 0)
		return (char *)"Success";
	for (size_t i = 0; i < sizeof(numbers); i++) {
		if (numbers[i] == error)
			return (char *)text;
		text += strlen(text) + 1;
	}
	text_int(stpcpy(unknown, "Unknown error "), error);
	return unknown;
}

int strerror_r(int error, char *text, size_t size)
{
	const char *known = strerror(error);

	if (strlen(known) >= size)
		return ERANGE;
	strcpy(text, known);
	return 0;
}
