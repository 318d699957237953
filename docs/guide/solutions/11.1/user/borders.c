/* borders.c - three words through a stream and through seqpackets. */
#include <err.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void count(int type, const char *name)
{
	int ends[2], reads = 0;
	char bytes[64];

	if (socketpair(AF_UNIX, type, 0, ends) != 0)
		err(1, "socketpair");
	for (int i = 0; i < 3; i++)
		write(ends[0], "word", 4);
	close(ends[0]);
	while (read(ends[1], bytes, sizeof(bytes)) > 0)
		reads++;
	close(ends[1]);
	printf("%s: %d\n", name, reads);
}

int main(void)
{
	count(SOCK_STREAM, "stream");
	count(SOCK_SEQPACKET, "seqpacket");
	return 0;
}
