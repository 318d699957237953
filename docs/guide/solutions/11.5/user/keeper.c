/* keeper.c - a number in a file: old or new, never half. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void keep(int number)
{
	int file = open("/tmp/kept.new", O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (file < 0 || dprintf(file, "%d\n", number) < 0 || fsync(file) < 0)
		err(1, "/tmp/kept.new");
	close(file);
	if (rename("/tmp/kept.new", "/tmp/kept") < 0)
		err(1, "/tmp/kept");
}

int main(void)
{
	char line[16] = "";
	FILE *file;

	for (int i = 1; i <= 3; i++)
		keep(i);
	file = fopen("/tmp/kept", "r");
	if (!file || !fgets(line, sizeof(line), file))
		err(1, "/tmp/kept");
	printf("kept: %s", line);
	return 0;
}
