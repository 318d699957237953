/*
 * crypt.c - passwords made unreadable: there is no cipher for them here.
 *
 * IEEE Std 1003.1-2017 lets a system without this option fail with ENOSYS
 * (_XOPEN_CRYPT is -1). Programs that compare passwords find none that fits.
 */
#include <crypt.h>
#include <errno.h>
#include <stddef.h>

char *crypt(const char *password, const char *salt)
{
	(void)password;
	(void)salt;
	errno = ENOSYS;
	return NULL;
}
