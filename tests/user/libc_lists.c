/*
 * libc_lists.c - networks, users with passwords, groups, and the names of this
 * user and machine. Any system with GNU's names.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <netdb.h>
#include <shadow.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define SHADOW	"/etc/shadow"

/* How many networks there are, from the first on. */
static int count_networks(void)
{
	struct netent *network;
	int count = 0;

	setnetent(1);
	while ((network = getnetent()) != NULL) {
		expect(network->n_name && network->n_addrtype == AF_INET);
		count++;
	}
	endnetent();
	return count;
}

CASE(list_of_networks_does_not_begin_anew)
{
	/* Most systems name one network or none. */
	expect(count_networks() == count_networks());
	if (!leak_is_parley())		/* others may ask a server */
		return;
	expect(!getnetbyname("loopback"));
	expect(!getnetbyaddr(127, AF_INET));
}

/* ---- Passwords ----------------------------------------------------------- */

static void write_shadow(void)
{
	static const char lines[] = "root:$6$salt$hash:20000:1:90:7:14:21000:\n"
		"student:*:20001::::::\n";
	int fd = open(SHADOW, O_CREAT | O_EXCL | O_WRONLY, 0600);

	require(fd >= 0);
	expect(write(fd, lines, strlen(lines)) == (ssize_t)strlen(lines));
	close(fd);
}

static void read_shadow(void)
{
	struct spwd *user = getspnam("student");

	expect(user && user->sp_lstchg == 20001 && user->sp_expire == -1);
	expect(user && user->sp_min == -1 && strcmp(user->sp_pwdp, "*") == 0);
	user = getspnam("root");
	require(user != NULL);
	expect(strcmp(user->sp_pwdp, "$6$salt$hash") == 0);
	expect(user->sp_lstchg == 20000 && user->sp_min == 1 &&
	       user->sp_max == 90 && user->sp_warn == 7);
	expect(user->sp_inact == 14 && user->sp_expire == 21000);
	expect(!getspnam("none-such"));
}

static void list_shadow(void)
{
	struct spwd *user;

	setspent();
	for (int turn = 0; turn < 2; turn++) {
		user = getspent();
		expect(user && strcmp(user->sp_namp, "root") == 0);
		user = getspent();
		expect(user && strcmp(user->sp_namp, "student") == 0);
		expect(getspent() == NULL);
		endspent();
	}
	getspent();
	setspent();
	user = getspent();
	expect(user && strcmp(user->sp_namp, "root") == 0);
	endspent();
}

static int read_as_a_user(void)
{
	if (setuid(1000) != 0)
		return 1;
	errno = 0;
	return !getspnam("root") && errno == EACCES && !getspent() ? 0 : 2;
}

CASE(password_is_that_of_another_user)
{
	/* The users of other systems keep theirs. */
	if (!leak_is_parley())
		return;
	errno = 0;
	expect(!getspnam("root") && errno == ENOENT);
	write_shadow();
	read_shadow();
	list_shadow();
	expect(run_in_child(read_as_a_user) == 0);
	expect(unlink(SHADOW) == 0);
}

/* ---- This process -------------------------------------------------------- */

static int has_group(gid_t wanted)
{
	gid_t groups[100];
	int count = getgroups(100, groups);

	for (int i = 0; i < count; i++)
		if (groups[i] == wanted)
			return 1;
	return 0;
}

CASE(group_of_the_process_is_not_that_of_the_user)
{
	if (geteuid() != 0) {
		expect_error(initgroups("root", getgid()), EPERM);
		return;
	}
	expect(initgroups("none-such", 4321) == 0);
	expect(has_group(4321) && getgroups(0, NULL) == 1);
	if (!leak_is_parley())
		return;
	expect(initgroups("student", 1000) == 0);
	expect(has_group(1000) && has_group(2000) && !has_group(4321));
}

CASE(setegid_sets_the_real_group)
{
	gid_t real = getgid(), other = real + 1;

	if (geteuid() != 0) {
		expect(setegid(real) == 0 && getegid() == real);
		return;
	}
	expect(setegid(other) == 0 && getegid() == other && getgid() == real);
	expect(setegid(real) == 0 && getegid() == real);
	expect(setegid(other) == 0 && setuid(1000) == 0);
	expect(setegid(real) == 0 && getegid() == real);
	expect_error(setegid(real + 2), EPERM);
}

CASE(user_has_another_name_at_the_second_call)
{
	char again[256];
	const char *name = getlogin();

	/* A process without a terminal has no name on Linux. */
	expect(name || !leak_is_parley());
	if (!name)
		return;
	expect(getlogin_r(again, sizeof(again)) == 0);
	expect(strcmp(name, again) == 0);
	expect(getlogin_r(again, 1) == ERANGE);
}

CASE(machine_has_another_number_at_the_second_call)
{
	long number = gethostid();

	expect(number == gethostid());
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
