/*
 * free.c - show how the memory of the machine is used.
 *
 * /proc/meminfo has the whole account: frames by owner, bytes of the kernel's
 * heap by kind. The first lines answer the usual questions.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"free [-v]\n"
	"Shows total, used and free memory.\n"
	"  -v  who uses it\n";

static void print(const char *name, long long value, const char *unit)
{
	printf("%-20s %12lld %s\n", name, value, unit);
}

int main(int argc, char **argv)
{
	char *line = NULL, name[64], unit[16];
	long long value, total = 0;
	bool verbose = false;
	size_t size = 0;
	FILE *memory;
	int option;

	while ((option = getopt(argc, argv, "hv")) != -1)
		switch (option) {
		case 'v': verbose = true; break;
		default: usage(option, help);
		}
	memory = fopen("/proc/meminfo", "r");
	if (!memory)
		err(1, "/proc/meminfo");
	while (getline(&line, &size, memory) > 0) {
		if (sscanf(line, "%63[^:]: %lld %15s", name, &value,
			   unit) != 3)
			continue;
		if (strcmp(name, "total") == 0)
			total = value;
		else if (strcmp(name, "free") == 0)
			print("used", total - value, unit);
		else if (!verbose)
			continue;
		print(name, value, unit);
	}
	free(line);
	fclose(memory);
	return finish(0);
}
