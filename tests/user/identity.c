/*
 * identity.c - the real, the effective and the saved user and group: setuid()
 * and its family, supplementary groups, and what they permit.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
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

CASE(effective_number_alone_gives_no_right_to_setuid)
{
	if (getuid() != 0)
		return;
	in_child(
		require(setresgid(GROUP, GROUP + 1, GROUP + 2) == 0);
		require(setresuid(USER, USER + 1, USER + 2) == 0);
		expect_error(setgid(GROUP + 1), EPERM);
		expect_error(setuid(USER + 1), EPERM);
		expect(users_are(USER, USER + 1, USER + 2));
		expect(setgid(GROUP + 2) == 0);
		expect(groups_are(GROUP, GROUP + 2, GROUP + 2));
		expect(setuid(USER) == 0 && setuid(USER + 2) == 0);
		expect(users_are(USER, USER + 2, USER + 2)));
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

CASE(supplementary_groups_are_inherited)
{
	const gid_t given[] = { GROUP, GROUP + 1, GROUP + 2 };
	gid_t found[4] = { 0 };

	if (getuid() != 0)
		return;
	in_child(
		require(setgroups(3, given) == 0);
		expect(getgroups(0, NULL) == 3);
		in_child(
			expect(getgroups(4, found) == 3);
			expect(memcmp(found, given, sizeof(given)) == 0);
			expect(found[3] == 0));
		expect(setgroups(0, NULL) == 0 && getgroups(0, NULL) == 0));
}

CASE(supplementary_group_gives_the_rights_of_the_mode)
{
	const gid_t group = GROUP;
	int fd;

	if (getuid() != 0)
		return;
	fd = open("group_file", O_RDWR | O_CREAT | O_EXCL, 0640);
	require(fd >= 0 && fchown(fd, 0, GROUP) == 0);
	in_child(
		require(setgroups(1, &group) == 0);
		require(setresgid(GROUP + 1, GROUP + 1, GROUP + 1) == 0);
		require(setuid(USER) == 0);
		expect(open("group_file", O_RDONLY) >= 0);
		expect_error(open("group_file", O_RDWR), EACCES));
	in_child(
		require(setgroups(0, NULL) == 0);
		require(setresgid(GROUP + 1, GROUP + 1, GROUP + 1) == 0);
		require(setuid(USER) == 0);
		expect_error(open("group_file", O_RDONLY), EACCES));
	expect(close(fd) == 0 && unlink("group_file") == 0);
}

CASE(owner_gives_a_file_to_a_supplementary_group)
{
	const gid_t group = GROUP;
	int fd;

	if (getuid() != 0)
		return;
	fd = open("group_file", O_RDWR | O_CREAT | O_EXCL, 0640);
	require(fd >= 0 && fchown(fd, USER, GROUP + 1) == 0);
	in_child(
		require(setgroups(1, &group) == 0);
		require(setresgid(GROUP + 1, GROUP + 1, GROUP + 1) == 0);
		require(setuid(USER) == 0);
		expect_error(fchown(fd, -1, GROUP + 2), EPERM);
		expect(fchown(fd, -1, GROUP) == 0);
		expect(fchmod(fd, 02750) == 0));
	expect(close(fd) == 0 && unlink("group_file") == 0);
}

CASE(directory_moves_only_with_the_right_to_write_it)
{
	if (getuid() != 0)
		return;
	require(mkdir("from", 0777) == 0 && chmod("from", 0777) == 0);
	require(mkdir("to", 0777) == 0 && chmod("to", 0777) == 0);
	require(mkdir("from/moved", 0755) == 0);
	in_child(
		require(setuid(USER) == 0);
		expect_error(rename("from/moved", "to/moved"), EACCES);
		expect(rename("from/moved", "from/renamed") == 0);
		expect(rename("from/renamed", "from/moved") == 0));
	expect(chmod("from/moved", 0777) == 0);
	in_child(
		require(setuid(USER) == 0);
		expect(rename("from/moved", "to/moved") == 0));
	expect(rmdir("to/moved") == 0 && rmdir("to") == 0);
	expect(rmdir("from") == 0);
}

CASE(refused_setgroups_changes_nothing)
{
	gid_t many[NGROUPS_MAX + 1] = { GROUP };
	gid_t found[2];

	if (getuid() != 0)
		return;
	in_child(
		require(setgroups(2, (gid_t[]){ GROUP, GROUP + 1 }) == 0);
		expect_error(setgroups(NGROUPS_MAX + 1, many), EINVAL);
		expect_error(setgroups((size_t)-1, many), EINVAL);
		expect_error(setgroups(2, nowhere), EFAULT);
		expect_error(getgroups(1, found), EINVAL);
		expect_error(getgroups(-1, found), EINVAL);
		expect_error(getgroups(2, nowhere), EFAULT);
		require(setuid(USER) == 0);
		expect_error(setgroups(0, NULL), EPERM);
		expect_error(setgroups(1, many), EPERM);
		expect(getgroups(2, found) == 2);
		expect(found[0] == GROUP && found[1] == GROUP + 1));
}

CASE(group_list_has_the_groups_of_a_member)
{
	gid_t groups[3] = { 7, 7, 7 };
	int count = 3;

	if (!getgrnam("course"))
		return;			/* not the /etc/group of Parley */
	expect(getgrouplist("student", 1000, groups, &count) == 2);
	expect(count == 2 && groups[0] == 1000 && groups[1] == 2000);
	count = 1;
	expect(getgrouplist("student", 1000, groups, &count) == -1);
	expect(count == 2);
	count = 3;
	expect(getgrouplist("no-such-user", 5, groups, &count) == 1);
	expect(count == 1 && groups[0] == 5);
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
