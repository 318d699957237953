/*
 * fmtmsg.c - messages of one form (XSI).
 *
 *	label: ERROR: text
 *	TO FIX: action  tag
 *
 * A part that is missing takes its punctuation along.
 */
#include <fmtmsg.h>
#include <paths.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum part { LABEL, SEVERITY, TEXT, ACTION, TAG, PARTS };

static const char *const severities[] = {
	[MM_HALT] = "HALT", [MM_ERROR] = "ERROR", [MM_WARNING] = "WARNING",
	[MM_INFO] = "INFO",
};

static enum part part_named(const char *name, size_t length)
{
	static const char *const names[PARTS] = {
		"label", "severity", "text", "action", "tag",
	};
	int part = 0;

	while (part < PARTS && (strlen(names[part]) != length ||
				strncmp(names[part], name, length) != 0))
		part++;
	return part;
}

/* Drop the parts that MSGVERB does not name. A wrong MSGVERB names all. */
static void choose(const char *parts[PARTS])
{
	const char *rest = getenv("MSGVERB");
	bool wanted[PARTS] = { false };

	if (!rest || !*rest)
		return;
	for (size_t length; ; rest += length + 1) {
		enum part part;

		length = strcspn(rest, ":");
		part = part_named(rest, length);
		if (part == PARTS)
			return;
		wanted[part] = true;
		if (!rest[length])
			break;
	}
	for (int part = 0; part < PARTS; part++)
		if (!wanted[part])
			parts[part] = NULL;
}

/* Is there a part from `first` on? */
static bool has_more(const char *const parts[PARTS], int first)
{
	while (first < PARTS && !parts[first])
		first++;
	return first < PARTS;
}

static int put(FILE *file, const char *const parts[PARTS])
{
	static const char *const behind[PARTS] = {
		": ", ": ", "\n", "  ", "",
	};

	for (int part = 0; part < PARTS; part++) {
		if (!parts[part])
			continue;
		if (part == ACTION)
			fputs("TO FIX: ", file);
		fputs(parts[part], file);
		if (has_more(parts, part + 1))
			fputs(behind[part], file);
	}
	putc('\n', file);
	return fflush(file);
}

static int put_on_console(const char *const parts[PARTS])
{
	FILE *console = fopen(_PATH_CONSOLE, "we");
	int error;

	if (!console)
		return -1;
	error = put(console, parts);
	fclose(console);
	return error;
}

int fmtmsg(long classification, const char *label, int severity,
	const char *text, const char *action, const char *tag)
{
	const char *parts[PARTS] = { label, NULL, text, action, tag };
	int result = MM_OK;

	if (severity < MM_NULLSEV || severity > MM_INFO)
		return MM_NOTOK;
	parts[SEVERITY] = severities[severity];
	if (classification & MM_CONSOLE && put_on_console(parts) < 0)
		result |= MM_NOCON;
	choose(parts);
	if (classification & MM_PRINT && put(stderr, parts) < 0)
		result |= MM_NOMSG;
	return result == (MM_NOCON | MM_NOMSG) ? MM_NOTOK : result;
}
