/* getpass.c - read a password from the terminal, which does not show it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX	128

/* Read up to the end of the line, and keep what fits. -1: an error. */
static int read_line(int fd, char *to, size_t size)
{
	size_t length = 0;
	ssize_t done;
	char byte;

	while ((done = read(fd, &byte, 1)) == 1 && byte != '\n')
		if (length < size - 1)
			to[length++] = byte;
	to[length] = '\0';
	return done < 0 ? -1 : 0;
}

static char *ask(int fd, const char *prompt, struct termios *quiet)
{
	static char password[PASSWORD_MAX + 1];
	int error = 0;

	quiet->c_lflag = (quiet->c_lflag & ~(ECHO | ISIG)) | ICANON;
	if (tcsetattr(fd, TCSAFLUSH, quiet) < 0 ||
	    write(fd, prompt, strlen(prompt)) < 0 ||
	    read_line(fd, password, sizeof(password)) < 0 ||
	    write(fd, "\n", 1) < 0)
		error = errno;
	errno = error;
	return error ? NULL : password;
}

char *getpass(const char *prompt)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC), error;
	struct termios before, quiet;
	char *password;

	if (fd < 0)
		return NULL;
	if (tcgetattr(fd, &before) < 0) {
		close(fd);
		return NULL;
	}
	quiet = before;
	password = ask(fd, prompt, &quiet);
	error = errno;
	tcsetattr(fd, TCSAFLUSH, &before);
	close(fd);
	if (!password)
		errno = error;
	return password;
}
