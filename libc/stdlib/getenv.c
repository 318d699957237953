/* getenv.c - reading the variables that a program got from its parent. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libc/internal.h"

/* The place of the variable whose name is the first length bytes of name. */
char **__environ_find(const char *name, size_t length)
{
	char **place = environ;

	if (!place)
		return NULL;
	for (; *place; place++) {
		if (strncmp(*place, name, length) == 0 &&
		    (*place)[length] == '=')
			return place;
	}
	return NULL;
}

char *getenv(const char *name)
{
	size_t length = strlen(name);
	char **place = __environ_find(name, length);

	return place ? *place + length + 1 : NULL;
}
