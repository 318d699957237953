/*
 * libc_2024_parley.c - the names of signals and the sizes of terminals, by the
 * functions of POSIX of 2024. Few systems have these functions yet.
 */
#include <pty.h>

#include "tests/user/helpers.h"

CASE(name_of_a_signal_leads_to_another_signal)
{
	char name[SIG2STR_MAX];
	int number = 0;

	expect(sig2str(SIGHUP, name) == 0 && strcmp(name, "HUP") == 0);
	expect(sig2str(SIGPOLL, name) == 0 && strcmp(name, "POLL") == 0);
	for (int i = 1; i < NSIG; i++) {
		if (sig2str(i, name) < 0)
			continue;
		expect(strlen(name) < sizeof(name));
		expect(str2sig(name, &number) == 0 && number == i);
	}
}

CASE(real_time_signal_has_no_name)
{
	char name[SIG2STR_MAX];
	int number = 0;

	expect(sig2str(SIGRTMIN, name) == 0 && strcmp(name, "RTMIN") == 0);
	expect(sig2str(SIGRTMAX, name) == 0 && strcmp(name, "RTMAX") == 0);
	expect(str2sig("RTMIN", &number) == 0 && number == SIGRTMIN);
	expect(str2sig("RTMAX", &number) == 0 && number == SIGRTMAX);
	expect(str2sig("RTMIN+1", &number) == 0 && number == SIGRTMIN + 1);
	expect(str2sig("RTMAX-1", &number) == 0 && number == SIGRTMAX - 1);
	for (int i = SIGRTMIN; i <= SIGRTMAX; i++) {
		expect(sig2str(i, name) == 0 && strncmp(name, "RTM", 3) == 0);
		expect(str2sig(name, &number) == 0 && number == i);
	}
}

CASE(name_that_is_none_gives_a_signal)
{
	char name[SIG2STR_MAX] = "kept";
	int number = 77;

	expect(sig2str(0, name) == -1 && sig2str(-1, name) == -1);
	expect(sig2str(SIGRTMAX + 1, name) == -1 && strcmp(name, "kept") == 0);
	expect(str2sig("SIGHUP", &number) == -1);
	expect(str2sig("hup", &number) == -1 && str2sig("", &number) == -1);
	expect(str2sig("RTMIN+1000", &number) == -1);
	expect(str2sig("RTMIN-1", &number) == -1);
	expect(str2sig("RTMAX+1", &number) == -1);
	expect(str2sig("-1", &number) == -1 && str2sig("1000", &number) == -1);
	expect(number == 77);
	expect(str2sig("9", &number) == 0 && number == SIGKILL);
}

CASE(size_of_a_terminal_is_not_seen_at_the_far_side)
{
	const struct winsize small = { .ws_row = 7, .ws_col = 33 };
	struct winsize seen = { 0 };
	int master, terminal, fds[2];

	require(openpty(&master, &terminal, NULL, NULL, NULL) == 0);
	expect(tcsetwinsize(master, &small) == 0);
	expect(tcgetwinsize(terminal, &seen) == 0);
	expect(seen.ws_row == 7 && seen.ws_col == 33);
	require(pipe(fds) == 0);
	expect_error(tcgetwinsize(fds[0], &seen), ENOTTY);
	expect_error(tcsetwinsize(fds[0], &small), ENOTTY);
	expect_error(tcgetwinsize(-1, &seen), EBADF);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
