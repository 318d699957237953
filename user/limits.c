/*
 * limits.c - show what a user has caused, and the limits of the user.
 *
 * The kernel counts in /proc/limits. Root sees all users there, and the other
 * users see only their own lines.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"limits [-a]\n"
	"Shows what you have caused in the kernel, and your limits.\n"
	"  -a  all users, for root\n";

/* A kind that is counted in bytes is shown in KiB. */
static bool is_bytes(const char *kind)
{
	return strstr(kind, "memory") || strcmp(kind, "messages") == 0 ||
	       strcmp(kind, "network") == 0;
}

static void print(const char *user, const char *kind, unsigned long long used,
		  const char *limit)
{
	unsigned long long most = strtoull(limit, NULL, 10);
	unsigned long unit = is_bytes(kind) ? 1024 : 1;

	printf("%-6s %-10s %10llu ", user, kind, used / unit);
	if (*limit == '-')
		printf("%10s", "-");
	else
		printf("%10llu", most / unit);
	printf("%s\n", unit > 1 ? " KiB" : "");
}

int main(int argc, char **argv)
{
	char *line = NULL, user[16], kind[16], limit[16];
	unsigned long long used;
	bool all = false;
	size_t size = 0;
	FILE *limits;
	int option;

	while ((option = getopt(argc, argv, "ah")) != -1)
		switch (option) {
		case 'a': all = true; break;
		default: usage(option, help);
		}
	limits = fopen("/proc/limits", "r");
	if (!limits)
		err(1, "/proc/limits");
	printf("%-6s %-10s %10s %10s\n", "USER", "KIND", "USED", "LIMIT");
	while (getline(&line, &size, limits) > 0)
		if (sscanf(line, "%15s %15s %llu %15s", user, kind, &used,
			   limit) == 4 &&
		    (all || strtoul(user, NULL, 10) == getuid()))
			print(user, kind, used, limit);
	free(line);
	fclose(limits);
	return finish(0);
}
