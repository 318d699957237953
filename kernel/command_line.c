/* command_line.c - the boot loader's command line, by keyword. */
#include "kernel/command_line.h"

#include "arch/arch.h"
#include "kernel/lib/string.h"

#define TAKES_THE_REST	"run="

static size_t word_length(const char *word)
{
	size_t length = 0;

	while (word[length] && word[length] != ' ')
		length++;
	return length;
}

void command_line_get(const char *keyword, char *to, size_t size)
{
	size_t length = strlen(keyword), word;
	const char *at = boot_info.command_line;

	for (; *at; at += word) {
		while (*at == ' ')
			at++;
		word = word_length(at);
		if (!strncmp(at, TAKES_THE_REST, strlen(TAKES_THE_REST)))
			return;
		if (strncmp(at, keyword, length) != 0)
			continue;
		strlcpy(to, at + length, MIN(size, word - length + 1));
		return;
	}
}
