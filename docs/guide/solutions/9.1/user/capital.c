/* capital.c - turn the small letters of a file into capitals, in place. */
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR) : -1;
	struct stat status;
	char *text;

	if (fd < 0 || fstat(fd, &status) != 0)
		err(1, "open");
	if (status.st_size == 0)
		return 0;
	text = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
		    fd, 0);
	if (text == MAP_FAILED)
		err(1, "mmap");
	for (off_t i = 0; i < status.st_size; i++)
		text[i] = toupper((unsigned char)text[i]);
	return 0;
}
