/* database.h - /etc/passwd and /etc/group: fields with a colon in between. */
#pragma once

#include <stddef.h>

#define LINE_BYTES	1024	/* room for a line of any user or group */

/*
 * Copy the first line for which is_wanted() says so into the buffer, cut into
 * `count` fields. 1, 0 (no such line), or minus an errno: ERANGE (no room), or
 * of open(2). place: where to go on in the file, or NULL: the whole file.
 */
int __database_find(const char *path, long *place, char *buffer, size_t bytes,
	char **fields, int count,
	int (*is_wanted)(char **fields, const void *key), const void *key);

/* For is_wanted: any line; the name is the key; the id is *key. */
int __database_any(char **fields, const void *key);
int __database_name(char **fields, const void *key);
int __database_id(char **fields, const void *key);
