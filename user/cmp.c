/*
 * cmp.c - compare two files.
 */
#include <err.h>
#include <fcntl.h>
#include <program.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"cmp [-ls] FILE1 FILE2\n"
	"Compares two files byte by byte and says where they first differ.\n"
	"  -l  print all differences: position, both bytes in octal\n"
	"  -s  only the status: 0 if equal, 1 if not, 2 after an error\n";

enum mode { FIRST, ALL, SILENT };

/* A file, and the piece of it that was read last. */
struct input {
	const char *name;
	int fd;
	unsigned char piece[16384], *at;
	size_t left;		/* bytes of the piece from `at` on */
};

static struct input inputs[2];

static void open_input(struct input *input, const char *name)
{
	input->name = name;
	input->fd = strcmp(name, "-") ? open(name, O_RDONLY) : 0;
	if (input->fd < 0)
		err(2, "%s", name);
}

/* Reads on if no byte is left. Ends the program after a failure: an error is no
   end of file. */
static size_t fill(struct input *input)
{
	ssize_t bytes;

	if (input->left > 0)
		return input->left;
	bytes = read(input->fd, input->piece, sizeof(input->piece));
	if (bytes < 0)
		err(2, "%s", input->name);
	input->at = input->piece;
	input->left = bytes;
	return bytes;
}

/* The length of the part that both pieces have in common. */
static size_t equal_bytes(const unsigned char *a, const unsigned char *b,
			  size_t bytes)
{
	size_t equal = 0;

	if (memcmp(a, b, bytes) == 0)
		return bytes;
	while (a[equal] == b[equal])
		equal++;
	return equal;
}

static long newlines(const unsigned char *byte, size_t bytes)
{
	const unsigned char *end = byte + bytes;
	long count = 0;

	while ((byte = memchr(byte, '\n', end - byte)) != NULL) {
		count++;
		byte++;
	}
	return count;
}

static void move_on(struct input *input, size_t bytes)
{
	input->at += bytes;
	input->left -= bytes;
}

/* Returns whether the inputs are equal; prints differences as the mode says. */
static bool compare(struct input *a, struct input *b, enum mode mode)
{
	long position = 0, line = 1;
	bool equal = true;

	for (;;) {
		size_t left_a = fill(a), left_b = fill(b), same;
		size_t both = left_a < left_b ? left_a : left_b;

		if (both == 0) {
			if (left_a == left_b)
				return equal;
			if (mode != SILENT)
				warnx("%s ends after %ld bytes",
				      left_a ? b->name : a->name, position);
			return false;
		}
		same = equal_bytes(a->at, b->at, both);
		position += same;
		if (mode == FIRST)
			line += newlines(a->at, same);
		move_on(a, same);
		move_on(b, same);
		if (same == both)
			continue;
		equal = false;
		position++;
		if (mode == FIRST)
			printf("%s %s differ: char %ld, line %ld\n",
			       a->name, b->name, position, line);
		if (mode != ALL)
			return false;
		printf("%ld %o %o\n", position, *a->at, *b->at);
		move_on(a, 1);
		move_on(b, 1);
	}
}

int main(int argc, char **argv)
{
	enum mode mode = FIRST;
	int option;
	bool equal;

	while ((option = getopt(argc, argv, "hls")) != -1)
		switch (option) {
		case 'l': mode = ALL; break;
		case 's': mode = SILENT; break;
		default: usage(option, help);
		}
	argv += optind;
	if (argc - optind != 2)
		usage('?', help);
	open_input(&inputs[0], argv[0]);
	open_input(&inputs[1], argv[1]);
	equal = compare(&inputs[0], &inputs[1], mode);
	return finish(0) ? 2 : !equal;
}
