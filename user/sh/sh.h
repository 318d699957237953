/*
 * sh.h - declarations for all files of the shell.
 *
 * A command goes through the files in this order, which is also the order for
 * reading:
 *
 *	main.c		arguments, the loop to read and run
 *	source.c	where the text comes from: string, file, terminal
 *	quote.c lex.c	text into tokens
 *	parse.c compound.c tree.h   tokens into a tree
 *	exec.c command.c    walk the tree; run one simple command
 *	expand.c field.c parameter.c substitute.c arith.c
 *			the values of $ ` ~ * and quotes in a word
 *	redirect.c	< > >> << and friends
 *	foreground.c	fork, the terminal's foreground
 *	jobs.c		the processes of a pipeline, their states
 *	signals.c	ctrl+C and trap
 *	variable.c	variables and the environment
 *	builtin*.c test.c printf.c  commands inside the shell
 *	edit.c draw.c keys.c history.c complete.c  a line typed at a terminal
 *	memory.c	arenas and growing texts
 *
 * The language is the POSIX shell's without aliases. A word stays as written,
 * with its quotes, until the expansion: plain text, without codes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* ---- memory.c: memory freed all at once, texts that grow ---- */

struct arena {
	struct arena_chunk *chunks;
	int users;		/* of a tree: the reader, functions in it */
};

struct text {
	char *data;		/* NUL-terminated once anything was added */
	size_t length;
	size_t capacity;
};

void *allocate(size_t bytes);
char *copy_text(const char *text);
void *arena_alloc(struct arena *arena, size_t bytes);
char *arena_text(struct arena *arena, const char *text, size_t length);
void arena_free(struct arena *arena);
struct arena *tree_create(void);
void tree_hold(struct arena *tree);
void tree_drop(struct arena *tree);
void text_char(struct text *text, char c);
void text_add(struct text *text, const char *more, size_t length);
void text_insert(struct text *text, size_t at, const char *more, size_t n);
void text_remove(struct text *text, size_t at, size_t length);
void text_clear(struct text *text);
void text_free(struct text *text);

/* ---- main.c: the state of the shell ---- */

enum unwind {			/* why commands are being left early */
	UNWIND_NONE,
	UNWIND_BREAK,
	UNWIND_CONTINUE,
	UNWIND_RETURN,
	UNWIND_ABORT,		/* back to the prompt */
};

struct shell {
	const char *name;	/* $0 */
	int status;		/* $? */
	int substituted;	/* status of the last command substitution */
	int line;		/* of the command that runs: $LINENO */
	bool number_lines;	/* messages say the line: not typed, not -c */
	bool interactive;
	bool job_control;	/* pipelines get process groups of their own */
	int tested;		/* > 0: in a condition, set -e does not act */
	int loops;		/* how many loops break can leave */
	int calls;		/* how many functions and files return can */
	enum unwind unwind;
	int unwind_levels;	/* loops still to leave for break or continue */
	pid_t pid;		/* $$, also in subshells */
	pid_t last_background;	/* $!, 0 for none */
	int parameter_count;	/* $#, and $1 is parameters[0] */
	char **parameters;
};

extern struct shell sh;

struct options {		/* switched by `set` */
	bool errexit, noglob, monitor, noexec, nounset, verbose, xtrace;
	bool pipefail;
};

struct option_name {
	char letter;
	const char *name;
	bool *value;
};

extern struct options options;
extern const struct option_name option_names[];

