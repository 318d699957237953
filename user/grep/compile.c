/*
 * compile.c - from a regular expression to the code of machine.h.
 *
 *	alternatives	branch { | branch }
 *	branch		{ atom [ * + ? {m,n} ] }
 *	atom		character . [set] ^ $ \x or ( alternatives )
 *
 * Each rule is a function, which appends code. Basic and extended expressions
 * differ only in whether the operators ( ) { } | + ? are written with a
 * backslash or without.
 */
#include "user/grep/machine.h"
#include "user/grep/regex.h"

#include <ctype.h>
#include <err.h>
#include <limits.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>

#define REPEAT_MAX 255

struct parser {
	const char *start, *at, *end;
	struct regex *regex;
	bool extended;
	int depth;		/* open groups */
};

_Noreturn static void complain(const struct parser *parser, const char *what)
{
	errx(2, "%s in '%.*s'", what, (int)(parser->end - parser->start),
	     parser->start);
}

static struct instruction *emit(struct regex *regex, enum op op)
{
	struct instruction *last;

	if (regex->count == regex->room) {
		regex->room = regex->room * 2 + 16;
		regex->code = need(realloc(regex->code, regex->room *
					   sizeof(*regex->code)));
	}
	last = &regex->code[regex->count++];
	memset(last, 0, sizeof(*last));
	last->op = op;
	return last;
}

static void emit_jump(struct regex *regex, enum op op, int to, int or)
{
	struct instruction *jump = emit(regex, op);

	jump->to = to;
	jump->or = or;
}

static void emit_character(struct regex *regex, char c)
{
	unsigned char byte = c;

	emit(regex, CHARACTER)->character =
		regex->flags & IGNORE_CASE ? tolower(byte) : byte;
}

static void emit_copy(struct regex *regex, const struct instruction *code,
		      size_t count)
{
	while (count--)
		*emit(regex, 0) = *code++;
}

/* Is the next character an operator: ( ) { } | + ? ? */
static bool is_operator(const struct parser *parser, char operator)
{
	const char *at = parser->at;

	if (parser->extended)
		return at < parser->end && *at == operator;
	return at + 1 < parser->end && at[0] == '\\' && at[1] == operator;
}

static bool take_operator(struct parser *parser, char operator)
{
	if (!is_operator(parser, operator))
		return false;
	parser->at += parser->extended ? 1 : 2;
	return true;
}

static void add_to_set(uint8_t *set, int c, int flags)
{
	set[c / 8] |= 1 << c % 8;
	if (flags & IGNORE_CASE) {
		c = islower(c) ? toupper(c) : tolower(c);
		set[c / 8] |= 1 << c % 8;
	}
}

static void emit_class(struct regex *regex, int (*holds)(int c), bool inverse)
{
	uint8_t *set = emit(regex, SET)->set;

	for (int c = 0; c < 256; c++)
		if (!holds(c) == inverse)
			add_to_set(set, c, 0);
}

static int is_word_character(int c)
{
	return isalnum(c) || c == '_';
}

static int is_anything(int c)
{
	(void)c;
	return true;
}

/* Adds one member of a [set], which may be a range or a class. */
static void parse_member(struct parser *parser, uint8_t *set)
{
	int flags = parser->regex->flags;
	size_t length = parser->end - parser->at;
	int (*holds)(int c) = character_class(parser->at, &length);
	unsigned char first, last;

	if (holds) {
		parser->at += length;
		for (int c = 0; c < 256; c++)
			if (holds(c))
				add_to_set(set, c, flags);
		return;
	}
	first = last = *parser->at++;
	if (parser->end - parser->at >= 2 && parser->at[0] == '-' &&
	    parser->at[1] != ']') {
		last = parser->at[1];
		parser->at += 2;
	}
	if (last < first)
		complain(parser, "a range that runs backwards");
	for (int c = first; c <= last; c++)
		add_to_set(set, c, flags);
}

/* Behind "[". A "]" at the start is a member. */
static void parse_set(struct parser *parser)
{
	uint8_t set[32] = { 0 };
	bool inverse = parser->at < parser->end && *parser->at == '^';
	const char *first = parser->at += inverse;

	while (parser->at < parser->end &&
	       (*parser->at != ']' || parser->at == first))
		parse_member(parser, set);
	if (parser->at == parser->end)
		complain(parser, "unmatched [");
	parser->at++;
	for (int i = 0; inverse && i < 32; i++)
		set[i] = ~set[i];
	memcpy(emit(parser->regex, SET)->set, set, sizeof(set));
}

/* Behind a backslash. */
static void parse_escape(struct parser *parser)
{
	struct regex *regex = parser->regex;
	char c;

	if (parser->at == parser->end)
		complain(parser, "a backslash at the end");
	c = *parser->at++;
	switch (c) {
	case '<': emit(regex, WORD_START); return;
	case '>': emit(regex, WORD_END); return;
	case 'b': emit(regex, WORD_EDGE); return;
	case 'B': emit(regex, NO_WORD_EDGE); return;
	case 'w': emit_class(regex, is_word_character, false); return;
	case 'W': emit_class(regex, is_word_character, true); return;
	case 's': emit_class(regex, isspace, false); return;
	case 'S': emit_class(regex, isspace, true); return;
	}
	if (isdigit((unsigned char)c))
		complain(parser, "a back reference, which is not supported,");
	emit_character(regex, c);
}

static void parse_alternatives(struct parser *parser);

