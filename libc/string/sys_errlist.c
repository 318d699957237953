/* sys_errlist.c - the texts of errors as a table, as the GNU library had it. */
#include <errno.h>
#include <stdio.h>

#define ERROR(name, text) [name] = text,
const char *const _sys_errlist[] = {
	"Success",
#include "kernel/abi/errno.def"
};
#undef ERROR

const int _sys_nerr = sizeof(_sys_errlist) / sizeof(_sys_errlist[0]);
