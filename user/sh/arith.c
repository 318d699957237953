/*
 * arith.c - $((expression)): the integer arithmetic of C.
 *
 * Precedence climbing over one table of binary operators. Sums wrap around: the
 * sums are made of unsigned numbers, for which C defines the overflow. `skip`
 * marks the branch of && || ?: whose value is not used. In this branch nothing
 * is assigned, and a division by zero is no error.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "user/sh/sh.h"

#define ARITH_DEPTH_MAX 100

struct arith {
	const char *whole;	/* for messages */
	const char *p;		/* the rest of the expression */
	int skip;
	int depth;
	bool failed;
};

static const struct binary {
	const char *text;
	int precedence;		/* higher binds closer */
	char code;
} binaries[] = {		/* longer texts before their beginnings */
	{ "||", 1, 'O' }, { "&&", 2, 'A' }, { "==", 6, '=' },
	{ "!=", 6, '!' }, { "<<", 8, 'l' }, { ">>", 8, 'r' },
	{ "<=", 7, 'L' }, { ">=", 7, 'G' }, { "<", 7, '<' },
	{ ">", 7, '>' }, { "|", 3, '|' }, { "^", 4, '^' }, { "&", 5, '&' },
	{ "+", 9, '+' }, { "-", 9, '-' }, { "*", 10, '*' }, { "/", 10, '/' },
	{ "%", 10, '%' },
};

static long long expression(struct arith *a);

static long long fail(struct arith *a, const char *why)
{
	if (!a->failed)
		shell_warn("arithmetic: %s: %s", why, a->whole);
	a->failed = true;
	a->p += strlen(a->p);
	return 0;
}

static void skip_space(struct arith *a)
{
	while (isspace((unsigned char)*a->p))
		a->p++;
}

static bool take(struct arith *a, const char *text)
{
	skip_space(a);
	if (strncmp(a->p, text, strlen(text)))
		return false;
	a->p += strlen(text);
	return true;
}

/* 10, 0x1f, 017: all of the text must be a number. */
static long long to_number(struct arith *a, const char *text, size_t length)
{
	char *end;
	long long value = strtoll(text, &end, 0);

	while (!length && isspace((unsigned char)*end))
		end++;
	if (end == text || (length ? end != text + length : *end))
		return fail(a, "not a number");
	return value;
}

static long long variable_value(struct arith *a, const char *name, size_t n)
{
	const char *text = parameter_value(name, n);

	if (!text && options.nounset && !a->skip)
		return fail(a, "variable not set");
	while (text && isspace((unsigned char)*text))
		text++;
	return text && *text ? to_number(a, text, 0) : 0;
}

static long long divide(struct arith *a, char code, long long x, long long y)
{
	if (y == 0)
		return a->skip ? 0 : fail(a, "division by zero");
	if (y == -1)
		return code == '/' ? (long long)(0 - (uint64_t)x) : 0;
	return code == '/' ? x / y : x % y;
}

static long long compute(struct arith *a, char code, long long x, long long y)
{
	uint64_t left = x, right = y;

	switch (code) {
	case '=': return x == y;
	case '!': return x != y;
	case '<': return x < y;
	case '>': return x > y;
	case 'L': return x <= y;
	case 'G': return x >= y;
	case 'l': return left << (y & 63);
	case 'r': return x >> (y & 63);
	case '|': return x | y;
	case '^': return x ^ y;
	case '&': return x & y;
	case '+': return left + right;
	case '-': return left - right;
	case '*': return left * right;
	default: return divide(a, code, x, y);
	}
}

static long long primary(struct arith *a)
{
	const char *start;
	long long value;
	size_t n;

	skip_space(a);
	start = a->p;
	n = name_length(start);
	if (n) {
		a->p += n;
		return variable_value(a, start, n);
	}
	while (isalnum((unsigned char)*a->p))
		a->p++;
	if (a->p > start)
		return to_number(a, start, a->p - start);
	if (!take(a, "("))
		return fail(a, "value expected");
	value = expression(a);
	return take(a, ")") ? value : fail(a, ") expected");
}

