/* show.c - does the child run while the parent computes? */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	volatile int *flag = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (fork() == 0) {
		*flag = 1;
		return 0;
	}
	for (long i = 0; i < 100000000 && !*flag; i++)
		;
	puts(*flag ? "the child had a turn" : "no turn for the child");
	return 0;
}
