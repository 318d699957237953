/*
 * hostile_names.c - a user gives names to programs, files and objects that look
 * like lines of a table. Root's tools read /proc: no name may make a line or a
 * column there.
 *
 * linux: no
 */
#include <mailbox.h>
#include <mqueue.h>
#include <sys/stat.h>

#include "tests/user/hostile.h"

#define EVIL	"x\n1\t1\t1\tforged\033[2J\177"

static const char program[] = "/tmp/" EVIL;
static const char fifo[] = "/tmp/fifo" EVIL;

static int copy_program(void)
{
	static char bytes[4096];
	int from = open(case_program, O_RDONLY);
	int to = open(program, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, n) != n)
			return 0;
	close(from);
	return close(to) == 0 && n == 0;
}

/* With the evil name: wait at objects with evil names. */
static int wait_with_evil_names(void)
{
	struct mailbox_attr attr = { .capacity = 1, .message_bytes = 8 };
	struct mq_attr queue = { .mq_maxmsg = 1, .mq_msgsize = 8 };
	char bytes[8];

	if (fork() == 0)
		_exit(mailbox_receive(mailbox_open("/" EVIL, O_RDWR | O_CREAT,
						   0600, &attr),
				      NULL, bytes, 8, 0, NULL) != 0);
	if (fork() == 0)
		_exit(mq_receive(mq_open("/" EVIL, O_RDWR | O_CREAT, 0600,
					 &queue), bytes, 8, NULL) != 0);
	return open(fifo, O_RDONLY);
}

static int times_in(const char *path, const char *word)
{
	static char text[65536];
	const char *at = text;
	int times = 0;

	require(read_text(path, text, sizeof(text)));
	while ((at = strstr(at, word)) != NULL) {
		at += strlen(word);
		times++;
	}
	return times;
}

static int columns_of(const char *line)
{
	int columns = 1;

	for (; *line && *line != '\n'; line++)
		columns += *line == '\t';
	return columns;
}

/* Each line of a table has as many columns as the first line, and only bytes
 * that can be printed. */
static void look_at_table(const char *path)
{
	static char text[65536];
	const char *line = text;

	require(read_text(path, text, sizeof(text)));
	expect(!strstr(text, "forged\033"));
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' && *at != '\n' && *at != '\t')
			expect(!"a byte that cannot be printed");
	for (; *line; line = strchr(line, '\n') + 1)
		if (!expect(columns_of(line) == columns_of(text)))
			printf("# %s: %.*s\n", path,
			       (int)strcspn(line, "\n"), line);
}

CASE(a_name_makes_no_line_and_no_column_in_proc)
{
	pid_t attacker;

	require(copy_program() && mkfifo(fifo, 0600) == 0);
	require(chown(fifo, ATTACKER, ATTACKER) == 0);
	attacker = fork_or_fail();
	if (attacker == 0) {
		become_attacker();
		execl(program, EVIL, "--wait", NULL);
		_exit(1);
	}
	while (times_in("/proc/waits", "forged") < 3)
		case_pause();
	look_at_table("/proc/tasks");
	look_at_table("/proc/ipc");
	look_at_table("/proc/waits");
	expect(root_works());
	kill_and_wait(attacker);
	expect(mailbox_unlink("/" EVIL) == 0 && mq_unlink("/" EVIL) == 0);
	expect(unlink(program) == 0 && unlink(fifo) == 0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--wait") == 0)
		return wait_with_evil_names();
	return run_cases(argc, argv);
}
