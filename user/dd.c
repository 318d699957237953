/*
 * dd.c - copy blocks of bytes, from any place of a file to any other.
 */
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"dd [if=FILE] [of=FILE] [bs=BYTES] [count=N] [skip=N] [seek=N]\n"
	"       [conv=notrunc,fsync] [oflag=append,dsync]\n"
	"Copies blocks of 512 bytes (bs) from standard input or FILE to\n"
	"standard output or FILE: N blocks, behind N blocks of the input\n"
	"(skip), to the place behind N blocks of the output (seek). BYTES\n"
	"may end with k or M.\n"
	"  notrunc  do not cut the output off\n"
	"  fsync    wait until the output is on the disk\n"
	"  append   write to the end of the output\n"
	"  dsync    wait after each block until it is on the disk\n";

static const char *input_name = "standard input";
static const char *output_name = "standard output";
static long long block = 512, count = LLONG_MAX, skip, seek;
static bool keeps_end, syncs;
static int output_flags = O_WRONLY | O_CREAT;
static int input = STDIN_FILENO, output = STDOUT_FILENO;
static unsigned long long whole_in, part_in, whole_out, part_out;

/* A number with k or M behind, which multiply by 1,024 and its square. */
static long long size_of(char *text, long long low, long long high,
			 const char *what)
{
	size_t length = strlen(text);
	int last = length ? tolower((unsigned char)text[length - 1]) : 0;
	long long unit = last == 'k' ? 1024 : last == 'm' ? 1 << 20 : 1;

	if (unit > 1)
		text[length - 1] = '\0';
	return parse_number(text, low, high / unit, what) * unit;
}

static void choose(char *words, const char *what)
{
	bool is_flag = strcmp(what, "oflag") == 0;

	for (char *word = strtok(words, ","); word; word = strtok(NULL, ","))
		if (is_flag && strcmp(word, "append") == 0)
			output_flags |= O_APPEND;
		else if (is_flag && strcmp(word, "dsync") == 0)
			output_flags |= O_DSYNC;
		else if (!is_flag && strcmp(word, "notrunc") == 0)
			keeps_end = true;
		else if (!is_flag && strcmp(word, "fsync") == 0)
			syncs = true;
		else
			errx(2, "bad %s: %s", what, word);
}

static void read_operand(char *operand)
{
	char *value = strchr(operand, '=');

	if (!value)
		usage('?', help);
	*value++ = '\0';
	if (strcmp(operand, "if") == 0)
		input_name = value;
	else if (strcmp(operand, "of") == 0)
		output_name = value;
	else if (strcmp(operand, "bs") == 0)
		block = size_of(value, 1, 16 << 20, "bs");
	else if (strcmp(operand, "count") == 0)
		count = size_of(value, 0, LLONG_MAX, "count");
	else if (strcmp(operand, "skip") == 0)
		skip = size_of(value, 0, LLONG_MAX >> 24, "skip");
	else if (strcmp(operand, "seek") == 0)
		seek = size_of(value, 0, LLONG_MAX >> 24, "seek");
	else if (strcmp(operand, "conv") == 0 ||
		 strcmp(operand, "oflag") == 0)
		choose(value, operand);
	else
		usage('?', help);
}

/* Go behind the blocks to skip; a pipe is read that far. */
static void skip_input(char *buffer)
{
	long long left = skip * block;
	ssize_t bytes;

	if (skip == 0 || lseek(input, left, SEEK_CUR) >= 0)
		return;
	while (left > 0) {
		bytes = read(input, buffer, left < block ? left : block);
		if (bytes < 0)
			err(1, "%s", input_name);
		if (bytes == 0)
			errx(1, "%s ends before the place", input_name);
		left -= bytes;
	}
}

static void open_files(bool has_input, bool has_output)
{
	int flags = output_flags | (keeps_end || seek ? 0 : O_TRUNC);

	if (has_input)
		input = open(input_name, O_RDONLY);
	if (input < 0)
		err(1, "%s", input_name);
	if (has_output)
		output = open(output_name, flags, 0666);
	if (output < 0)
		err(1, "%s", output_name);
	if (seek && lseek(output, seek * block, SEEK_SET) < 0)
		err(1, "%s", output_name);
	if (seek && has_output && !keeps_end &&
	    ftruncate(output, seek * block) < 0)
		err(1, "%s", output_name);
}

static int copy(char *buffer)
{
	ssize_t bytes;

	while (count-- > 0) {
		bytes = read(input, buffer, block);
		if (bytes < 0) {
			warn("%s", input_name);
			return 1;
		}
		if (bytes == 0)
			break;
		*(bytes == block ? &whole_in : &part_in) += 1;
		if (write_all(output, buffer, bytes) < 0) {
			warn("%s", output_name);
			return 1;
		}
		*(bytes == block ? &whole_out : &part_out) += 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	char **operands = parse_no_options(argc, argv, help);
	char *buffer;
	int status;

	while (*operands)
		read_operand(*operands++);
	open_files(strcmp(input_name, "standard input") != 0,
		   strcmp(output_name, "standard output") != 0);
	buffer = need(malloc(block));
	skip_input(buffer);
	status = copy(buffer);
	if (syncs && fsync(output) < 0) {
		warn("%s", output_name);
		status = 1;
	}
	fprintf(stderr, "%llu+%llu records in\n%llu+%llu records out\n",
		whole_in, part_in, whole_out, part_out);
	return finish(status);
}
