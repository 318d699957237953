/*
 * graph.c - the wait graph as a drawing: SVG inside a page of HTML.
 *
 * The left column has a box for each task, and for each source of events
 * outside of all tasks. The right column has a box for each object that tasks
 * wait for, beside the first of these tasks. A full arrow leads from a task to
 * the object it waits for, a dashed arrow from the object to each task that
 * could end the wait: following the arrows answers "why does this task not go
 * on?", and a deadlock is a circle of arrows. The tasks that /proc/why finds in
 * a deadlock are red. The page loads itself again every few seconds.
 */
#include "user/httpd/httpd.h"

#include <ctype.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROW_HEIGHT	36
#define BOX_HEIGHT	24
#define TASK_X		20
#define TASK_WIDTH	200
#define OBJECT_X	460
#define OBJECT_WIDTH	340
#define ARROWS_MOST	2000	/* a crowd that waits for a crowd has no end */

enum task_field { T_PID, T_NAME = 9, TASK_FIELDS };
enum wait_field { W_PID, W_NAME, W_KIND, W_OBJECT, W_EVENT, W_SINCE,
	W_DEADLINE, W_ENDERS, WAIT_FIELDS };

struct box {
	char *key;		/* a task's number, a word, an object's name */
	char *label;
	bool is_object, is_stuck;
	int row;
};

struct arrow {
	size_t task, object;	/* boxes */
	bool is_wait;		/* else: the task could end the wait */
};

static struct box *boxes;
static struct arrow *arrows;
static size_t box_count, arrow_count;
static int task_rows, object_rows;

/* ---- Collecting ---------------------------------------------------------- */

static size_t find_box(const char *key, bool is_object)
{
	size_t i = 0;

	while (i < box_count && (boxes[i].is_object != is_object ||
				 strcmp(boxes[i].key, key) != 0))
		i++;
	return i;
}

/* The box with this key; a new box gets the label. */
static size_t box_of(const char *key, const char *label, bool is_object)
{
	size_t i = find_box(key, is_object);

	if (i < box_count)
		return i;
	boxes = grow(boxes, box_count, sizeof(*boxes));
	boxes[i] = (struct box){ need(strdup(key)), need(strdup(label)),
				 is_object, false, 0 };
	if (!is_object)
		boxes[i].row = task_rows++;
	box_count++;
	return i;
}

static void add_arrow(size_t task, size_t object, bool is_wait)
{
	if (arrow_count == ARROWS_MOST)
		return;
	arrows = grow(arrows, arrow_count, sizeof(*arrows));
	arrows[arrow_count++] = (struct arrow){ task, object, is_wait };
}

static void add_task(char *line)
{
	char *field[TASK_FIELDS], label[80];

	if (split_fields(line, field, TASK_FIELDS) != TASK_FIELDS ||
	    !isdigit((unsigned char)*field[T_PID]))
		return;
	snprintf(label, sizeof(label), "%s (%s)", field[T_NAME], field[T_PID]);
	box_of(field[T_PID], label, false);
}

/* The object of the wait. A wait for time, a child, a signal or one of several
 * descriptors has none: the task gets a box of its own for it. */
static size_t object_of(char **field)
{
	const char *key = field[W_OBJECT], *label = key;
	size_t i;

	if (strcmp(key, "-") == 0) {
		key = field[W_PID];
		label = field[W_KIND];
	}
	i = find_box(key, true);
	if (i < box_count)
		return i;
	i = box_of(key, label, true);
	boxes[i].row = boxes[find_box(field[W_PID], false)].row;
	if (boxes[i].row < object_rows)
		boxes[i].row = object_rows;
	object_rows = boxes[i].row + 1;
	return i;
}

static void add_wait(char *line)
{
	char *field[WAIT_FIELDS], *next, *ender;
	size_t task, object;

	if (split_fields(line, field, WAIT_FIELDS) != WAIT_FIELDS ||
	    !isdigit((unsigned char)*field[W_PID]))
		return;
	task = box_of(field[W_PID], field[W_NAME], false);
	object = object_of(field);
	add_arrow(task, object, true);
	next = field[W_ENDERS];
	while ((ender = strsep(&next, ",")) != NULL)
		if (strcmp(ender, "-") != 0)
			add_arrow(box_of(ender, ender, false), object, false);
}

