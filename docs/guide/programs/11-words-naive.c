/* 11-words-naive.c - count words: workers send results to a server. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct sockaddr_un place = { AF_UNIX, "/tmp/words" };

struct result {
	int file;		/* index in argv */
	int words;
};

static int count_words(const char *path)
{
	FILE *file = fopen(path, "r");
	int c, before = ' ', words = 0;

	if (!file)
		return 0;
	while ((c = getc(file)) != EOF) {
		words += isspace(before) && !isspace(c);
		before = c;
	}
	fclose(file);
	return words;
}

static void work(int number, const char *path)
{
	int server = socket(AF_UNIX, SOCK_STREAM, 0), words;

	if (connect(server, (struct sockaddr *)&place, sizeof(place)) < 0)
		err(1, "connect");
	write(server, &number, sizeof(number));
	words = count_words(path);
	write(server, &words, sizeof(words));
	_exit(0);
}

static int take(int listener)
{
	int client = accept(listener, NULL, NULL);
	struct result result = { 0, 0 };

	if (read(client, &result, sizeof(result)) < 0)
		err(1, "read");
	close(client);
	return result.words;
}

int main(int argc, char **argv)
{
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), total = 0;

	unlink(place.sun_path);
	if (bind(listener, (struct sockaddr *)&place, sizeof(place)) < 0 ||
	    listen(listener, argc) < 0)
		err(1, "%s", place.sun_path);
	for (int i = 1; i < argc; i++)
		if (fork() == 0)
			work(i, argv[i]);
	for (int i = 1; i < argc; i++)
		total += take(listener);
	while (wait(NULL) > 0)
		continue;
	printf("%d words\n", total);
	return 0;
}
