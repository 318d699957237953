/*
 * regcomp.c - a pattern becomes a program.
 *
 * A parser by recursive descent, which writes instructions while it reads:
 *
 *	alternatives	pieces | pieces ...
 *	pieces		piece piece ...
 *	piece		atom, or atom* atom+ atom? atom{2,5}
 *	atom		byte . [set] (alternatives) \1 ^ $
 *
 * In a basic pattern the signs ( ) { } + ? | have a backslash (the last three
 * as GNU does), and * at the beginning is a byte.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "libc/regex/program.h"
#include "libc/regex/set.h"

struct parser {
	const char *at;
	struct __regex_program *program;
	bool extended;
	int error;
	int depth;
	int open;		/* groups begun */
	uint32_t closed;	/* bit n: group n is complete, for \n */
};

static int alternatives(struct parser *p);

static int fail(struct parser *p, int error)
{
	if (!p->error)
		p->error = error;
	return -1;
}

/* ---- Instructions ------------------------------------------------------- */

static int add(struct parser *p, enum code code, int value)
{
	struct __regex_program *program = p->program;

	if (program->length == MOST_INSTRUCTIONS)
		return fail(p, REG_ESPACE);
	if (program->length == program->room) {
		int room = program->room * 2 + 32;
		void *more = realloc(program->code,
			(size_t)room * sizeof(*program->code));

		if (!more)
			return fail(p, REG_ESPACE);
		program->code = more;
		program->room = room;
	}
	program->code[program->length++] = (struct instruction){
		.code = (uint8_t)code, .byte = (uint8_t)value, .value = value };
	return 0;
}

/* Room for instructions at a place; what follows moves. */
static int insert(struct parser *p, int place, int count)
{
	struct __regex_program *program = p->program;
	int moved = program->length - place;

	for (int i = 0; i < count; i++) {
		if (add(p, JUMP, 0) < 0)
			return -1;
	}
	memmove(program->code + place + count, program->code + place,
		(size_t)moved * sizeof(*program->code));
	return 0;
}

static int copy(struct parser *p, int from, int count)
{
	for (int i = 0; i < count; i++) {
		struct instruction one = p->program->code[from + i];

		if (add(p, JUMP, 0) < 0)
			return -1;
		p->program->code[p->program->length - 1] = one;
	}
	return 0;
}

static int add_set(struct parser *p, const struct set *set)
{
	struct __regex_program *program = p->program;

	if (program->set_count == program->set_room) {
		int room = program->set_room * 2 + 8;
		void *more = realloc(program->sets,
			(size_t)room * sizeof(*set));

		if (!more)
			return fail(p, REG_ESPACE);
		program->sets = more;
		program->set_room = room;
	}
	program->sets[program->set_count] = *set;
	return add(p, SET, program->set_count++);
}

static int add_byte(struct parser *p, char c)
{
	struct set set = { { 0 } };

	if (!(p->program->flags & REG_ICASE))
		return add(p, BYTE, (unsigned char)c);
	__set_add(&set, (unsigned char)c);
	__set_ignore_case(&set);
	return add_set(p, &set);
}

/* ---- Atoms -------------------------------------------------------------- */

/* Does a sign stand here, with its backslash in a basic pattern? */
static bool is_sign(const struct parser *p, char sign)
{
	if (p->extended)
		return *p->at == sign;
	return *p->at == '\\' && p->at[1] == sign;
}

static bool take_sign(struct parser *p, char sign)
{
	if (!is_sign(p, sign))
		return false;
	p->at += p->extended ? 1 : 2;
	return true;
}

static int group(struct parser *p)
{
	int number = ++p->open;

	if (++p->depth > MOST_DEPTH)
		return fail(p, REG_ESPACE);
	if (add(p, SAVE, 2 * number) < 0 || alternatives(p) < 0)
		return -1;
	if (!take_sign(p, ')'))
		return fail(p, REG_EPAREN);
	p->depth--;
	if (number < 10)
		p->closed |= 1u << number;
	return add(p, SAVE, 2 * number + 1);
}

