/* utmpx.c - a file of the users who are logged in: an entry after the other. */
#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include "libc/internal.h"

ssize_t __quiet_pwrite(int fd, const void *data, size_t bytes, off_t offset);

static const char *path = _PATH_UTMP;
static int fd = -1;
static off_t place;		/* of the next entry */
static struct utmpx kept;

void setutxent(void)
{
	place = 0;
}

void endutxent(void)
{
	if (fd >= 0)
		__quiet_close(fd);
	fd = -1;
	place = 0;
}

int utmpxname(const char *name)
{
	static char copy[256];

	if (strlen(name) >= sizeof(copy)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	endutxent();
	path = strcpy(copy, name);
	return 0;
}

struct utmpx *getutxent(void)
{
	if (fd < 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 ||
	    pread(fd, &kept, sizeof(kept), place) != (ssize_t)sizeof(kept))
		return NULL;
	place += sizeof(kept);
	return &kept;
}

/* Does the entry belong to a process? */
static int is_of_process(short type)
{
	return type >= INIT_PROCESS && type <= DEAD_PROCESS;
}

struct utmpx *getutxid(const struct utmpx *wanted)
{
	struct utmpx *entry;

	while ((entry = getutxent()))
		if (is_of_process(wanted->ut_type)
		    ? is_of_process(entry->ut_type) &&
		      !memcmp(entry->ut_id, wanted->ut_id,
			      sizeof(entry->ut_id))
		    : entry->ut_type == wanted->ut_type)
			return entry;
	errno = ESRCH;
	return NULL;
}

struct utmpx *getutxline(const struct utmpx *wanted)
{
	struct utmpx *entry;

	while ((entry = getutxent()))
		if ((entry->ut_type == USER_PROCESS ||
		     entry->ut_type == LOGIN_PROCESS) &&
		    !strncmp(entry->ut_line, wanted->ut_line,
			     sizeof(entry->ut_line)))
			return entry;
	errno = ESRCH;
	return NULL;
}

struct utmpx *pututxline(const struct utmpx *entry)
{
	const struct utmpx copy = *entry;	/* may be `kept` */
	off_t at;
	ssize_t written;
	int out;

	setutxent();
	at = getutxid(&copy) ? place - (off_t)sizeof(copy) : place;
	out = open(path, O_WRONLY | O_CLOEXEC);
	if (out < 0)
		return NULL;
	written = __quiet_pwrite(out, &copy, sizeof(copy), at);
	__quiet_close(out);
	if (written != (ssize_t)sizeof(copy))
		return NULL;
	place = at + (off_t)sizeof(copy);
	kept = copy;
	return &kept;
}

void updwtmpx(const char *file, const struct utmpx *entry)
{
	int out = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (out < 0)
		return;
	write(out, entry, sizeof(*entry));
	__quiet_close(out);
}
