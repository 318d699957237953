/* adder.c - let the kernel add two numbers. */
#include <program.h>
#include <stdlib.h>

int add(int a, int b);

int main(int argc, char **argv)
{
	if (argc != 3)
		usage('?', "adder A B\nAdds two numbers.\n");
	printf("%d\n", add(atoi(argv[1]), atoi(argv[2])));
	return finish(0);
}