static int bracket(struct parser *p)
{
	struct set set;
	int error = __set_parse(&p->at, &set, p->program->flags);

	return error ? fail(p, error) : add_set(p, &set);
}

static int any(struct parser *p)
{
	struct set set;

	memset(&set, 0xff, sizeof(set));
	set.bits[0] &= ~1u;
	if (p->program->flags & REG_NEWLINE)
		set.bits[0] &= ~(1u << '\n');
	return add_set(p, &set);
}

static int escape(struct parser *p)
{
	char c = *p->at;

	if (c == '\0')
		return fail(p, REG_EESCAPE);
	p->at++;
	if (c < '1' || c > '9')
		return add_byte(p, c);
	if (!(p->closed >> (c - '0') & 1))
		return fail(p, REG_ESUBREG);
	p->program->has_back = true;
	return add(p, BACK, c - '0');
}

/* In a basic pattern ^ and $ are signs at the borders only. */
static bool is_begin(const struct parser *p, bool first)
{
	return *p->at == '^' && (p->extended || first);
}

static bool is_end(const struct parser *p)
{
	const char *next = p->at + 1;

	return *p->at == '$' && (p->extended || *next == '\0' ||
		(*next == '\\' && (next[1] == ')' || next[1] == '|')));
}

static int atom(struct parser *p, bool first)
{
	if (take_sign(p, '('))
		return group(p);
	if (is_begin(p, first))
		return p->at++, add(p, LINE_BEGIN, 0);
	if (is_end(p))
		return p->at++, add(p, LINE_END, 0);
	if (p->extended && strchr("*+?{", *p->at))
		return fail(p, REG_BADRPT);
	if (!p->extended && p->at[0] == '\\' && p->at[1] == '{')
		return fail(p, REG_BADRPT);
	switch (*p->at++) {
	case '.':
		return any(p);
	case '[':
		return bracket(p);
	case '\\':
		return escape(p);
	default:
		return add_byte(p, p->at[-1]);
	}
}

/* ---- Repetitions -------------------------------------------------------- */

/* 2, 2, or 2,5 and the brace; most is -1 without an end. */
static int bounds(struct parser *p, int *least, int *most)
{
	char *end;
	long number;

	*most = -1;
	for (int i = 0; i < 2; i++) {
		if (*p->at < '0' || *p->at > '9') {
			if (i == 1)
				break;		/* {2,} */
			return fail(p, *p->at ? REG_BADBR : REG_EBRACE);
		}
		number = strtol(p->at, &end, 10);
		if (number > DUP_MAX)
			return fail(p, REG_BADBR);
		p->at = end;
		*(i == 0 ? least : most) = (int)number;
		if (i == 0 && *p->at != ',') {
			*most = *least;
			break;
		}
		if (i == 0)
			p->at++;
	}
	if (*p->at == '\0')
		return fail(p, REG_EBRACE);
	if (!take_sign(p, '}') || (*most >= 0 && *most < *least))
		return fail(p, REG_BADBR);
	return 0;
}

/* The instruction at a place goes on behind itself, or `other` farther. */
static void split(struct parser *p, int place, int value, int other)
{
	p->program->code[place] = (struct instruction){
		.code = SPLIT, .value = value, .other = other };
}

/* x+ from x at a place: x SPLIT, back to x or on. */
static int plus(struct parser *p, int start)
{
	int place = p->program->length;

	if (add(p, SPLIT, 0) < 0)
		return -1;
	split(p, place, start - place, 1);
	return 0;
}

/* x* from x at a place, as (x+)?: SPLIT x SPLIT. An empty x goes on behind the
   second one, with its groups: XBD 9.1 wants a group that matched nothing, not
   a group without a match. */
static int star(struct parser *p, int start)
{
	if (insert(p, start, 1) < 0 || plus(p, start + 1) < 0)
		return -1;
	split(p, start, 1, p->program->length - start);
	return 0;
}

