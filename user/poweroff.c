/*
 * poweroff.c - end the machine, or start it again.
 *
 * Only init may do this, because init first ends the other processes. So this
 * program only sends init a signal: SIGUSR2 means off, SIGTERM means restart.
 */
#include <err.h>
#include <program.h>
#include <signal.h>
#include <unistd.h>

static const char help[] =
	"poweroff [-r]\n"
	"Switches the machine off.\n"
	"  -r  starts it again, as reboot does\n";

int main(int argc, char **argv)
{
	int option, signal = SIGUSR2;

	while ((option = getopt(argc, argv, "hr")) != -1)
		switch (option) {
		case 'r': signal = SIGTERM; break;
		default: usage(option, help);
		}
	if (kill(1, signal) < 0)
		err(1, "init");
	return 0;
}