/* "deadlock: a(7) waits for b(8) waits for a(7)" */
static void mark_deadlock(char *line)
{
	char *number = line;
	size_t i;

	if (strncmp(line, "deadlock: ", 10) != 0)
		return;
	while ((number = strchr(number, '(')) != NULL) {
		number++;
		number[strcspn(number, ")")] = '\0';
		i = find_box(number, false);
		if (i < box_count)
			boxes[i].is_stuck = true;
		number += strlen(number) + 1;
	}
}

/* 0, or -1: no such file. */
static int read_lines(const char *path, void (*add)(char *line))
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return -1;
	while (getline(&line, &size, file) > 0)
		add(line);
	free(line);
	fclose(file);
	return 0;
}

/* ---- Drawing ------------------------------------------------------------- */

static int middle_of(size_t box)
{
	return ROW_HEIGHT * boxes[box].row + ROW_HEIGHT / 2;
}

/* The two ends of a wait stand a little apart, so that both can be seen. */
static void draw_arrow(FILE *client, const struct arrow *arrow)
{
	int task_x = TASK_X + TASK_WIDTH, middle_x = (task_x + OBJECT_X) / 2;
	int shift = arrow->is_wait ? -5 : 5;
	int task_y = middle_of(arrow->task) + shift;
	int object_y = middle_of(arrow->object) + shift;

	if (arrow->is_wait)
		fprintf(client, "<path class=\"wait\" d=\"M%d %dC%d %d %d %d "
			"%d %d\"/>\n", task_x, task_y, middle_x, task_y,
			middle_x, object_y, OBJECT_X, object_y);
	else
		fprintf(client, "<path class=\"end\" d=\"M%d %dC%d %d %d %d "
			"%d %d\"/>\n", OBJECT_X, object_y, middle_x, object_y,
			middle_x, task_y, task_x, task_y);
}

static void draw_box(FILE *client, size_t i)
{
	const struct box *box = &boxes[i];
	bool is_task = isdigit((unsigned char)box->key[0]);
	int x = box->is_object ? OBJECT_X : TASK_X;
	const char *class = box->is_object ? "object" : box->is_stuck ? "stuck"
			  : is_task ? "task" : "outside";

	fprintf(client, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
		"height=\"%d\"/><text x=\"%d\" y=\"%d\">", class, x,
		middle_of(i) - BOX_HEIGHT / 2,
		box->is_object ? OBJECT_WIDTH : TASK_WIDTH, BOX_HEIGHT, x + 8,
		middle_of(i) + 4);
	put_text(client, box->label);
	fputs("</text>\n", client);
}

static const char head[] =
	"\r\n<!doctype html><meta charset=\"utf-8\">"
	"<meta http-equiv=\"refresh\" content=\"3\">"
	"<title>Who waits for whom</title>\n<style>\n"
	"text { font: 12px monospace }\n"
	"rect { stroke: black; fill: white }\n"
	".object { fill: #eef; rx: 12px }\n"
	".outside { fill: #ddd; rx: 12px }\n"
	".stuck { fill: #f99 }\n"
	"path { fill: none; stroke: black; marker-end: url(#tip) }\n"
	".end { stroke-dasharray: 4 3; stroke: #666 }\n"
	"#tip path { fill: black; marker-end: none }\n"
	"</style>\n<p>A task &mdash;&gt; what it waits for - -&gt; who could"
	" end the wait. Red: a deadlock.\n";

int send_graph(FILE *client)
{
	if (read_lines("proc/tasks", add_task) < 0 ||
	    read_lines("proc/waits", add_wait) < 0)
		return -1;
	read_lines("proc/why", mark_deadlock);
	say_status(client, "200 OK", "text/html");
	fputs(head, client);
	if (arrow_count == ARROWS_MOST)
		fprintf(client, "Only the first %d arrows.\n", ARROWS_MOST);
	fprintf(client, "<svg width=\"%d\" height=\"%d\">\n"
		"<marker id=\"tip\" orient=\"auto\" markerWidth=\"9\" "
		"markerHeight=\"8\" refX=\"9\" refY=\"4\">"
		"<path d=\"M0 0L9 4L0 8z\"/></marker>\n",
		OBJECT_X + OBJECT_WIDTH + TASK_X, ROW_HEIGHT *
		(task_rows > object_rows ? task_rows : object_rows));
	for (size_t i = 0; i < arrow_count; i++)
		draw_arrow(client, &arrows[i]);
	for (size_t i = 0; i < box_count; i++)
		draw_box(client, i);
	fputs("</svg>\n", client);
	return 0;
}