/* x{2,5}: x x (x (x x?)?)?, each ? with a jump to the end. */
static int repeat(struct parser *p, int start, int least, int most)
{
	int length = p->program->length - start, end;

	if (most == 0) {
		p->program->length = start;
		return 0;
	}
	for (int i = 1; i < least; i++) {
		if (copy(p, start, length) < 0)
			return -1;
	}
	if (most < 0)
		return least == 0 ? star(p, start)
			: plus(p, p->program->length - length);
	if (least == 0 && insert(p, start, 1) < 0)
		return -1;
	end = start + (least == 0) + length * (least ? least : 1) +
		(most - (least ? least : 1)) * (length + 1);
	if (least == 0)
		split(p, start, 1, end - start);
	for (int i = least ? least : 1; i < most; i++) {
		int place = p->program->length;

		if (add(p, JUMP, 0) < 0 ||
		    copy(p, start + (least == 0), length) < 0)
			return -1;
		split(p, place, 1, end - place);
	}
	return 0;
}

static int piece(struct parser *p, bool first)
{
	int start = p->program->length;

	/* A * that begins a basic pattern is a byte. */
	if (!p->extended && *p->at == '*' && first)
		p->at++, add_byte(p, '*');
	else if (atom(p, first) < 0)
		return -1;
	/* \(^*\): the * behind an anchor too. */
	if (!p->extended && *p->at == '*' && p->program->length > start &&
	    p->program->code[p->program->length - 1].code == LINE_BEGIN)
		return p->at++, add_byte(p, '*');
	while (!p->error) {
		int least = 0, most = -1;

		if (*p->at == '*')
			p->at++;
		else if (take_sign(p, '+'))
			least = 1;
		else if (take_sign(p, '?'))
			most = 1;
		else if (!take_sign(p, '{'))
			break;
		else if (bounds(p, &least, &most) < 0)
			return -1;
		repeat(p, start, least, most);
	}
	return p->error ? -1 : 0;
}

static int pieces(struct parser *p)
{
	bool first = true;

	while (*p->at && !is_sign(p, '|') && !(is_sign(p, ')') && p->depth)) {
		if (!p->extended && is_sign(p, ')'))
			return fail(p, REG_EPAREN);
		if (p->extended && *p->at == ')') {	/* a byte, without ( */
			p->at++;
			if (add_byte(p, ')') < 0)
				return -1;
		} else if (piece(p, first) < 0)
			return -1;
		first = false;
	}
	return 0;
}

/* x|y: SPLIT x JUMP y */
static int alternatives(struct parser *p)
{
	int start = p->program->length, end, next;

	if (pieces(p) < 0)
		return -1;
	if (!take_sign(p, '|'))
		return 0;
	if (insert(p, start, 1) < 0 || add(p, JUMP, 0) < 0)
		return -1;
	next = p->program->length;
	split(p, start, 1, next - start);
	if (++p->depth > MOST_DEPTH && !p->error)
		return fail(p, REG_ESPACE);
	p->depth--;
	if (alternatives(p) < 0)
		return -1;
	end = p->program->length;
	p->program->code[next - 1].value = end - (next - 1);
	return 0;
}

void regfree(regex_t *regex)
{
	struct __regex_program *program = regex->__program;

	if (!program)
		return;
	free(program->code);
	free(program->sets);
	free(program);
	regex->__program = NULL;
}

int regcomp(regex_t *restrict regex, const char *restrict pattern, int flags)
{
	struct __regex_program *program = calloc(1, sizeof(*program));
	struct parser p = { .at = pattern, .program = program,
		.extended = flags & REG_EXTENDED };

	regex->__program = program;
	if (!program)
		return REG_ESPACE;
	program->flags = flags;
	if (add(&p, SAVE, 0) == 0 && alternatives(&p) == 0 &&
	    add(&p, SAVE, 1) == 0)
		add(&p, FOUND, 0);
	program->groups = p.open + 1;
	regex->re_nsub = (size_t)p.open;
	if (!p.error && program->length > MOST_SLOTS / 2 / program->groups)
		fail(&p, REG_ESPACE);
	if (p.error)
		regfree(regex);
	return p.error;
}
