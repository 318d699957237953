/* inside.c - how many bytes wait in a pipe? */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void)
{
	int ends[2], bytes;

	pipe(ends);
	write(ends[1], "hello, pipe", 11);
	if (ioctl(ends[0], FIONREAD, &bytes) != 0)
		return 1;
	printf("%d bytes wait\n", bytes);
	return 0;
}
