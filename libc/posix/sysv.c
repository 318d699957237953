/* sysv.c - System V IPC: the part that libc does. */
#include <stdarg.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/stat.h>

#include "libc/syscall.h"

/* Eight bits of id, eight of the device, sixteen of the file's number. */
key_t ftok(const char *path, int id)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -1;
	return (key_t)((uint32_t)id << 24 | (status.st_dev & 0xff) << 16 |
		       (status.st_ino & 0xffff));
}

int semop(int id, struct sembuf *operations, size_t count)
{
	return semtimedop(id, operations, count, NULL);
}

/* A union semun is a word, whichever member counts. */
int semctl(int id, int number, int command, ...)
{
	void *argument;
	va_list arguments;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return __sys_semctl(id, number, command, argument);
}