struct source;
int run_source(struct source *source, bool last);
int run_string(const char *text);
int run_file(const char *path);
int option_set(char letter, const char *name, bool value);
void set_parameters(int count, char **values);
void shell_warn(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
int fatal(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void shell_exit(int status) __attribute__((noreturn));

/* ---- source.c: where commands come from ---- */

struct source {
	char *text;		/* text read and not yet forgotten */
	size_t length;
	size_t position;	/* of the next character */
	int line;		/* line of that character, from 1 */
	int depth;		/* nested constructs around position */
	bool ended;		/* there was no more text for this command */
	bool continued;		/* inside a command: prompt with PS2 */
	bool failed;		/* an error was found and reported */
	bool (*more)(struct source *source); /* append a line; NULL: never */
	int fd;
	struct text buffer;	/* owns text when lines are appended */
	char *block;		/* read ahead from a script */
	size_t block_length, block_position;
};

#define SOURCE_END		(-1)
#define SOURCE_DEPTH_MAX	200

void source_from_string(struct source *source, const char *text, size_t n);
void source_from_file(struct source *source, int fd, bool shared);
void source_from_terminal(struct source *source);
bool source_enter(struct source *source);
void source_close(struct source *source);
void source_forget(struct source *source);
void source_drop(struct source *source);
bool source_at_end(struct source *source);
int source_peek(struct source *source);
int source_next(struct source *source);

/* ---- quote.c: find where a quoted thing ends ---- */

bool skip_single_quotes(struct source *source);
bool skip_double_quotes(struct source *source);
bool skip_backquotes(struct source *source);
bool skip_braces(struct source *source, bool quoted);
bool skip_arithmetic(struct source *source);
bool skip_dollar(struct source *source, bool quoted);
char *unquote(struct arena *arena, const char *word);

/* ---- parse.c, compound.c: the tree, which tree.h describes ---- */

struct word;
struct redirect;
struct node;

enum parse_result { PARSE_OK, PARSE_BLANK, PARSE_END, PARSE_ERROR };

enum parse_result parse_line(struct source *source, struct arena *tree,
	struct node **node);
bool parse_substitution(struct source *source, struct arena *tree,
	struct node **node);
bool is_assignment(const char *word);
size_t name_length(const char *text);

/* ---- exec.c, command.c ---- */

#define RUN_LAST	1	/* this process ends after the node */

int run_node(struct node *node, int flags);
int run_command(struct node *node, int flags);
int run_words(char **words, int count, bool functions);
int run_function_body(struct node *function, int count, char **words);
void run_program(char **words) __attribute__((noreturn));
char *find_program(const char *name);
void function_define(struct node *node);
void function_unset(const char *name);
struct node *function_find(const char *name);

/* ---- expand.c and its helpers ---- */

enum expand_mode {
	EXPAND_FIELDS,		/* split, then match file names */
	EXPAND_TEXT,		/* one text */
	EXPAND_PATTERN,		/* one text, quoted characters as \c */
};

#define HOW_QUOTED	1	/* inside double quotes */
#define HOW_SPLIT	2	/* even literal text is split: ${x:-a b} */
#define HOW_HERE	4	/* a here-document: quotes mean nothing */
#define HOW_ASSIGN	8	/* ~ counts behind a colon as well */
#define HOW_BRACES	16	/* inside ${...}: \} is a } */

struct expansion {
	struct arena *arena;
	enum expand_mode mode;
	struct text field;	/* being built; quoted characters as \c */
	bool present;		/* the field exists, be it empty */
	bool bracket, matches;	/* field with an unquoted [; is a pattern */
	bool after_blank;	/* the last field was ended by IFS blanks */
	bool no_parameters;	/* "$@" of none: the quotes make no field */
	bool failed;		/* a message was printed */
	char **list;
	int count, capacity;
};

char **expand_words(struct arena *arena, struct word *words, int *count);
char *expand_text(struct arena *arena, const char *word);
char *expand_assignment(struct arena *arena, const char *word);
char *expand_pattern(struct arena *arena, const char *word);
char *expand_here(struct arena *arena, const char *body);
void expand_span(struct expansion *e, const char *from, const char *end,
	int how);
char *expand_part(struct expansion *e, const char *from, const char *end,
	enum expand_mode mode, int how);

void field_char(struct expansion *e, char c, bool quoted);
void field_value(struct expansion *e, const char *value, int how);
void field_end(struct expansion *e);
char *field_plain(struct arena *arena, const char *pattern);

const char *expand_dollar(struct expansion *e, const char *from,
	const char *end, int how);
const char *parameter_value(const char *name, size_t length);

const char *expand_command(struct expansion *e, const char *from,
	const char *end, int how);
const char *expand_backquotes(struct expansion *e, const char *from,
	const char *end, int how);

bool arithmetic(const char *expression, long long *value);

/* ---- redirect.c ---- */

struct saved_fd;

int redirect_apply(struct redirect *list, struct arena *arena,
	struct saved_fd **saved);
void redirect_restore(struct saved_fd *saved, bool keep);
int move_high(int fd);
void move_fd(int from, int to);

/* ---- foreground.c ---- */

struct job;

void terminal_init(void);
void become_subshell(bool background);
pid_t fork_shell(void);
pid_t job_fork(struct job *job, bool foreground);
int job_foreground(struct job *job);

/* ---- jobs.c, builtin_job.c ---- */

struct job *job_create(int processes, const char *text);
void job_background(struct job *job);
int wait_status(int status);
void jobs_look(void);
void jobs_report(void);
bool jobs_stopped(void);
int builtin_jobs(int count, char **words);
int builtin_fg(int count, char **words);
int builtin_bg(int count, char **words);
int builtin_wait(int count, char **words);
int builtin_kill(int count, char **words);

/* ---- signals.c ---- */

void signals_init(void);
void signals_child(bool background);
int signal_pending(void);
void signals_run(void);
bool interrupted(bool forget);
void interrupt(void);
bool exit_trap_set(void);
void run_exit_trap(void);
const char *signal_name(int number);
int signal_number(const char *name);
int builtin_trap(int count, char **words);

/* ---- variable.c ---- */

struct scope {
	struct scope *outer;
	struct saved_variable *saved;
};

void variables_import(char **environment);
const char *variable_get(const char *name);
const char *variable_find(const char *name, size_t length);
int variable_set(const char *name, const char *value);
int variable_set_n(const char *name, size_t length, const char *value);
int variable_unset(const char *name);
void variable_export(const char *name);
void variable_protect(const char *name);
void variables_print(const char *prefix, bool exported, bool readonly);
char **variables_environment(struct arena *arena);
void print_quoted(FILE *file, const char *text);
void scope_enter(struct scope *scope);
void scope_leave(struct scope *scope);
bool scope_save(const char *name);

/* ---- builtin.c ---- */

void directory_init(void);		/* sets PWD */

#define BUILTIN_SPECIAL	1	/* POSIX: errors end a script */
#define BUILTIN_KEEP	2	/* redirections stay: exec */
#define BUILTIN_PLAIN	4	/* -h is an argument like any other */

struct builtin {
	const char *name;
	int (*run)(int count, char **words);
	int flags;
	const char *usage;	/* arguments */
	const char *help;	/* one line */
};

extern const struct builtin builtins[];
const struct builtin *builtin_find(const char *name);
int bad_usage(const char *name);
int builtin_run(const struct builtin *builtin, int count, char **words);
bool read_number(const char *text, long *value);

int builtin_export(int count, char **words);
int builtin_readonly(int count, char **words);
int builtin_local(int count, char **words);
int builtin_unset(int count, char **words);
int builtin_set(int count, char **words);
int builtin_shift(int count, char **words);
int builtin_read(int count, char **words);
int builtin_getopts(int count, char **words);
int builtin_umask(int count, char **words);
int builtin_test(int count, char **words);
int builtin_printf(int count, char **words);
int builtin_echo(int count, char **words);
int builtin_history(int count, char **words);

/* ---- edit.c, draw.c, history.c, complete.c ---- */

enum edit_result { EDIT_LINE, EDIT_END, EDIT_INTERRUPT, EDIT_UNABLE };

enum edit_result edit_line(const char *prompt, struct text *line);
void history_add(const char *line);
const char *history_get(int back);
size_t terminal_columns(void);
size_t complete(struct text *line, size_t cursor, bool list);
