/* show.c - a short message to a pipe with little room. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	static char bytes[65436];
	int ends[2];
	ssize_t done;

	pipe2(ends, O_NONBLOCK);
	write(ends[1], bytes, sizeof(bytes));	/* room for 100 bytes more */
	done = write(ends[1], bytes, 200);
	if (done < 0)
		puts("no room: nothing written");
	else
		printf("%d of 200 bytes written\n", (int)done);
	return 0;
}
