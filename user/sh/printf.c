/*
 * printf.c - printf and echo: print words.
 *
 * printf goes through its format again as long as there are words left. Each
 * conversion goes to the C library's printf() with the value of the word.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "user/sh/sh.h"

struct output {
	char **words, **end;	/* the rest of the words */
	bool stop;		/* \c was met */
	int status;
};

/* Up to three octal digits. */
static const char *octal(const char *p)
{
	int value = 0, i;

	for (i = 0; i < 3 && *p >= '0' && *p <= '7'; i++)
		value = value * 8 + *p++ - '0';
	putchar(value & 0xff);
	return p;
}

/* Behind a backslash. In %b an octal number begins with a zero. */
static const char *escape(struct output *o, const char *p, bool zero)
{
	static const char names[] = "abfnrtve\\";
	static const char values[] = "\a\b\f\n\r\t\v\033\\";
	const char *found = *p ? strchr(names, *p) : NULL;

	if (found) {
		putchar(values[found - names]);
		return p + 1;
	}
	if (*p == 'c') {
		o->stop = true;
		return p + strlen(p);
	}
	if (zero && *p == '0')
		return octal(p + 1);
	if (!zero && *p >= '0' && *p <= '7')
		return octal(p);
	putchar('\\');
	return p;
}

static void print_escaped(struct output *o, const char *p)
{
	while (*p && !o->stop)
		if (*p == '\\')
			p = escape(o, p + 1, true);
		else
			putchar(*p++);
}

static const char *next_word(struct output *o)
{
	return o->words < o->end ? *o->words++ : NULL;
}

/* 10, 0x1f, 017, or "'c" for the code of a character. */
static long long number(struct output *o)
{
	const char *word = next_word(o);
	long long value;
	char *end;

	if (!word)
		return 0;
	if (*word == '\'' || *word == '"')
		return (unsigned char)word[1];
	errno = 0;
	value = strtoll(word, &end, 0);
	if (*end || end == word || errno) {
		shell_warn("printf: %s: not a number", word);
		o->status = 1;
	}
	return value;
}

/* A * in width or precision takes a word. Fills spec; returns its end in the
   format. */
static const char *copy_spec(struct output *o, const char *p, char *spec,
	size_t bytes)
{
	size_t n = 0;

	spec[n++] = '%';
	while (*p && strchr("-+ #0123456789.*", *p) && n < bytes - 16) {
		if (*p == '*')
			n += snprintf(spec + n, 12, "%d", (int)number(o));
		else
			spec[n++] = *p;
		p++;
	}
	spec[n] = 0;
	return p;
}

/* Behind a %. */
static const char *convert(struct output *o, const char *p)
{
	char spec[64];
	const char *word;

	p = copy_spec(o, p, spec, sizeof(spec));
	if (*p && strchr("diouxX", *p)) {
		strcat(spec, "ll");
		strncat(spec, p, 1);
		printf(spec, number(o));
	} else if (*p == 's' || *p == 'c') {
		word = next_word(o);
		if (*p == 'c' && word && *word)
			printf(strcat(spec, "c"), *word);
		else if (*p == 's')
			printf(strcat(spec, "s"), word ? word : "");
	} else if (*p == 'b') {
		word = next_word(o);
		print_escaped(o, word ? word : "");
	} else if (*p == '%') {
		putchar('%');
	} else {
		shell_warn("printf: %%%c: bad conversion", *p ? *p : ' ');
		o->status = 1;
		o->stop = true;
		return p + strlen(p);
	}
	return p + 1;
}

static void print_format(struct output *o, const char *p)
{
	while (*p && !o->stop)
		if (*p == '%')
			p = convert(o, p + 1);
		else if (*p == '\\')
			p = escape(o, p + 1, false);
		else
			putchar(*p++);
}

int builtin_printf(int count, char **words)
{
	struct output o = { .end = words + count };
	char **before;

	if (count > 1 && !strcmp(words[1], "--")) {
		words++;
		count--;
	}
	if (count < 2)
		return bad_usage("printf");
	o.words = words + 2;
	do {
		before = o.words;
		print_format(&o, words[1]);
	} while (o.words > before && o.words < o.end && !o.stop);
	return o.status;
}

/* -n: no newline. Backslashes are plain characters, as for /bin/echo. */
int builtin_echo(int count, char **words)
{
	bool newline = count < 2 || strcmp(words[1], "-n");
	int i = newline ? 1 : 2;

	for (; i < count; i++) {
		fputs(words[i], stdout);
		if (i + 1 < count)
			putchar(' ');
	}
	if (newline)
		putchar('\n');
	return 0;
}
