/*
 * exec.c - walk the tree: lists, pipelines, conditions, loops.
 *
 * run_node() runs a part of the tree and returns the status, which is then also
 * $?. Leaving early is a state, sh.unwind: while sh.unwind is set, every list
 * and loop on the way out stops. The loop that `break` means, the function that
 * `return` means and so on clear the state.
 *
 * RUN_LAST says that the process has nothing to do afterwards, so a program can
 * take the place of the shell, without a child: `sh -c ls` is one process.
 */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "user/sh/tree.h"

/* A job of one process that runs node. Returns the status. */
static int run_child(struct node *node, bool background)
{
	struct job *job = job_create(1, node->text);

	if (job_fork(job, !background) == 0)
		shell_exit(run_node(node, RUN_LAST));
	if (!background)
		return job_foreground(job);
	job_background(job);
	return 0;
}

/* In the child for one item: the pipe ends become descriptors 0 and 1. */
static void run_item(struct node *item, int input, int *output)
{
	if (input >= 0)
		move_fd(input, STDIN_FILENO);
	if (item->next) {
		close(output[0]);
		move_fd(output[1], STDOUT_FILENO);
	}
	shell_exit(run_node(item, RUN_LAST));
}

/* Start every item, or as many as there are pipes and processes for. */
static void start_pipeline(struct job *job, struct node *item, bool foreground)
{
	int input = -1, ends[2] = { -1, -1 };
	pid_t pid = 1;

	for (; item && pid > 0; item = item->next) {
		if (item->next && pipe(ends)) {
			shell_warn("pipe: %s", strerror(errno));
			break;
		}
		pid = job_fork(job, foreground);
		if (pid == 0)
			run_item(item, input, ends);
		if (input >= 0)
			close(input);
		if (item->next) {
			close(ends[1]);
			input = ends[0];
		} else {
			input = -1;
		}
	}
	if (input >= 0)
		close(input);
}

static int run_pipeline(struct node *node, int flags, bool background)
{
	struct node *item;
	struct job *job;
	int count = 0, status;

	for (item = node->items; item; item = item->next)
		count++;
	if (count == 1 && !background) {	/* ! command */
		sh.tested++;
		status = run_node(node->items, flags & ~RUN_LAST);
		sh.tested--;
		return sh.unwind ? status : !status;
	}
	job = job_create(count, node->text);
	start_pipeline(job, node->items, !background);
	if (background) {
		job_background(job);
		return 0;
	}
	status = job_foreground(job);
	return node->negated ? !status : status;
}

/* The status of the last item that ran counts; earlier items are tests. */
static int run_and_or(struct node *node, int flags)
{
	struct node *item;
	int status = 0;

	for (item = node->items; item; item = item->next) {
		if ((item->only_if_true && status) ||
		    (item->only_if_false && !status))
			continue;
		if (item->next) {
			sh.tested++;
			status = run_node(item, 0);
			sh.tested--;
		} else {
			status = run_node(item, flags);
		}
		if (sh.unwind)
			break;
	}
	return status;
}

static int run_background(struct node *node)
{
	bool plain = node->kind == NODE_PIPELINE && !node->negated;

	return plain ? run_pipeline(node, 0, true) : run_child(node, true);
}

static int run_list(struct node *node, int flags)
{
	struct node *item;
	int status = 0;

	for (item = node->items; item; item = item->next) {
		if (item->background)
			status = run_background(item);
		else
			status = run_node(item, item->next ? 0 : flags);
		if (sh.unwind)
			break;
		sh.status = status;
	}
	return status;
}

/* Run a list as a condition: a failure does not end the shell. */
static bool is_true(struct node *condition)
{
	int status;

	sh.tested++;
	status = run_node(condition, 0);
	sh.tested--;
	return status == 0;
}

static int run_if(struct node *node, int flags)
{
	bool yes = is_true(node->condition);

	if (sh.unwind)
		return sh.status;
	if (yes)
		return run_node(node->body, flags);
	return node->otherwise ? run_node(node->otherwise, flags) : 0;
}

/* After a round: does the loop end? Consumes its break or continue. */
static bool loop_ends(void)
{
	bool again = sh.unwind == UNWIND_CONTINUE;

	if (sh.unwind != UNWIND_BREAK && !again)
		return sh.unwind != UNWIND_NONE;
	if (--sh.unwind_levels > 0)
		return true;
	sh.unwind = UNWIND_NONE;
	return !again;
}

