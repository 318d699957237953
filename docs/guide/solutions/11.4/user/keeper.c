/* keeper.c - a number in a file: old or new, never half. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void keep(int number)
{
	int file = open("/tmp/kept.new", O_WRONLY | O_CREAT | O_TRUNC, 0666);

	dprintf(file, "%d\n", number);
	fsync(file);
	close(file);
	rename("/tmp/kept.new", "/tmp/kept");
}

int main(void)
{
	char line[16] = "";
	FILE *file;

	for (int i = 1; i <= 3; i++)
		keep(i);
	file = fopen("/tmp/kept", "r");
	fgets(line, sizeof(line), file);
	printf("kept: %s", line);
	return 0;
}
