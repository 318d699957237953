/*
 * parameter.c - $NAME, ${NAME...}, and the special parameters.
 *
 *	${x:-word}	word if x is unset or empty	${x-word}  if unset
 *	${x:=word}	the same, and x becomes it
 *	${x:?word}	an error with that message
 *	${x:+word}	word if x is set and not empty
 *	${#x}		length
 *	${x#pattern}	without the shortest (## longest) start that matches
 *	${x%pattern}	without the shortest (%% longest) end that matches
 */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "user/sh/sh.h"

struct parameter {
	const char *name;
	size_t length;
	char operator;		/* one of - = ? + # % or 0 */
	bool colon;		/* empty counts as unset */
	bool longest;		/* ## or %% */
	bool count;		/* ${#x} */
	const char *word, *end;	/* behind the operator */
};

static char *number(long n)
{
	static char text[24];

	snprintf(text, sizeof(text), "%ld", n);
	return text;
}

static const char *positional(const char *name, size_t length)
{
	int n = 0;

	for (; length && n <= sh.parameter_count; length--)
		n = n * 10 + *name++ - '0';
	if (n == 0)
		return sh.name;
	return n <= sh.parameter_count ? sh.parameters[n - 1] : NULL;
}

static char *option_letters(void)
{
	static char letters[16];
	const struct option_name *o;
	char *to = letters;

	for (o = option_names; o->name; o++)
		if (o->letter && *o->value)
			*to++ = o->letter;
	if (sh.interactive)
		*to++ = 'i';
	*to = 0;
	return letters;
}

/* $@ as a single text: for the length, and to test whether $@ is set. */
static char *joined(void)
{
	static struct text all;
	int i;

	text_clear(&all);
	for (i = 0; i < sh.parameter_count; i++) {
		if (i)
			text_char(&all, ' ');
		text_add(&all, sh.parameters[i], strlen(sh.parameters[i]));
	}
	return all.data;
}

/* The value, valid until the next call, or NULL if unset. */
const char *parameter_value(const char *name, size_t length)
{
	if (isdigit((unsigned char)*name))
		return positional(name, length);
	switch (*name) {
	case '?':
		return number(sh.status);
	case '$':
		return number(sh.pid);
	case '#':
		return number(sh.parameter_count);
	case '!':
		return sh.last_background ? number(sh.last_background) : NULL;
	case '-':
		return option_letters();
	case '@':
	case '*':
		return sh.parameter_count ? joined() : NULL;
	}
	if (length == 6 && !memcmp(name, "LINENO", 6))
		return number(sh.line);
	return variable_find(name, length);
}

static bool is_special(char c)
{
	return c && strchr("?$#!-@*", c);
}

/* Length of the parameter name at p: a variable, digits, or a special sign. */
static size_t parameter_length(const char *p, bool braces)
{
	size_t n = name_length(p);

	if (n)
		return n;
	while (isdigit((unsigned char)p[n]))
		if (!braces)
			return 1;
		else
			n++;
	return n ? n : is_special(*p);
}

/* $@ and $*: a field each, unless "$*" joins them. */
static void emit_all(struct expansion *e, bool at, int how)
{
	const char *ifs = variable_get("IFS");
	char joint[2] = { ifs ? *ifs : ' ' };
	bool join = e->mode != EXPAND_FIELDS || (how & HOW_QUOTED && !at);
	int i;

	if (at && e->mode != EXPAND_FIELDS)
		joint[0] = ' ';
	if (at && how & HOW_QUOTED && !sh.parameter_count)
		e->no_parameters = true;
	for (i = 0; i < sh.parameter_count; i++) {
		if (i && join)
			field_value(e, joint, how | HOW_QUOTED);
		else if (i && e->present)
			field_end(e);
		field_value(e, sh.parameters[i], how);
		if (how & HOW_QUOTED && !join)
			e->present = true;
	}
}

static void emit(struct expansion *e, struct parameter *p, const char *value,
	int how)
{
	if (*p->name == '@' || *p->name == '*')
		emit_all(e, *p->name == '@', how);
	else if (value)
		field_value(e, value, how);
}

/* Behind ${ : false for text that is no parameter. */
static bool parse_parameter(struct parameter *p, const char *from,
	const char *end)
{
	*p = (struct parameter){ .end = end };
	if (*from == '#' && from + 1 < end && parameter_length(from + 1, true)
	    == (size_t)(end - from - 1)) {
		p->count = true;
		from++;
	}
	p->name = from;
	p->length = parameter_length(from, true);
	from += p->length;
	if (!p->length || from >= end)
		return p->length && from == end;
	if (*from == ':') {
		p->colon = true;
		from++;
	}
	p->operator = *from;
	if (!strchr(p->colon ? "-=?+" : "-=?+#%", *from))
		return false;
	p->longest = (*from == '#' || *from == '%') && from[1] == *from &&
		from + 1 < end;
	p->word = from + 1 + p->longest;
	return true;
}

