/* regerror.c - the errors of regular expressions in words. */
#include <regex.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[] = {
	[0] = "Success",
	[REG_NOMATCH] = "No match",
	[REG_BADPAT] = "Invalid regular expression",
	[REG_ECOLLATE] = "Unknown collating element",
	[REG_ECTYPE] = "Unknown character class",
	[REG_EESCAPE] = "Trailing backslash",
	[REG_ESUBREG] = "No such group",
	[REG_EBRACK] = "Unmatched [",
	[REG_EPAREN] = "Unmatched ( or )",
	[REG_EBRACE] = "Unmatched {",
	[REG_BADBR] = "Invalid bounds in { }",
	[REG_ERANGE] = "Invalid end of a range",
	[REG_ESPACE] = "Out of memory, or too large",
	[REG_BADRPT] = "Nothing before a repetition",
};

size_t regerror(int error, const regex_t *restrict regex,
	char *restrict text, size_t size)
{
	const char *found = error < 0 || error > REG_BADRPT ? "Unknown error"
		: texts[error];
	size_t length = strlen(found);

	(void)regex;
	if (size > 0) {
		size_t part = length < size ? length : size - 1;

		memcpy(text, found, part);
		text[part] = '\0';
	}
	return length + 1;
}
