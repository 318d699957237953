/* more.h - declarations for all files of more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* ---- text.c: the lines, read when they are asked for ---- */

void text_open(char **names);
const char *text_line(size_t number);
size_t text_read_all(void);
int text_status(void);

/* ---- window.c: which rows of them are shown ---- */

/* A line longer than the window has several rows. */
struct place {
	size_t line;
	size_t row;
};

void window_measure(int terminal);
size_t window_rows(void);
void window_paint(void);
void window_forward(size_t rows);
void window_back(size_t rows);
void window_go(struct place to);
size_t window_top(void);
bool window_is_at_end(void);
void window_prompt(const char *text);
