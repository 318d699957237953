/*
 * NAME.c - say hello to everyone named.
 */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "-h") == 0) {
		puts("usage: NAME [WORD...]\n"
		     "Says hello to each word, and to the world without one.");
		return 0;
	}
	if (argc == 1)
		puts("Hello, world!");
	for (int i = 1; i < argc; i++)
		printf("Hello, %s!\n", argv[i]);
	return 0;
}
