/* interface.c - the two interfaces, by name and number. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

static char names[][3] = { "lo", "en" };

#define COUNT (sizeof(names) / sizeof(names[0]))

unsigned if_nametoindex(const char *name)
{
	for (unsigned i = 0; i < COUNT; i++)
		if (strcmp(name, names[i]) == 0)
			return i + 1;
	errno = ENXIO;
	return 0;
}

char *if_indextoname(unsigned index, char *name)
{
	if (index < 1 || index > COUNT) {
		errno = ENXIO;
		return NULL;
	}
	return strcpy(name, names[index - 1]);
}

struct if_nameindex *if_nameindex(void)
{
	struct if_nameindex *list = calloc(COUNT + 1, sizeof(*list));

	for (unsigned i = 0; list && i < COUNT; i++) {
		list[i].if_index = i + 1;
		list[i].if_name = names[i];
	}
	return list;
}

void if_freenameindex(struct if_nameindex *list)
{
	free(list);
}
