/* named.c - see named.h. */
#include "kernel/sys/named.h"

#include "arch/arch.h"
#include "kernel/abi/limits.h"
#include "kernel/obj/descriptor.h"

/* A slash, NUL, and a byte more than allowed. */
#define NAME_BYTES	(NAME_MAX + 3)

long named_open(struct names_request *request, uaddr_t name_at,
		bool close_on_exec)
{
	char name[NAME_BYTES];
	struct object *object;
	bool is_new;
	long result = copy_string_from_user(name, name_at, sizeof(name));

	if (result < 0)
		return result;
	request->name = name;
	result = names_open(request, &object, &is_new);
	if (result)
		return result;
	result = descriptor_open(object,
				 request->flags & (O_ACCMODE | O_NONBLOCK),
				 close_on_exec);
	if (result < 0 && is_new)
		names_unlink(request->kind, name);
	return result;
}

long named_unlink(const char *kind, uaddr_t name_at)
{
	char name[NAME_BYTES];
	long length = copy_string_from_user(name, name_at, sizeof(name));

	return length < 0 ? length : names_unlink(kind, name);
}
