/* show.c - does a write without a reader end the program? */
#include <unistd.h>

int main(void)
{
	int ends[2];

	pipe(ends);
	close(ends[0]);
	write(ends[1], "x", 1);
	return 1;			/* still alive */
}
