/*
 * uname.c - print the name of the system.
 */
#include <err.h>
#include <program.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static const char help[] =
	"uname [-amnrsv]\n"
	"Prints the name of the system (-s, also without an option), of the\n"
	"node (-n), release (-r), version (-v), machine (-m), or all (-a).\n";

int main(int argc, char **argv)
{
	static const char letters[] = "snrvm";
	const char *separator = "";
	struct utsname name;
	const char *fields[] = { name.sysname, name.nodename, name.release,
		name.version, name.machine };
	unsigned wanted = 0;
	int option;

	while ((option = getopt(argc, argv, "hasnrvm")) != -1)
		if (option == 'a')
			wanted = ~0u;
		else if (strchr(letters, option))
			wanted |= 1 << (strchr(letters, option) - letters);
		else
			usage(option, help);
	if (uname(&name) < 0)
		err(1, "uname");
	for (int i = 0; i < 5; i++) {
		if (!((wanted ? wanted : 1) & 1 << i))
			continue;
		printf("%s%s", separator, fields[i]);
		separator = " ";
	}
	putchar('\n');
	return finish(0);
}