static void assign_default(struct expansion *e, struct parameter *p, int how)
{
	char *value;

	if (!name_length(p->name)) {
		shell_warn("%.*s: cannot be assigned to", (int)p->length,
			p->name);
		e->failed = true;
		return;
	}
	value = expand_part(e, p->word, p->end, EXPAND_TEXT,
		how & (HOW_QUOTED | HOW_HERE | HOW_BRACES));
	if (!value || variable_set_n(p->name, p->length, value))
		e->failed = true;
	else
		field_value(e, value, how);
}

static void complain(struct expansion *e, struct parameter *p)
{
	char *text = expand_part(e, p->word, p->end, EXPAND_TEXT, HOW_BRACES);

	if (text)
		shell_warn("%.*s: %s", (int)p->length, p->name, *text ? text
			: "parameter not set");
	e->failed = true;
}

/*
 * The rest of value after a match of the pattern is cut off at one end. Every
 * length is tried, the shortest or the longest first.
 */
static char *trim(struct expansion *e, char *value, const char *pattern,
	bool end, bool longest)
{
	size_t length = strlen(value), i, n;
	char *part = arena_alloc(e->arena, length + 1);

	for (i = 0; i <= length; i++) {
		n = longest ? length - i : i;	/* characters to cut off */
		if (end) {
			memcpy(part, value + length - n, n + 1);
		} else {
			memcpy(part, value, n);
			part[n] = 0;
		}
		if (fnmatch(pattern, part, 0))
			continue;
		if (!end)
			return value + n;
		value[length - n] = 0;
		return value;
	}
	return value;
}

static void emit_trimmed(struct expansion *e, struct parameter *p,
	const char *value, int how)
{
	char *copy = arena_text(e->arena, value, strlen(value));
	char *pattern = expand_part(e, p->word, p->end, EXPAND_PATTERN,
		how & HOW_HERE ? 0 : HOW_BRACES);

	if (pattern)
		field_value(e, trim(e, copy, pattern, p->operator == '%',
			p->longest), how);
}

static void emit_word(struct expansion *e, struct parameter *p, int how)
{
	expand_span(e, p->word, p->end, how | HOW_SPLIT | HOW_BRACES);
}

static void unset_error(struct expansion *e, struct parameter *p)
{
	shell_warn("%.*s: parameter not set", (int)p->length, p->name);
	e->failed = true;
}

static void expand_parameter(struct expansion *e, struct parameter *p, int how)
{
	const char *value = parameter_value(p->name, p->length);
	bool missing = !value || (p->colon && !*value);

	if (!value && options.nounset && (!p->operator ||
	    strchr("#%", p->operator)) && !strchr("@*", *p->name)) {
		unset_error(e, p);
		return;
	}
	if (p->count && (*p->name == '@' || *p->name == '*'))
		field_value(e, number(sh.parameter_count), how);
	else if (p->count)
		field_value(e, number(value ? strlen(value) : 0), how);
	else if (p->operator == '+' && !missing)
		emit_word(e, p, how);
	else if (p->operator == '+')
		return;
	else if (p->operator == '#' || p->operator == '%')
		emit_trimmed(e, p, value ? value : "", how);
	else if (!missing || !p->operator)
		emit(e, p, value, how);
	else if (p->operator == '-')
		emit_word(e, p, how);
	else if (p->operator == '=')
		assign_default(e, p, how);
	else
		complain(e, p);
}

static const char *expand_braces(struct expansion *e, const char *from,
	const char *end, int how)
{
	struct parameter p;
	struct source source;
	const char *close;

	source_from_string(&source, from, end - from);
	if (!skip_braces(&source, how & (HOW_QUOTED | HOW_HERE))) {
		e->failed = true;
		return end;
	}
	close = from + source.position - 1;
	if (parse_parameter(&p, from, close)) {
		expand_parameter(e, &p, how);
	} else {
		shell_warn("bad substitution: ${%.*s}", (int)(close - from),
			from);
		e->failed = true;
	}
	return close + 1;
}

/* Behind a $. Returns the place where the rest of the word begins. */
const char *expand_dollar(struct expansion *e, const char *from,
	const char *end, int how)
{
	struct parameter p = { .name = from };

	if (from < end && *from == '{')
		return expand_braces(e, from + 1, end, how);
	if (from < end && *from == '(')
		return expand_command(e, from + 1, end, how);
	if (from < end)
		p.length = parameter_length(from, false);
	if (!p.length) {
		field_char(e, '$', true);
		return from;
	}
	expand_parameter(e, &p, how);
	return from + p.length;
}
