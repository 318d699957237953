/*
 * man.c - read the manual.
 *
 * The pages of section 2 lie in the file /man/2, one after the other. Each page
 * begins with a line of a form feed, its names and a short description:
 *
 *	^Lgetuid, geteuid, getgid, getegid(2) - who the process acts for
 *
 * In section 1 a tab and a name follow for each call that the program uses. The
 * pages are plain text: `make` rendered them from docs/man.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER	"/man/"
#define MORE	"/bin/more"

static const char help[] =
	"man [SECTION] NAME | man -k WORD\n"
	"Shows the page of this name: of a program (section 1), a system call\n"
	"(2), a function (3) or a concept (7).\n"
	"  -k  list the pages with this word in their name or title, and the\n"
	"      programs that use a call with this word in its name\n";

static const char *const sections[] = { "1", "2", "3", "7", NULL };

/* Is the line the first line of the page of this name? */
static int has_name(const char *line, const char *name)
{
	size_t length = strlen(name);
	const char *at = line + 1;

	for (;;) {
		if (strncmp(at, name, length) == 0 &&
		    (at[length] == ',' || at[length] == '('))
			return 1;
		at += strcspn(at, ",(");
		if (*at++ != ',')
			return 0;
		at++;
	}
}

static FILE *open_section(const char *section)
{
	char *path = join_path(FOLDER, section);
	FILE *file = fopen(path, "r");

	free(path);
	return file;
}

/* Call act() for the lines of this section until it returns 1. Returns whether
   the section has lines. */
static int for_lines(const char *section,
		     int (*act)(const char *line, void *context),
		     void *context)
{
	FILE *file = open_section(section);
	char *line = NULL;
	size_t size = 0;
	int has_any = 0;

	if (!file)
		return 0;
	while (getline(&line, &size, file) > 0) {
		has_any = 1;
		if (act(line, context))
			break;
	}
	free(line);
	fclose(file);
	return has_any;
}

/* ---- One page ----------------------------------------------------------- */

struct page {
	const char *name;
	FILE *out;		/* NULL until the page is found */
};

static void begin(struct page *page)
{
	page->out = stdout;
	if (isatty(STDOUT_FILENO))
		page->out = need(popen(MORE, "w"));
}

static int print_page(const char *line, void *context)
{
	struct page *page = context;

	if (*line == '\f' && page->out)
		return 1;
	if (*line == '\f' && has_name(line, page->name))
		begin(page);
	else if (page->out)
		fputs(line, page->out);
	return 0;
}

static int show(const char *only, const char *name)
{
	struct page page = { name, NULL };
	int has_any = 0;

	for (int i = 0; sections[i] && !page.out; i++)
		if (!only || !strcmp(only, sections[i]))
			has_any |= for_lines(sections[i], print_page, &page);
	if (!has_any)
		errx(1, "no pages in " FOLDER
		     ": the system was built without mandoc");
	if (!page.out)
		errx(1, "no page of %s; try: man -k WORD", name);
	if (page.out != stdout)
		pclose(page.out);
	return finish(0);
}

/* ---- All pages ---------------------------------------------------------- */

struct search {
	const char *word;
	int found;
};

/* Print the program's calls that contain the word, after an introduction. */
static void print_uses(char *name, const char *word)
{
	const char *before = "; uses ";

	for (; name; name = strtok(NULL, "\t")) {
		if (!strcasestr(name, word))
			continue;
		printf("%s%s", before, name);
		before = ", ";
	}
}

static int print_heading(const char *line, void *context)
{
	struct search *search = context;
	char *copy;

	if (*line != '\f' || !strcasestr(line, search->word))
		return 0;
	copy = need(strdup(line + 1));
	copy[strcspn(copy, "\n")] = '\0';
	fputs(strtok(copy, "\t"), stdout);
	print_uses(strtok(NULL, "\t"), search->word);
	putchar('\n');
	free(copy);
	search->found = 1;
	return 0;
}

static int list(const char *word)
{
	struct search search = { word, 0 };

	for (int i = 0; sections[i]; i++)
		for_lines(sections[i], print_heading, &search);
	return finish(!search.found);
}

static int is_section(const char *word)
{
	return strchr("1237", *word) && *word && !word[1];
}

int main(int argc, char **argv)
{
	const char *word = NULL;
	int option;

	while ((option = getopt(argc, argv, "hk:")) != -1)
		switch (option) {
		case 'k': word = optarg; break;
		default: usage(option, help);
		}
	argv += optind;
	if (word && !*argv)
		return list(word);
	if (!word && argv[0] && !argv[1])
		return show(NULL, argv[0]);
	if (!word && argv[0] && is_section(argv[0]) && !argv[2])
		return show(argv[0], argv[1]);
	usage('?', help);
}
