/* edit.h - the line in the editor, for edit.c and draw.c. */
#pragma once

#include "user/sh/keys.h"

struct editor {
	struct text *line;
	size_t cursor;		/* byte before which the next is inserted */
	size_t shown;		/* first byte in the window */
	const char *whole_prompt;
	const char *prompt;	/* the prompt, or a short one */
	size_t prompt_columns;
	size_t columns;		/* of the terminal */
	int back;		/* history line in the editor, 0: the new one */
	char *kept;		/* the new line while an old line is shown */
	bool tabbed;		/* the last key was tab */
};

void put(const char *text, size_t length);
size_t step_left(struct editor *e, size_t at);
size_t step_right(struct editor *e, size_t at);
void measure(struct editor *e);
bool fits(struct editor *e);
void draw(struct editor *e);
void draw_whole(struct editor *e);