static int run_while(struct node *node)
{
	int status = 0;
	bool yes;

	sh.loops++;
	for (;;) {
		yes = is_true(node->condition) == (node->kind == NODE_WHILE);
		if (sh.unwind) {
			if (loop_ends())
				break;
			continue;
		}
		if (!yes)
			break;
		status = run_node(node->body, 0);
		if (loop_ends())
			break;
	}
	sh.loops--;
	return sh.unwind ? sh.status : status;
}

static int run_for(struct node *node)
{
	static struct word at = { .text = "\"$@\"" };
	struct arena arena = { 0 };
	int status = 0, count, i;
	char **values;

	values = expand_words(&arena, node->all_parameters ? &at : node->words,
		&count);
	if (!values) {
		arena_free(&arena);
		return fatal(2, NULL);
	}
	sh.loops++;
	for (i = 0; i < count; i++) {
		if (variable_set(node->name, values[i])) {
			status = fatal(2, NULL);
			break;
		}
		status = run_node(node->body, 0);
		if (loop_ends())
			break;
	}
	sh.loops--;
	arena_free(&arena);
	return status;
}

/* 1 if a pattern of the branch matches, 0 if none does, -1 after an error. */
static int branch_matches(struct branch *branch, const char *subject,
	struct arena *arena)
{
	struct word *word;
	char *pattern;

	for (word = branch->patterns; word; word = word->next) {
		pattern = expand_pattern(arena, word->text);
		if (!pattern)
			return -1;
		if (!fnmatch(pattern, subject, 0))
			return 1;
	}
	return 0;
}

static int run_case(struct node *node, int flags)
{
	struct arena arena = { 0 };
	char *subject = expand_text(&arena, node->words->text);
	struct branch *branch = node->branches;
	int match = subject ? 0 : -1;

	while (branch && match == 0) {
		match = branch_matches(branch, subject, &arena);
		if (match == 0)
			branch = branch->next;
	}
	arena_free(&arena);
	if (match < 0)
		return fatal(2, NULL);
	return branch && branch->body ? run_node(branch->body, flags) : 0;
}

/* A process that ends after the subshell, such as a child made for the
   subshell, becomes the subshell. */
static int run_subshell(struct node *node, int flags)
{
	struct arena arena = { 0 };
	int status;

	if (!(flags & RUN_LAST) || exit_trap_set())
		return run_child(node, false);
	become_subshell(false);
	status = redirect_apply(node->redirects, &arena, NULL) ? 1
		: run_node(node->body, RUN_LAST);
	arena_free(&arena);
	return status;
}

static int run_kind(struct node *node, int flags)
{
	switch (node->kind) {
	case NODE_COMMAND:
		return run_command(node, flags);
	case NODE_PIPELINE:
		return run_pipeline(node, flags, false);
	case NODE_AND_OR:
		return run_and_or(node, flags);
	case NODE_LIST:
		return run_list(node, flags);
	case NODE_SUBSHELL:
		return run_subshell(node, flags);
	case NODE_GROUP:
		return run_node(node->body, flags);
	case NODE_IF:
		return run_if(node, flags);
	case NODE_WHILE:
	case NODE_UNTIL:
		return run_while(node);
	case NODE_FOR:
		return run_for(node);
	case NODE_CASE:
		return run_case(node, flags);
	case NODE_FUNCTION:
		function_define(node);
		return 0;
	}
	return 0;
}

/* A { group } or the like with redirections: redirect around the command. */
static int run_redirected(struct node *node)
{
	struct saved_fd *saved = NULL;
	struct arena arena = { 0 };
	int status = 1;

	if (redirect_apply(node->redirects, &arena, &saved) == 0)
		status = run_kind(node, 0);
	redirect_restore(saved, false);
	arena_free(&arena);
	return status;
}

/* set -e: does a failure of this kind of node end the shell? */
static bool failure_counts(struct node *node)
{
	if (!options.errexit || sh.tested || sh.unwind)
		return false;
	return node->kind == NODE_COMMAND || node->kind == NODE_SUBSHELL ||
		(node->kind == NODE_PIPELINE && !node->negated);
}

int run_node(struct node *node, int flags)
{
	int status;

	signals_run();
	if (sh.unwind || (options.noexec && !sh.interactive))
		return sh.status;
	if (node->redirects && node->kind != NODE_COMMAND &&
	    node->kind != NODE_SUBSHELL)
		status = run_redirected(node);
	else
		status = run_kind(node, flags);
	if (sh.unwind == UNWIND_NONE || sh.unwind == UNWIND_RETURN)
		sh.status = status;
	if (status && failure_counts(node))
		shell_exit(status);
	return sh.status;
}
