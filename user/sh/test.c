/*
 * test.c - test and [ : is a condition true?
 *
 * The meaning of an argument depends on the number of arguments. So
 * `test "$x"` and `test "$x" = "$y"` are right for all values of the
 * variables, operators included. POSIX has these rules for 1 to 4 arguments;
 * -a, -o and parentheses go beyond the rules and are read as an expression.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/sh/sh.h"

#define TEST_MAX 1000		/* parts of an expression */

struct test {
	char **p, **end;	/* the rest of the arguments */
	int depth;
	bool failed;
};

static bool either(struct test *t);

static bool complain(struct test *t, const char *what, const char *why)
{
	if (!t->failed)
		shell_warn("test: %s: %s", what, why);
	t->failed = true;
	return false;
}

static bool is_kind(const char *path, mode_t kind)
{
	struct stat status;

	return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

static bool has_bytes(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_size > 0;
}

static bool is_unary(const char *text)
{
	return text[0] == '-' && text[1] && !text[2] &&
		strchr("bcdefhLnprstwxz", text[1]);
}

static bool unary(struct test *t, char letter, const char *word)
{
	long fd;

	switch (letter) {
	case 'n': return *word;
	case 'z': return !*word;
	case 'e': return access(word, F_OK) == 0;
	case 'r': return access(word, R_OK) == 0;
	case 'w': return access(word, W_OK) == 0;
	case 'x': return access(word, X_OK) == 0;
	case 'f': return is_kind(word, S_IFREG);
	case 'd': return is_kind(word, S_IFDIR);
	case 'p': return is_kind(word, S_IFIFO);
	case 'c': return is_kind(word, S_IFCHR);
	case 'b': return is_kind(word, S_IFBLK);
	case 's': return has_bytes(word);
	case 't':
		if (!read_number(word, &fd))
			return complain(t, word, "not a number");
		return isatty(fd);
	default: return false;		/* h, L: there are no links */
	}
}

static bool is_binary(const char *text)
{
	static const char *const operators[] = {
		"=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt",
		"-ge",
	};
	size_t i;

	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (!strcmp(operators[i], text))
			return true;
	return false;
}

static bool compare_numbers(struct test *t, const char *left, const char *op,
	const char *right)
{
	long x, y;

	if (!read_number(left, &x))
		return complain(t, left, "not a number");
	if (!read_number(right, &y))
		return complain(t, right, "not a number");
	if (!strcmp(op, "-eq"))
		return x == y;
	if (!strcmp(op, "-ne"))
		return x != y;
	if (!strcmp(op, "-lt"))
		return x < y;
	if (!strcmp(op, "-le"))
		return x <= y;
	if (!strcmp(op, "-gt"))
		return x > y;
	return x >= y;
}

static bool binary(struct test *t, const char *left, const char *op,
	const char *right)
{
	switch (*op) {
	case '=': return !strcmp(left, right);
	case '!': return strcmp(left, right) != 0;
	case '<': return strcmp(left, right) < 0;
	case '>': return strcmp(left, right) > 0;
	default: return compare_numbers(t, left, op, right);
	}
}

static bool primary(struct test *t)
{
	char **p = t->p;
	long left = t->end - p;
	bool value;

	if (t->depth++ > TEST_MAX)
		return complain(t, "expression", "too long");
	if (left == 0)
		return complain(t, "end", "argument expected");
	if (left >= 3 && is_binary(p[1])) {
		t->p += 3;
		return binary(t, p[0], p[1], p[2]);
	}
	if (left >= 2 && !strcmp(p[0], "!")) {
		t->p++;
		return !primary(t);
	}
	if (left >= 3 && !strcmp(p[0], "(")) {
		t->p++;
		value = either(t);
		if (t->p == t->end || strcmp(*t->p++, ")"))
			return complain(t, "(", ") expected");
		return value;
	}
	if (left >= 2 && is_unary(p[0])) {
		t->p += 2;
		return unary(t, p[0][1], p[1]);
	}
	t->p++;
	return *p[0];
}

static bool both(struct test *t)
{
	bool value = primary(t);

	while (t->p < t->end && !strcmp(*t->p, "-a")) {
		t->p++;
		value = primary(t) && value;
	}
	return value;
}

static bool either(struct test *t)
{
	bool value = both(t);

	while (t->p < t->end && !strcmp(*t->p, "-o")) {
		t->p++;
		value = both(t) || value;
	}
	return value;
}

/* Up to four arguments: the number of arguments decides, not the text. */
static bool by_count(struct test *t, char **p, int count)
{
	bool value;

	if (count == 0)
		return false;
	if (count == 1)
		return *p[0];
	if (count == 3 && is_binary(p[1]))
		return binary(t, p[0], p[1], p[2]);
	if (count <= 4 && !strcmp(p[0], "!"))
		return !by_count(t, p + 1, count - 1);
	if (count == 2 && is_unary(p[0]))
		return unary(t, p[0][1], p[1]);
	if (count == 2)
		return complain(t, p[0], "operator expected");
	t->p = p;
	value = either(t);
	return t->p < t->end ? complain(t, *t->p, "operator expected") : value;
}

int builtin_test(int count, char **words)
{
	struct test t = { .end = words + count };
	bool value;

	if (!strcmp(words[0], "[")) {
		if (strcmp(words[count - 1], "]")) {
			shell_warn("[: ] expected");
			return 2;
		}
		t.end--;
		count--;
	}
	value = by_count(&t, words + 1, count - 1);
	return t.failed ? 2 : !value;
}
