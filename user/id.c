/*
 * id.c - print the users and groups of this process, or of a user by name.
 *
 * IEEE Std 1003.1-2017, id.
 */
#include <err.h>
#include <grp.h>
#include <limits.h>
#include <program.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

static const char help[] =
	"id [-u | -g | -G] [-nr] [USER]\n"
	"Prints the user and the groups of this process, or of a user.\n"
	"  -u  only the user\n"
	"  -g  only the group\n"
	"  -G  all groups\n"
	"  -n  names in place of numbers\n"
	"  -r  the real user or group in place of the effective one\n";

struct who {
	uid_t real_user, user;
	gid_t real_group, group;
	gid_t groups[NGROUPS_MAX + 1];
	int group_count;
};

static const char *user_name(uid_t id)
{
	const struct passwd *user = getpwuid(id);

	return user ? user->pw_name : NULL;
}

static const char *group_name(gid_t id)
{
	const struct group *group = getgrgid(id);

	return group ? group->gr_name : NULL;
}

static void find_process(struct who *who)
{
	who->real_user = getuid();
	who->user = geteuid();
	who->real_group = getgid();
	who->group = getegid();
	who->group_count = getgroups(NGROUPS_MAX, who->groups);
}

static void find_user(struct who *who, const char *name)
{
	const struct passwd *user = getpwnam(name);

	if (!user)
		errx(1, "%s: no such user", name);
	who->real_user = who->user = user->pw_uid;
	who->real_group = who->group = user->pw_gid;
	who->group_count = NGROUPS_MAX + 1;
	getgrouplist(name, user->pw_gid, who->groups, &who->group_count);
	if (who->group_count > NGROUPS_MAX + 1)
		who->group_count = NGROUPS_MAX + 1;
}

static void put_number(unsigned id, const char *name, bool by_name)
{
	if (by_name && name)
		printf("%s", name);
	else
		printf("%u", id);
}

static void put_both(const char *label, unsigned id, const char *name)
{
	printf("%s%u", label, id);
	if (name)
		printf("(%s)", name);
}

/* The effective group first, then the others. */
static void put_groups(const struct who *who, bool by_name)
{
	put_number(who->group, group_name(who->group), by_name);
	for (int i = 0; i < who->group_count; i++) {
		if (who->groups[i] == who->group)
			continue;
		putchar(' ');
		put_number(who->groups[i], group_name(who->groups[i]), by_name);
	}
}

static void put_all(const struct who *who)
{
	put_both("uid=", who->real_user, user_name(who->real_user));
	put_both(" gid=", who->real_group, group_name(who->real_group));
	if (who->user != who->real_user)
		put_both(" euid=", who->user, user_name(who->user));
	if (who->group != who->real_group)
		put_both(" egid=", who->group, group_name(who->group));
	for (int i = 0; i < who->group_count; i++)
		put_both(i == 0 ? " groups=" : ",", who->groups[i],
			 group_name(who->groups[i]));
}

int main(int argc, char **argv)
{
	bool by_name = false, is_real = false;
	struct who who;
	int option, part = 0;

	while ((option = getopt(argc, argv, "hGgnru")) != -1)
		switch (option) {
		case 'G': case 'g': case 'u':
			if (part && part != option)
				errx(2, "one of -u, -g and -G");
			part = option;
			break;
		case 'n': by_name = true; break;
		case 'r': is_real = true; break;
		default: usage(option, help);
		}
	if (optind + 1 < argc || (!part && (by_name || is_real)))
		usage('?', help);
	if (argv[optind])
		find_user(&who, argv[optind]);
	else
		find_process(&who);
	uid_t user = is_real ? who.real_user : who.user;
	gid_t group = is_real ? who.real_group : who.group;
	switch (part) {
	case 'u': put_number(user, user_name(user), by_name); break;
	case 'g': put_number(group, group_name(group), by_name); break;
	case 'G': put_groups(&who, by_name); break;
	default: put_all(&who);
	}
	putchar('\n');
	return finish(0);
}
