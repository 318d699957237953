/*
 * graph.h - processes that wait for each other as a graph says.
 *
 *	{ WAITS, "b" }, { WAITS, "ac" }, { SLEEPS, "" }
 *
 * is a graph of three nodes, a, b and c. Node a reads from a pipe of its own,
 * and process b has the other end open: only b could end the wait of a. The
 * wait of b could be ended by a or c. Node c sleeps for a minute. No byte is
 * ever written.
 */
#pragma once

#include <poll.h>
#include <sys/signalfd.h>

#include "docs/labs/lab.h"

#define NODES_MOST	8

/* POLLS: waits with a deadline. WATCHES: waits for a byte or a signal. PAUSES:
 * waits for a signal. RUNS: never waits. */
enum what { WAITS, POLLS, WATCHES, PAUSES, SLEEPS, RUNS };

struct node {
	enum what what;
	const char *enders;
};

HELPER const struct node *graph;
HELPER int node_count;
HELPER pid_t node_pids[NODES_MOST];
HELPER int node_ends[NODES_MOST][2];

HELPER int is_ender(int node, int of)
{
	return strchr(graph[of].enders, 'a' + node) != NULL;
}

/* Wait for a byte, or for a signal, or until the time is over (-1: never). */
HELPER void node_poll(int node, int ms)
{
	struct pollfd of[2] = {
		{ .fd = node_ends[node][0], .events = POLLIN },
		{ .events = POLLIN },
	};
	sigset_t set = set_of(SIGUSR1);

	of[1].fd = signalfd(-1, &set, 0);
	poll(of, ms < 0 ? 2 : 1, ms);
}

HELPER void node_wait(int node)
{
	char byte;

	if (graph[node].what == WAITS)
		read(node_ends[node][0], &byte, 1);
	else if (graph[node].what == POLLS)
		node_poll(node, 60000);
	else if (graph[node].what == WATCHES)
		node_poll(node, -1);
	else if (graph[node].what == PAUSES)
		pause();
	else if (graph[node].what == SLEEPS)
		sleep(60);
	else
		for (be_background(); ;)
			sched_yield();
}

HELPER void node_run(int node)
{
	for (int i = 0; i < node_count; i++) {
		if (i != node)
			close(node_ends[i][0]);
		if (!is_ender(node, i))
			close(node_ends[i][1]);
	}
	node_wait(node);
	_exit(1);
}

/* Start the processes in this order, and wait until they sleep. */
HELPER void start_graph(const struct node *nodes, int count)
{
	graph = nodes;
	node_count = count;
	for (int i = 0; i < count; i++)
		require(pipe(node_ends[i]) == 0);
	for (int i = 0; i < count; i++) {
		node_pids[i] = fork_or_fail();
		if (node_pids[i] == 0)
			node_run(i);
	}
	for (int i = 0; i < count; i++) {
		close(node_ends[i][0]);
		close(node_ends[i][1]);
	}
	for (int i = 0; i < count; i++)
		if (nodes[i].what != RUNS)
			until_asleep(node_pids[i]);
}

HELPER void end_graph(void)
{
	for (int i = 0; i < node_count; i++)
		kill_and_wait(node_pids[i]);
}

/* ---- What the kernel shows ----------------------------------------------- */

/* The node of the words "name(ID)", or -1; *at moves behind them. */
HELPER int next_node(const char **at)
{
	const char *open = strchr(*at, '('), *close = strchr(*at, ')');
	int id = open ? atoi(open + 1) : 0;

	if (!open || !close)
		return -1;
	*at = close + 1;
	for (int i = 0; i < node_count; i++)
		if (node_pids[i] == id)
			return i;
	return -1;
}

/* The nodes of "a(1) waits for b(2) waits for a(1)", or of "a(1) waits for
 * itself", as a mask. 0: the line is no circle of the graph. */
HELPER unsigned nodes_of_circle(const char *line)
{
	int first = next_node(&line), before = first, node = -1;
	unsigned nodes = 0;

	if (first < 0)
		return 0;
	if (strcmp(line, " waits for itself") == 0)
		return is_ender(first, first) ? 1u << first : 0;
	while (node != first) {
		if (strncmp(line, " waits for ", 11) != 0)
			return 0;
		node = next_node(&line);
		if (node < 0 || node == before || !is_ender(node, before) ||
		    nodes & 1u << node)
			return 0;
		nodes |= 1u << node;
		before = node;
	}
	return *line ? 0 : nodes;
}

/* The circles that /proc/why shows: the nodes of each as a word, "ab cd". A
 * wrong line is "?". The words are in the order of the lines. */
HELPER const char *shown_circles(void)
{
	static char text[32768], circles[128];
	char *line, *next, *to = circles;

	require(read_text("/proc/why", text, sizeof(text)));
	for (line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (strncmp(line, "deadlock: ", 10) != 0)
			continue;
		require(to < circles + sizeof(circles) - NODES_MOST - 2);
		if (to > circles)
			*to++ = ' ';
		if (!nodes_of_circle(line + 10)) {
			printf("# wrong: %s\n", line);
			*to++ = '?';
		}
		for (int i = 0; i < NODES_MOST; i++)
			if (nodes_of_circle(line + 10) & 1u << i)
				*to++ = 'a' + i;
	}
	*to = '\0';
	return circles;
}

/* Does the kernel show these circles for this graph? */
HELPER int shows(const char *circles, const struct node *nodes, int count)
{
	const char *shown;

	start_graph(nodes, count);
	shown = shown_circles();
	if (strcmp(shown, circles) != 0)
		printf("# shown: '%s', in truth: '%s'\n", shown, circles);
	end_graph();
	return strcmp(shown, circles) == 0;
}

#define GRAPH(...) \
	(const struct node[]){ __VA_ARGS__ }, \
	(int)(sizeof((const struct node[]){ __VA_ARGS__ }) / \
	      sizeof(struct node))
