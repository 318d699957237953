/* login.c - the name of the user. */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

int getlogin_r(char *name, size_t bytes)
{
	struct passwd user, *found;
	char buffer[512];
	int error = getpwuid_r(getuid(), &user, buffer, sizeof(buffer),
			       &found);

	if (error || !found)
		return error ? error : ENXIO;
	if (strlen(user.pw_name) >= bytes)
		return ERANGE;
	strcpy(name, user.pw_name);
	return 0;
}

char *getlogin(void)
{
	static char name[64];
	int error = getlogin_r(name, sizeof(name));

	if (error)
		errno = error;
	return error ? NULL : name;
}
