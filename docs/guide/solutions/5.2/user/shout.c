/* shout.c - there and back: two pipes and a child that changes letters. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int there[2], back[2];
	char c;

	if (argc < 2)
		return 2;
	pipe(there);
	pipe(back);
	if (fork() == 0) {
		close(there[1]);
		while (read(there[0], &c, 1) == 1) {
			c = toupper(c);
			write(back[1], &c, 1);
		}
		_exit(0);
	}
	close(back[1]);
	write(there[1], argv[1], strlen(argv[1]));
	close(there[1]);
	while (read(back[0], &c, 1) == 1)
		putchar(c);
	putchar('\n');
	return 0;
}
