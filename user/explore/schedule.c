/*
 * schedule.c - a schedule in a file: only the choices beside the default.
 *
 *	schedule 2
 *	kernel 90ac1e04			the build, as /proc/version tells
 *	program /bin/racy 3f92a7c1	the path, and a sum of the bytes
 *	memory 1			decisions before shared words: yes
 *	task 1 position 12 choice 1
 *
 * In a different build of the kernel or the program a position may be another
 * place, so the numbers of both must fit.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/explore/explore.h"

#define VERSION 2

/* The path of the program, as execvp() would find the path. */
static const char *find_program(const char *name)
{
	static char path[256];

	if (strchr(name, '/'))
		return name;
	snprintf(path, sizeof(path), "/bin/%s", name);
	return path;
}

/* FNV-1a of the file. */
static uint32_t sum_of(const char *path)
{
	FILE *file = fopen(path, "r");
	uint32_t sum = 2166136261u;
	int c;

	if (!file)
		err(2, "%s", path);
	while ((c = getc(file)) != EOF)
		sum = (sum ^ (unsigned)c) * 16777619u;
	fclose(file);
	return sum;
}

/* The build of the running kernel. */
static uint32_t kernel_build(void)
{
	FILE *file = fopen("/proc/version", "r");
	uint32_t build;

	if (!file ||
	    fscanf(file, "%*[^,], %*[^,], build %" SCNx32, &build) != 1)
		errx(2, "/proc/version names no build");
	fclose(file);
	return build;
}

int schedule_write(const char *path, const struct subject *subject,
		   const struct plan *plan)
{
	const char *program = find_program(subject->arguments[0]);
	FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");

	if (!file)
		return -1;
	fprintf(file, "schedule %d\nkernel %08" PRIx32 "\n", VERSION,
		kernel_build());
	fprintf(file, "program %s %08" PRIx32 "\nmemory %d\n", program,
		sum_of(program), subject->has_memory);
	for (unsigned i = 0; i < plan->count; i++)
		fprintf(file, "task %u position %u choice %u\n",
			plan->choices[i].task,
			(unsigned)plan->choices[i].position,
			plan->choices[i].choice);
	return file == stdout ? 0 : fclose(file);
}

static void check_head(FILE *file, const char *path,
		       const struct subject *subject)
{
	const char *program = find_program(subject->arguments[0]);
	char name[256];
	uint32_t build, sum;
	int version, memory;

	if (fscanf(file, "schedule %d", &version) != 1)
		errx(2, "%s: not a schedule", path);
	if (version != VERSION)
		errx(2, "%s: version %d, not %d", path, version, VERSION);
	if (fscanf(file, " kernel %" SCNx32 " program %255s %" SCNx32
		   " memory %d", &build, name, &sum, &memory) != 4)
		errx(2, "%s: no kernel or no program", path);
	if (build != kernel_build())
		errx(2, "%s is for another build of the kernel: explore again",
		     path);
	if (strcmp(name, program) != 0 || sum != sum_of(program))
		errx(2, "%s is for another build of %s: explore again", path,
		     name);
	if (memory != subject->has_memory)
		errx(2, "%s was made %s -m", path, memory ? "with" : "without");
}

void schedule_read(const char *path, const struct subject *subject,
		   struct plan *plan)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	unsigned task, position, choice;

	if (!file)
		err(2, "%s", path);
	check_head(file, path, subject);
	*plan = (struct plan){ .count = 0 };
	while (fscanf(file, " task %u position %u choice %u", &task, &position,
		      &choice) == 3) {
		if (plan->count == EXPLORE_CHOICES_MOST)
			errx(2, "%s: too many lines", path);
		plan->choices[plan->count++] =
			(struct explore_choice){ task, choice, position };
	}
	fscanf(file, " command %*[^\n] ");	/* of tools/explore */
	if (!feof(file))
		errx(2, "%s: bad line after choice %u", path, plan->count);
	if (file != stdin)
		fclose(file);
}

void schedule_parse(const char *text, struct plan *plan)
{
	unsigned task, position, choice;
	int length;

	*plan = (struct plan){ .count = 0 };
	if (strcmp(text, "-") == 0)
		return;
	do {
		if (plan->count == EXPLORE_CHOICES_MOST ||
		    sscanf(text, "%u:%u:%u%n", &task, &position, &choice,
			   &length) != 3 ||
		    (text[length] && text[length] != ','))
			errx(2, "%s: not TASK:POSITION:CHOICE", text);
		plan->choices[plan->count++] =
			(struct explore_choice){ task, choice, position };
		text += length;
	} while (*text++);
}
