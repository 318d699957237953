/*
 * netstat.c - show all sockets, local and of the network.
 *
 * Each socket is an object of the kernel like a pipe, so a line in /proc/ipc
 * tells its state, in words between commas. netstat sorts these words into
 * columns: the type, the state, the two addresses, and the bytes that have come
 * and are not read.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"netstat\n"
	"Lists all sockets: the kind, the state, the address here and at the\n"
	"peer, the bytes to read (the clients to accept, if the socket\n"
	"listens), and the tasks that sleep in a call for this socket.\n";

enum field { ID, KIND, NAME, READERS, WRITERS, WAITING, STATE, FIELDS };

struct row {
	const char *kind, *state, *local, *peer;
	unsigned long count;
};

static int ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length &&
	       strcmp(text + length - end_length, end) == 0;
}

static int is_type(const char *words)
{
	return strcmp(words, "stream") == 0 || strcmp(words, "datagram") == 0 ||
	       strcmp(words, "seqpacket") == 0 || strcmp(words, "ICMP") == 0;
}

/* "HERE" or "HERE to THERE" */
static void put_addresses(struct row *row, char *words)
{
	char *to = strstr(words, " to ");

	row->local = words;
	if (to) {
		*to = '\0';
		row->peer = to + strlen(" to ");
	}
}

/* The words between two commas of the state. */
static void put_words(struct row *row, char *words)
{
	if (ends_with(words, " to read") || ends_with(words, " bytes") ||
	    ends_with(words, " wait"))
		row->count = strtoul(words, NULL, 10);
	else if (strchr(words, ':'))
		put_addresses(row, words);
	else if (is_type(words))
		row->kind = words;
	else
		row->state = words;
}

static void show(char **field)
{
	struct row row = { .kind = field[KIND] };
	char *words = field[STATE], *comma;

	put_addresses(&row, field[NAME]);
	field[KIND][strcspn(field[KIND], " ")] = '\0';
	for (; words; words = comma) {
		comma = strstr(words, ", ");
		if (comma) {
			*comma = '\0';
			comma += 2;
		}
		put_words(&row, words);
	}
	if (!row.state)
		row.state = row.peer ? "connected" : "-";
	printf("%-9s %-10s %-22s %-22s %6lu %s\n", row.kind, row.state,
	       row.local, row.peer ? row.peer : "-", row.count,
	       field[WAITING]);
}

int main(int argc, char **argv)
{
	char *line = NULL, *field[FIELDS];
	size_t size = 0;
	FILE *ipc;

	parse_no_options(argc, argv, help);
	ipc = fopen("/proc/ipc", "r");
	if (!ipc)
		err(1, "/proc/ipc");
	printf("%-9s %-10s %-22s %-22s %6s %s\n", "KIND", "STATE", "LOCAL",
	       "PEER", "TO-READ", "WAITING");
	while (getline(&line, &size, ipc) > 0)
		if (split_fields(line, field, FIELDS) == FIELDS &&
		    ends_with(field[KIND], "socket"))
			show(field);
	free(line);
	fclose(ipc);
	return finish(0);
}
