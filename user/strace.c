/*
 * strace.c - run a program and print every system call of the program.
 *
 * The kernel sends two records for each call, at entry and with the result;
 * the table of system calls says how to read the arguments. A call that blocks
 * takes two lines: "unfinished" while other processes run, "resumed" later.
 */
#include <err.h>
#include <fcntl.h>
#include <program.h>
#include <stdbool.h>
#include <string.h>
#include <sys/strace.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"strace PROGRAM [ARGUMENT]...\n"
	"Prints the system calls of PROGRAM and of its children on standard\n"
	"error; the status is PROGRAM's.\n";

/* The call on the unfinished line, which has no result yet. */
static pid_t open_line;

static void print_argument(const char *type, uint32_t value, const char *text)
{
	if (!strncmp(type, "IN(char)", 8) && text)
		fprintf(stderr, "\"%.32s\"%s", text,
			strlen(text) > 32 ? "..." : "");
	else if (!strncmp(type, "IN(", 3) || !strncmp(type, "OUT(", 4))
		fprintf(stderr, value ? "0x%x" : "NULL", (unsigned)value);
	else
		fprintf(stderr, "%d", (int)value);
}

static void print_arguments(const struct call_record *call, const char *types)
{
	unsigned argument = 0, text = 0;

	for (; types && *types; argument++) {
		bool is_text = !strncmp(types, "IN(char)", 8) &&
			       text < CALL_TEXTS;

		print_argument(types, call->arguments[argument],
			       is_text ? call->texts[text++] : NULL);
		types = strchr(types, ',');
		if (types) {
			types++;
			fputs(", ", stderr);
		}
	}
}

static void end_line(const char *text)
{
	if (open_line)
		fprintf(stderr, " %s\n", text);
	open_line = 0;
}

static void print_name(const struct call_record *call, const char *name)
{
	if (name)
		fprintf(stderr, "[%d] %s", call->pid, name);
	else
		fprintf(stderr, "[%d] call_%u", call->pid,
			(unsigned)call->number);
}

static void print_record(const struct call_record *call)
{
	const struct system_call *known = call->number < system_call_count
		? &system_calls[call->number] : &(struct system_call){ 0 };

	if (!call->is_end) {
		end_line("...");
		print_name(call, known->name);
		fputc('(', stderr);
		print_arguments(call, known->arguments);
		fputc(')', stderr);
		open_line = call->pid;
		return;
	}
	if (open_line != call->pid) {
		end_line("...");
		print_name(call, known->name);
		fputs(" ...", stderr);
	}
	if (call->result < 0 && call->result > -200)
		fprintf(stderr, " = -1 (%s)\n", strerror(-call->result));
	else
		fprintf(stderr, " = %d\n", call->result);
	open_line = 0;
}

static void become_watched(char **argv, int watch, int ready)
{
	if (strace_attach(watch) < 0)
		err(127, "strace_attach");
	close(watch);
	close(ready);		/* the watcher may begin */
	execute(argv);
}

int main(int argc, char **argv)
{
	char **program = parse_no_options(argc, argv, help), byte;
	int watch = strace_open(O_CLOEXEC), ready[2], status = 0;
	struct call_record call;
	pid_t pid;

	if (!*program)
		usage('?', help);
	if (watch < 0 || pipe(ready) < 0)
		err(127, "cannot watch");
	pid = fork();
	if (pid == 0) {
		close(ready[0]);
		become_watched(program, watch, ready[1]);
	}
	close(ready[1]);
	read(ready[0], &byte, 1);
	while (read(watch, &call, sizeof(call)) == sizeof(call))
		print_record(&call);
	end_line("= ?");
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
