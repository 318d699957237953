/*
 * identity.c - the real, the effective and the saved user and group: setuid()
 * and its family.
 */
#include <errno.h>
#include <unistd.h>

#include "tests/user/helpers.h"

#define USER	4321
#define GROUP	5432
#define KEEP	((uid_t)-1)

static int users_are(uid_t real, uid_t user, uid_t saved)
{
	uid_t now[3];

	return getresuid(&now[0], &now[1], &now[2]) == 0 && now[0] == real &&
	       now[1] == user && now[2] == saved && getuid() == real &&
	       geteuid() == user;
}

static int groups_are(gid_t real, gid_t group, gid_t saved)
{
	gid_t now[3];

	return getresgid(&now[0], &now[1], &now[2]) == 0 && now[0] == real &&
	       now[1] == group && now[2] == saved && getgid() == real &&
	       getegid() == group;
}

/* The statements run in a child, which may lose its rights for good. */
#define in_child(statements) do {		\
	pid_t child_ = fork_or_fail();		\
						\
	if (child_ == 0) {			\
		statements;			\
		_exit(case_failed);		\
	}					\
	expect(result_of(child_) == 0);		\
} while (0)

CASE(each_of_the_three_users_is_set_alone)
{
	if (getuid() != 0)
		return;
	in_child(
		expect(setresuid(KEEP, KEEP, USER) == 0);
		expect(users_are(0, 0, USER));
		expect(setresuid(USER + 1, KEEP, KEEP) == 0);
		expect(users_are(USER + 1, 0, USER));
		expect(setresuid(KEEP, USER + 2, KEEP) == 0);
		expect(users_are(USER + 1, USER + 2, USER)));
}

CASE(each_of_the_three_groups_is_set_alone)
{
	if (getuid() != 0)
		return;
	in_child(
		expect(setresgid(KEEP, KEEP, GROUP) == 0);
		expect(setresgid(GROUP + 1, KEEP, KEEP) == 0);
		expect(setresgid(KEEP, GROUP + 2, KEEP) == 0);
		expect(groups_are(GROUP + 1, GROUP + 2, GROUP)));
}

CASE(user_without_rights_moves_among_the_three)
{
	if (getuid() != 0)
		return;
	in_child(
		require(setresgid(GROUP, GROUP + 1, GROUP + 2) == 0);
		require(setresuid(USER, USER + 1, USER + 2) == 0);
		expect(setresuid(USER + 2, USER, USER + 1) == 0);
		expect(users_are(USER + 2, USER, USER + 1));
		expect(setresgid(KEEP, GROUP + 2, GROUP + 2) == 0);
		expect(groups_are(GROUP, GROUP + 2, GROUP + 2));
		expect_error(setresgid(GROUP + 1, KEEP, KEEP), EPERM));
}

CASE(refused_call_changes_none_of_the_three)
{
	if (getuid() != 0)
		return;
	in_child(
		require(setresuid(USER, USER, USER) == 0);
		expect_error(setresuid(USER, USER, 0), EPERM);
		expect_error(setresuid(0, USER, USER), EPERM);
		expect_error(setreuid(USER, 0), EPERM);
		expect_error(setreuid(0, KEEP), EPERM);
		expect(users_are(USER, USER, USER)));
}

CASE(setreuid_saves_the_new_effective_user)
{
	if (getuid() != 0)
		return;
	in_child(
		expect(setreuid(KEEP, KEEP) == 0 && users_are(0, 0, 0));
		expect(setreuid(KEEP, USER) == 0);
		expect(users_are(0, USER, USER));
		expect(setreuid(USER, 0) == 0);
		expect(users_are(USER, 0, 0)));
}

CASE(setreuid_of_the_real_user_keeps_the_saved_user)
{
	if (getuid() != 0)
		return;
	in_child(
		require(setresuid(USER, 0, 0) == 0);
		expect(setreuid(KEEP, USER) == 0);
		expect(users_are(USER, USER, 0));
		expect(seteuid(0) == 0 && users_are(USER, 0, 0)));
}

CASE(setregid_exchanges_the_groups)
{
	if (getuid() != 0)
		return;
	in_child(
		require(setresgid(GROUP, GROUP + 1, GROUP) == 0);
		require(setuid(USER) == 0);
		expect(setregid(GROUP + 1, GROUP) == 0);
		expect(groups_are(GROUP + 1, GROUP, GROUP));
		expect_error(setregid(KEEP, 0), EPERM));
}

CASE(bad_place_for_an_answer_is_a_fault)
{
	uid_t id;

	expect_error(getresuid(&id, nowhere, &id), EFAULT);
	expect_error(getresgid(&id, &id, nowhere), EFAULT);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
