/*
 * match.c - run the machine of machine.h over a line.
 *
 * The machine is in a set of states at once and takes each byte in all these
 * states (Thompson, 1968). So the time grows with length times states. The time
 * of a matcher that tries the ways in turn grows with 2 to the length.
 */
#include "user/grep/machine.h"
#include "user/grep/regex.h"

#include <ctype.h>

struct line {
	const char *text;
	size_t length;
};

static bool is_word_at(const struct line *line, size_t position)
{
	unsigned char c;

	if (position >= line->length)	/* also in front of the first */
		return false;
	c = line->text[position];
	return isalnum(c) || c == '_';
}

static bool is_passable(enum op op, const struct line *line, size_t position)
{
	bool before = is_word_at(line, position - 1);
	bool behind = is_word_at(line, position);

	switch (op) {
	case LINE_START: return position == 0;
	case LINE_END: return position == line->length;
	case WORD_START: return !before && behind;
	case WORD_END: return before && !behind;
	case WORD_EDGE: return before != behind;
	case NO_WORD_EDGE: return before == behind;
	default: return false;
	}
}

/* Adds a state, and the states reached from there without taking a byte. */
static void enter(struct regex *regex, struct states *states, size_t state,
		  const struct line *line, size_t position)
{
	while (regex->seen[state] != regex->step) {
		const struct instruction *at = &regex->code[state];

		regex->seen[state] = regex->step;
		switch (at->op) {
		case CHARACTER: case SET: case MATCH:
			states->list[states->count++] = state;
			return;
		case SPLIT:
			enter(regex, states, state + at->or, line, position);
			state += at->to;
			break;
		case JUMP:
			state += at->to;
			break;
		default:
			if (!is_passable(at->op, line, position))
				return;
			state++;
		}
	}
}

static bool takes(const struct regex *regex, const struct instruction *at,
		  unsigned char byte)
{
	if (at->op == SET)
		return at->set[byte / 8] & 1 << byte % 8;
	return at->op == CHARACTER && at->character ==
		(regex->flags & IGNORE_CASE ? tolower(byte) : byte);
}

static bool is_acceptable(int flags, const struct line *line, size_t start,
			  size_t end)
{
	if (flags & WHOLE_LINE)
		return start == 0 && end == line->length;
	if (flags & WHOLE_WORD)
		return !is_word_at(line, start - 1) && !is_word_at(line, end);
	return true;
}

static void swap(struct states *a, struct states *b)
{
	struct states old = *a;

	*a = *b;
	*b = old;
}

/* Finds the longest match from start on. */
static bool match_at(struct regex *regex, const struct line *line,
		     size_t start, size_t *end)
{
	bool found = false;

	regex->now.count = 0;
	regex->step++;
	enter(regex, &regex->now, 0, line, start);
	for (size_t position = start; regex->now.count; position++) {
		regex->next.count = 0;
		regex->step++;
		for (size_t i = 0; i < regex->now.count; i++) {
			size_t state = regex->now.list[i];
			const struct instruction *at = &regex->code[state];

			if (at->op == MATCH && is_acceptable(regex->flags,
					line, start, position)) {
				*end = position;
				found = true;
			}
			if (position < line->length &&
			    takes(regex, at, line->text[position]))
				enter(regex, &regex->next, state + 1, line,
				      position + 1);
		}
		swap(&regex->now, &regex->next);
	}
	return found;
}

bool regex_find(struct regex *regex, const char *text, size_t length,
		size_t from, size_t *start, size_t *end)
{
	const struct line line = { text, length };
	const struct instruction *first = &regex->code[0];

	for (*start = from; *start <= length; ++*start) {
		/* Most places are dismissed by the first byte alone. */
		if (first->op == CHARACTER && (*start == length ||
		    !takes(regex, first, text[*start])))
			continue;
		if (match_at(regex, &line, *start, end))
			return true;
	}
	return false;
}