static long long unary(struct arith *a)
{
	long long value;
	char c;

	skip_space(a);
	c = *a->p;
	if (!c || !strchr("+-!~", c))
		return primary(a);
	if (++a->depth > ARITH_DEPTH_MAX)
		return fail(a, "nested too deeply");
	a->p++;
	value = unary(a);
	a->depth--;
	switch (c) {
	case '-': return 0 - (uint64_t)value;
	case '!': return !value;
	case '~': return ~value;
	default: return value;
	}
}

/* The next binary operator; `a = b` and `a += b` are none. */
static const struct binary *peek_binary(struct arith *a)
{
	size_t i;

	skip_space(a);
	for (i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++)
		if (*a->p == *binaries[i].text && !strncmp(a->p,
		    binaries[i].text, strlen(binaries[i].text)))
			return &binaries[i];
	return NULL;
}

/* A value and all operators after the value that bind as close as `lowest`. */
static long long binary(struct arith *a, int lowest)
{
	const struct binary *op;
	long long left, right;
	bool decided;

	left = unary(a);
	while ((op = peek_binary(a)) && op->precedence >= lowest) {
		a->p += strlen(op->text);
		decided = (op->code == 'A' && !left) ||
			(op->code == 'O' && left);
		a->skip += decided;
		right = binary(a, op->precedence + 1);
		a->skip -= decided;
		if (op->code == 'A')
			left = left && right;
		else if (op->code == 'O')
			left = left || right;
		else
			left = compute(a, op->code, left, right);
	}
	return left;
}

static long long conditional(struct arith *a)
{
	long long test = binary(a, 1), yes, no;

	if (!take(a, "?"))
		return test;
	a->skip += !test;
	yes = expression(a);
	a->skip -= !test;
	if (!take(a, ":"))
		return fail(a, ": expected");
	a->skip += !!test;
	no = expression(a);
	a->skip -= !!test;
	return test ? yes : no;
}

/* The code of the assignment at p ('=' for a plain `=`), and its length. */
static char assignment_code(const char *p, size_t *length)
{
	size_t n = strspn(p, "<>|^&+-*/%");
	size_t i;

	*length = n + 1;
	if (p[n] != '=' || p[n + 1] == '=')
		return 0;
	if (n == 0)
		return '=';
	for (i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++)
		if (strlen(binaries[i].text) == n &&
		    !strncmp(p, binaries[i].text, n) &&
		    !strchr("LG=!AO<>", binaries[i].code))
			return binaries[i].code;
	return 0;
}

static long long assign(struct arith *a, const char *name, size_t n, char code)
{
	long long old = code == '=' ? 0 : variable_value(a, name, n);
	long long value = expression(a);
	char text[24];

	if (code != '=')
		value = compute(a, code, old, value);
	if (a->skip || a->failed)
		return value;
	snprintf(text, sizeof(text), "%lld", value);
	if (variable_set_n(name, n, text))
		a->failed = true;
	return value;
}

static long long expression(struct arith *a)
{
	const char *start;
	long long value;
	size_t n, length;
	char code;

	if (++a->depth > ARITH_DEPTH_MAX)
		return fail(a, "nested too deeply");
	skip_space(a);
	start = a->p;
	n = name_length(start);
	a->p += n;
	skip_space(a);
	code = n ? assignment_code(a->p, &length) : 0;
	if (code) {
		a->p += length;
		value = assign(a, start, n, code);
	} else {
		a->p = start;
		value = conditional(a);
	}
	a->depth--;
	return value;
}

/* Returns false after a message. An empty expression is 0. */
bool arithmetic(const char *text, long long *value)
{
	struct arith a = { .whole = text, .p = text };

	*value = 0;
	skip_space(&a);
	if (!*a.p)
		return true;
	*value = expression(&a);
	skip_space(&a);
	if (*a.p)
		fail(&a, "syntax error");
	return !a.failed;
}
