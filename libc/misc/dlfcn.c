/* dlfcn.c - there is no dynamic linking. */
#include <dlfcn.h>
#include <stddef.h>

static char *error;

static void fail(void)
{
	error = (char *)"no dynamic linking: programs are linked statically";
}

void *dlopen(const char *path, int mode)
{
	(void)path;
	(void)mode;
	fail();
	return NULL;
}

void *dlsym(void *__restrict library, const char *__restrict name)
{
	(void)library;
	(void)name;
	fail();
	return NULL;
}

int dlclose(void *library)
{
	(void)library;
	fail();
	return -1;
}

char *dlerror(void)
{
	char *last = error;

	error = NULL;
	return last;
}