static void parse_group(struct parser *parser)
{
	parser->depth++;
	parse_alternatives(parser);
	parser->depth--;
	if (!take_operator(parser, ')'))
		complain(parser, "unmatched (");
}

static bool is_end_of_branch(const struct parser *parser)
{
	return parser->at == parser->end || is_operator(parser, '|') ||
		(is_operator(parser, ')') && parser->depth > 0);
}

/* first: at the start, where ^ is an anchor and * a plain star. */
static void parse_atom(struct parser *parser, bool first)
{
	struct regex *regex = parser->regex;
	char c;

	if (take_operator(parser, '(')) {
		parse_group(parser);
		return;
	}
	if (is_operator(parser, ')'))
		complain(parser, "unmatched )");
	c = *parser->at++;
	if (c == '\\')
		parse_escape(parser);
	else if (c == '.')
		emit_class(regex, is_anything, false);
	else if (c == '[')
		parse_set(parser);
	else if (c == '^' && (parser->extended || first))
		emit(regex, LINE_START);
	else if (c == '$' && (parser->extended || is_end_of_branch(parser)))
		emit(regex, LINE_END);
	else
		emit_character(regex, c);
}

/*
 * Replaces the code from start on by least to most copies: first the copies
 * that must match, then either a loop or the copies that may match.
 */
static void repeat(struct regex *regex, size_t start, int least, int most)
{
	size_t count = regex->count - start;
	struct instruction *code = need(malloc(count * sizeof(*code) + 1));
	int length = count;

	memcpy(code, regex->code + start, count * sizeof(*code));
	regex->count = start;
	for (int i = 0; i < least; i++)
		emit_copy(regex, code, count);
	if (most == INT_MAX) {
		emit_jump(regex, SPLIT, 1, length + 2);
		emit_copy(regex, code, count);
		emit_jump(regex, JUMP, -length - 1, 0);
	} else {
		for (int i = least; i < most; i++) {
			emit_jump(regex, SPLIT, 1, length + 1);
			emit_copy(regex, code, count);
		}
	}
	free(code);
}

/* Reads digits; returns -1 if there are none. */
static int parse_count(struct parser *parser)
{
	int value = -1;

	while (parser->at < parser->end &&
	       isdigit((unsigned char)*parser->at)) {
		value = (value < 0 ? 0 : value) * 10 + *parser->at++ - '0';
		if (value > REPEAT_MAX)
			complain(parser, "a count above 255");
	}
	return value;
}

/* Reads {m}, {m,}, {,n} or {m,n}. Anything else is no operator. */
static bool take_interval(struct parser *parser, int *least, int *most)
{
	const char *before = parser->at;

	if (!take_operator(parser, '{'))
		return false;
	*least = *most = parse_count(parser);
	if (parser->at < parser->end && *parser->at == ',') {
		parser->at++;
		*most = parse_count(parser);
		if (*most < 0)
			*most = INT_MAX;
		if (*least < 0)
			*least = 0;
	}
	if (*least > *most)
		complain(parser, "a range that runs backwards");
	if (take_operator(parser, '}') && *least >= 0)
		return true;
	if (!parser->extended)
		complain(parser, "a malformed \\{m,n\\}");
	parser->at = before;
	return false;
}

static bool take_repetition(struct parser *parser, int *least, int *most)
{
	*least = 0;
	*most = INT_MAX;
	if (parser->at < parser->end && *parser->at == '*') {
		parser->at++;
		return true;
	}
	if (take_operator(parser, '+')) {
		*least = 1;
		return true;
	}
	if (take_operator(parser, '?')) {
		*most = 1;
		return true;
	}
	return take_interval(parser, least, most);
}

static void parse_branch(struct parser *parser)
{
	bool first = true;
	int least, most;

	while (!is_end_of_branch(parser)) {
		size_t start = parser->regex->count;
		bool caret = first && *parser->at == '^';

		parse_atom(parser, first);
		first = false;
		if (caret && !parser->extended)
			continue;	/* in ^*, the star is plain */
		while (take_repetition(parser, &least, &most))
			repeat(parser->regex, start, least, most);
	}
}

/* SPLIT to both; branch; JUMP behind; the next alternatives. */
static void parse_alternatives(struct parser *parser)
{
	struct regex *regex = parser->regex;
	size_t start = regex->count, jump;

	parse_branch(parser);
	if (!take_operator(parser, '|'))
		return;
	emit(regex, SPLIT);
	memmove(regex->code + start + 1, regex->code + start,
		(regex->count - 1 - start) * sizeof(*regex->code));
	jump = regex->count;
	emit(regex, JUMP);
	regex->code[start] = (struct instruction){
		.op = SPLIT, .to = 1, .or = regex->count - start,
	};
	parse_alternatives(parser);
	regex->code[jump].to = regex->count - jump;
}

struct regex *regex_compile(const char *pattern, size_t length,
			    enum syntax syntax, int flags)
{
	struct regex *regex = need(calloc(1, sizeof(*regex)));
	struct parser parser = {
		.start = pattern, .at = pattern, .end = pattern + length,
		.regex = regex, .extended = syntax == EXTENDED,
	};

	regex->flags = flags;
	if (syntax == FIXED)
		while (length--)
			emit_character(regex, *pattern++);
	else
		parse_alternatives(&parser);
	emit(regex, MATCH);
	regex->now.list = need(calloc(regex->count, sizeof(size_t)));
	regex->next.list = need(calloc(regex->count, sizeof(size_t)));
	regex->seen = need(calloc(regex->count, sizeof(size_t)));
	return regex;
}
