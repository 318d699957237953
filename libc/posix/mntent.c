/*
 * mntent.c - the lines of /proc/mounts and /etc/fstab.
 *
 * Blanks and tabs separate the words of a line. So a blank, a tab, a newline or
 * a backslash inside a word is written as a backslash and three octal digits.
 */
#include <mntent.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPED		" \t\n\\"

FILE *setmntent(const char *path, const char *mode)
{
	return fopen(path, mode);
}

int endmntent(FILE *file)
{
	if (file)
		fclose(file);
	return 1;
}

/* \040 and so on become the character, in place. */
static char *unescape(char *word)
{
	char *to = word;

	for (const char *from = word; *from; from++) {
		char digits[4] = { 0 };
		int value = 0;

		if (*from == '\\') {
			memcpy(digits, from + 1, strnlen(from + 1, 3));
			if (strspn(digits, "01234567") == 3)
				value = (int)strtol(digits, NULL, 8);
		}
		from += value ? 3 : 0;
		*to++ = value ? (char)value : *from;
	}
	*to = '\0';
	return word;
}

/* The next word of the line; "" at the end of the line. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t"), *end;

	end = word + strcspn(word, " \t");
	*rest = *end ? end + 1 : end;
	*end = '\0';
	return unescape(word);
}

/* Drop what is left of a line that did not fit. */
static void skip_line(FILE *file)
{
	int c;

	do
		c = getc(file);
	while (c != '\n' && c != EOF);
}

/* A line with at least one word: where the first word begins; or NULL. */
static char *next_line(FILE *file, char *text, int bytes)
{
	char *word;

	while (fgets(text, bytes, file)) {
		if (!strchr(text, '\n') && !feof(file))
			skip_line(file);
		text[strcspn(text, "\n")] = '\0';
		word = text + strspn(text, " \t");
		if (*word && *word != '#')
			return word;
	}
	return NULL;
}

struct mntent *getmntent_r(FILE *file, struct mntent *entry, char *text,
	int bytes)
{
	char *rest = next_line(file, text, bytes);

	if (!rest)
		return NULL;
	entry->mnt_fsname = next_word(&rest);
	entry->mnt_dir = next_word(&rest);
	entry->mnt_type = next_word(&rest);
	entry->mnt_opts = next_word(&rest);
	entry->mnt_freq = atoi(next_word(&rest));
	entry->mnt_passno = atoi(next_word(&rest));
	return entry;
}

struct mntent *getmntent(FILE *file)
{
	static struct mntent entry;
	static char text[4096];

	return getmntent_r(file, &entry, text, sizeof(text));
}

static void put_word(FILE *file, const char *word)
{
	for (; *word; word++) {
		if (strchr(ESCAPED, *word))
			fprintf(file, "\\%03o", (unsigned char)*word);
		else
			putc(*word, file);
	}
	putc(' ', file);
}

int addmntent(FILE *file, const struct mntent *entry)
{
	if (fseek(file, 0, SEEK_END) < 0)
		return 1;
	put_word(file, entry->mnt_fsname);
	put_word(file, entry->mnt_dir);
	put_word(file, entry->mnt_type);
	put_word(file, entry->mnt_opts);
	fprintf(file, "%d %d\n", entry->mnt_freq, entry->mnt_passno);
	return fflush(file) < 0;
}

char *hasmntopt(const struct mntent *entry, const char *option)
{
	size_t length = strlen(option);

	for (char *at = entry->mnt_opts; *at; at += *at == ',') {
		if (strncmp(at, option, length) == 0 &&
		    strchr(",=", at[length]))	/* or the NUL */
			return at;
		at += strcspn(at, ",");
	}
	return NULL;
}
