/* ftw.c - the older form of nftw(). */
#include <errno.h>
#include <ftw.h>

typedef int old_visitor(const char *path, const struct stat *status, int type);

static __thread old_visitor *visitor;

/* The older kinds know no links: a link to nothing has no status. */
static int visit(const char *path, const struct stat *status, int type,
		 struct FTW *where)
{
	(void)where;
	return visitor(path, status, type == FTW_SLN ? FTW_NS : type);
}

int ftw(const char *path, old_visitor *function, int descriptors)
{
	old_visitor *before = visitor;
	int result;

	if (descriptors < 1) {
		errno = EINVAL;
		return -1;
	}
	visitor = function;
	result = nftw(path, visit, descriptors, 0);
	visitor = before;
	return result;
}
