/* show.c - a range that begins in the kernel and wraps round. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	int null = open("/dev/null", O_WRONLY);
	ssize_t done = write(null, (void *)0xc0100000, 0x40000000);

	puts(done < 0 && errno == EFAULT ? "EFAULT" : "EFAULT is missing");
	return 0;
}
