/* cure.c - a closed descriptor is forgotten. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int log_file;

static void end_log(void)
{
	if (log_file >= 0)
		close(log_file);
	log_file = -1;
}

int main(void)
{
	int data;

	log_file = open("/tmp/log", O_WRONLY | O_CREAT, 0600);
	end_log();
	data = open("/tmp/data", O_WRONLY | O_CREAT, 0600);
	end_log();		/* the way out for errors */
	if (write(data, "x", 1) < 0)
		perror("data");
	else
		puts("data: written");
	return 0;
}
