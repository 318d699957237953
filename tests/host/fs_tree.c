/*
 * fs_tree.c - paths, names, rename and listing, with every reason to refuse.
 * Long because POSIX has many of them; each test stands alone.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 * link: kernel/task/user.c
 * link: kernel/fs/contents.c kernel/fs/contents_pages.c
 * link: kernel/fs/node.c kernel/fs/path.c
 * link: kernel/fs/entry.c kernel/fs/attempt.c kernel/lib/hash.c
 * link: kernel/fs/tree.c kernel/fs/regular.c kernel/fs/directory.c
 */
#include "tests/host/stub/host.h"
#include "tests/host/stub/tree.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/lib/string.h"
#include "kernel/task/process.h"

static struct process process;
static struct task task = { .process = &process };

/* ---- The system calls, as short words -------------------------------- */

static int make(const char *path, mode_t mode)
{
	struct place place;
	struct node *node;
	int error = path_find(NULL, path, &place);

	if (error)
		return error;
	return place.node ? -EEXIST : tree_create(&place, mode, &node);
}

static int file_at(const char *path)
{
	return make(path, S_IFREG | 0644);
}

static int directory_at(const char *path)
{
	return make(path, S_IFDIR | 0755);
}

static int unlink_at(const char *path)
{
	struct place place;
	int error = path_find(NULL, path, &place);

	return error ? error : tree_unlink(&place);
}

static int rmdir_at(const char *path)
{
	struct place place;
	int error = path_find(NULL, path, &place);

	return error ? error : tree_remove_directory(&place);
}

static int rename_at(const char *from, const char *to)
{
	struct place from_place, to_place;
	int error = path_find_existing(NULL, from, &from_place);

	if (!error)
		error = path_find(NULL, to, &to_place);
	return error ? error : tree_rename(&from_place, &to_place);
}

/* Is something there? 0 or the errno. */
static int look(const char *path)
{
	struct node *node;
	int error = node_lookup(path, &node);

	if (!error)
		node_put(node);
	return error;
}

static struct node *node_at(const char *path)
{
	struct place place;

	return path_find_existing(NULL, path, &place) ? NULL : place.node;
}

static void enter(const char *path)
{
	struct object *old = process.directory;

	process.directory = &node_at(path)->object;
	object_get(process.directory);
	if (old)
		object_put(old);
}

/* ---- Paths ----------------------------------------------------------- */

static void test_paths(void)
{
	char longest[NAME_MAX + 2];

	is(directory_at("/a"), 0, "mkdir");
	is(directory_at("/a/b/"), 0, "mkdir with a slash behind");
	is(file_at("/a/b/f"), 0, "create");
	is(look("/a/b/f"), 0, "absolute path");
	is(look("a//b/./f"), 0, "relative path, slashes, dot");
	is(look("/../a/b/../../a/b/f"), 0, "dot_dot_of_the_root_is_the_root");
	is(look(""), -ENOENT, "empty_path");
	is(look("/"), 0, "root");
	is(look("///"), 0, "root with more slashes");
	is(look("/a/b/f/"), -ENOTDIR, "slash_behind_a_file");
	is(look("/a/b/f/x"), -ENOTDIR, "file_on_the_way");
	is(look("/a/b/f/.."), -ENOTDIR, "dot_dot_of_a_file");
	is(look("/a/x"), -ENOENT, "missing");
	is(look("/a/x/"), -ENOENT, "missing with a slash");
	is(look("/a/x/y"), -ENOENT, "missing on the way");
	is(look("/a/x/.."), -ENOENT, "dot_dot_of_what_is_missing");
	memset(longest, 'n', sizeof(longest));
	longest[NAME_MAX] = '\0';
	is(file_at(longest), 0, "longest name");
	is(look(longest), 0, "longest name is found");
	is(unlink_at(longest), 0, "longest name goes");
	longest[NAME_MAX] = 'n';
	longest[NAME_MAX + 1] = '\0';
	is(file_at(longest), -ENAMETOOLONG, "name_too_long");
	is(directory_at("/a/b"), -EEXIST, "mkdir of what is there");
	is(directory_at("/a/b/."), -EEXIST, "mkdir of dot");
	is(directory_at("/"), -EEXIST, "mkdir of the root");
}

static void test_names_that_share_a_start(void)
{
	is(file_at("/a/ab"), 0, "ab");
	is(file_at("/a/abc"), 0, "abc");
	is(look("/a/a"), -ENOENT, "shorter_name_is_another");
	is(look("/a/abcd"), -ENOENT, "longer_name_is_another");
	is(unlink_at("/a/ab"), 0, "rm ab");
	is(look("/a/abc"), 0, "abc is still there");
	is(unlink_at("/a/abc"), 0, "rm abc");
}

static void test_path_of_node(void)
{
	char path[32];

	is(node_path(node_at("/a/b/f"), path, sizeof(path)), 7, "length");
	ok(strcmp(path, "/a/b/f") == 0, "node_path");
	is(node_path(root, path, sizeof(path)), 2, "length of the root");
	ok(strcmp(path, "/") == 0, "path of the root");
	is(node_path(node_at("/a/b/f"), path, 7), 7, "exact room");
	is(node_path(node_at("/a/b/f"), path, 6), -ERANGE, "no room");
	is(node_path(root, path, 1), -ERANGE, "no room for the root");
}

/* ---- Working directory, removed -------------------------------------- */

static void test_removed_directory(void)
{
	char path[32];

	directory_at("/gone");
	enter("/gone");
	is(file_at("x"), 0, "create in the working directory");
	is(look("/gone/x"), 0, "seen from the root");
	unlink_at("x");
	is(rmdir_at("/gone"), 0, "rmdir_of_the_working_directory");
	is(look("x"), -ENOENT, "lookup_in_a_removed_directory");
	is(look(".."), -ENOENT, "dot_dot_in_a_removed_directory");
	is(look("."), 0, "dot is still itself");
	is(file_at("x"), -ENOENT, "create_in_a_removed_directory");
	is(directory_at("x"), -ENOENT, "mkdir_in_a_removed_directory");
	is(rename_at("/a/b/f", "x"), -ENOENT, "rename_into_it");
	is(node_path(node_of(process.directory), path, sizeof(path)), -ENOENT,
	   "getcwd_of_a_removed_directory");
	is(directory_at("/gone"), 0, "the name is free again");
	is(look("../a"), -ENOENT, "the new one is another");
	rmdir_at("/gone");
	enter("/");
}

/* ---- unlink, rmdir --------------------------------------------------- */

static void test_remove(void)
{
	is(unlink_at("/a"), -EPERM, "unlink_of_a_directory");
	is(unlink_at("/none"), -ENOENT, "unlink_of_nothing");
	is(unlink_at("/a/b/f/"), -ENOTDIR, "unlink_with_a_slash");
	is(unlink_at("/a/b/."), -EPERM, "unlink_of_dot");
	is(rmdir_at("/a"), -ENOTEMPTY, "rmdir_of_a_full_directory");
	is(rmdir_at("/a/b/f"), -ENOTDIR, "rmdir_of_a_file");
	is(rmdir_at("/none"), -ENOENT, "rmdir_of_nothing");
	is(rmdir_at("/a/b/."), -EINVAL, "rmdir_of_dot");
	is(rmdir_at("/a/b/.."), -ENOTEMPTY, "rmdir_of_dot_dot");
	is(rmdir_at("/"), -EBUSY, "rmdir_of_the_root");
}

static void test_open_file_outlives_its_name(void)
{
	struct node *node;
	char bytes[4] = "";

	file_at("/t");
	node_lookup("/t", &node);
	contents_write(&node->contents, 0, (uintptr_t)"abc", 3,
		       contents_from_kernel);
	is(node->links, 1, "one name");
	unlink_at("/t");
	is(look("/t"), -ENOENT, "name is gone");
	is(node->links, 0, "no name");
	is(node_read(node, 0, bytes, 3), 3, "contents_live_until_last_close");
	ok(strcmp(bytes, "abc") == 0, "and are the same");
	is(file_at("/t"), 0, "new file of that name");
	ok(node_at("/t") != node, "is_another_file");
	node_put(node);
	unlink_at("/t");
	is(frame_count[FRAME_FILE], 0, "last_close_frees_the_contents");
}

/* ---- rename ---------------------------------------------------------- */

static void test_rename(void)
{
	file_at("/f1");
	file_at("/f2");
	is(rename_at("/f1", "/f1"), 0, "rename_to_itself");
	is(look("/f1"), 0, "which is still there");
	is(rename_at("/f1", "/f2"), 0, "rename_replaces");
	is(look("/f1"), -ENOENT, "old name is gone");
	is(look("/f2"), 0, "new name is there");
	is(rename_at("/none", "/x"), -ENOENT, "rename_of_nothing");
	is(rename_at("/f2", "/none/x"), -ENOENT, "rename_to_nowhere");
	is(rename_at("/f2", "/a"), -EISDIR, "file_over_directory");
	is(rename_at("/a", "/f2"), -ENOTDIR, "directory_over_file");
	is(rename_at("/f2", "/x/"), -ENOTDIR, "file_to_a_name_with_a_slash");
	is(rename_at("/f2/", "/x"), -ENOTDIR, "file_with_a_slash");
	is(rename_at("/a", "/a/b/c"), -EINVAL, "into_its_own_subtree");
	is(rename_at("/a", "/a/x"), -EINVAL, "into_itself");
	is(rename_at("/a/b", "/a"), -ENOTEMPTY, "over_its_own_parent");
	is(rename_at("/a/.", "/x"), -EINVAL, "dot");
	is(rename_at("/a/b/..", "/x"), -EINVAL, "dot_dot");
	is(rename_at("/f2", "/a/."), -EINVAL, "to dot");
	is(rename_at("/", "/x"), -EBUSY, "root");
	is(rename_at("/a", "/"), -EBUSY, "to the root");
}

static void test_rename_directory(void)
{
	nlink_t links = root->links;

	directory_at("/d1");
	directory_at("/d2");
	file_at("/d1/x");
	is(root->links, links + 2, "two more dot-dots");
	is(rename_at("/d2", "/d1"), -ENOTEMPTY, "over_a_full_directory");
	is(rename_at("/d1", "/d2/"), 0, "over_an_empty_directory");
	is(look("/d2/x"), 0, "children_come_along");
	is(root->links, links + 1, "one dot-dot less");
	is(rename_at("/d2", "/a/d3"), 0, "into another directory");
	is(root->links, links, "dot_dot_moves_along");
	is(look("/a/d3/../b"), 0, "dot_dot_is_the_new_parent");
	unlink_at("/a/d3/x");
	rmdir_at("/a/d3");
	unlink_at("/f2");
}

static void test_fixed(void)
{
	directory_at("/fixed");
	file_at("/fixed/x");
	file_at("/y");
	node_at("/fixed")->is_fixed = true;
	is(file_at("/fixed/z"), -EROFS, "create_in_a_fixed_directory");
	is(unlink_at("/fixed/x"), -EROFS, "unlink in it");
	is(rename_at("/fixed/x", "/x"), -EROFS, "rename out of it");
	is(rename_at("/y", "/fixed/y"), -EROFS, "rename into it");
	is(rmdir_at("/fixed"), -EBUSY, "rmdir of it");
	is(rename_at("/fixed", "/x"), -EBUSY, "rename of it");
	node_at("/fixed")->is_fixed = false;
	unlink_at("/fixed/x");
	rmdir_at("/fixed");
	unlink_at("/y");
}

/* ---- Listing --------------------------------------------------------- */

static struct open_file listing;

/* The next names, with a blank between, as many as fit in `bytes`. */
static ssize_t list(char *names, size_t bytes)
{
	ssize_t done = directory_ops.list(&listing, host_user, bytes);
	struct dirent *entry;

	*names = '\0';
	for (ssize_t at = 0; at < done; at += entry->d_reclen) {
		entry = (void *)host_user_bytes(host_user + at);
		memcpy(names, entry->d_name, strlen(entry->d_name));
		names += strlen(entry->d_name);
		*names++ = ' ';
		*names = '\0';
	}
	return done;
}

static void test_list(void)
{
	char names[200];

	directory_at("/l");
	file_at("/l/one");
	file_at("/l/two");
	file_at("/l/three");
	listing.object = &node_at("/l")->object;
	list(names, 1000);
	ok(strcmp(names, ". .. one two three ") == 0, "all names");
	is(list(names, 1000), 0, "0 at the end");
	listing.position = 0;
	is(list(names, 5), -EINVAL, "room_for_no_entry");
	list(names, 60);
	ok(strcmp(names, ". .. ") == 0, "whole entries only");
	unlink_at("/l/one");
	file_at("/l/four");
	list(names, 24);
	ok(strcmp(names, "two ") == 0, "removed_names_shift_nobody");
	list(names, 1000);
	ok(strcmp(names, "three four ") == 0, "new_names_come_last");
	listing.position = 0;
	is(directory_ops.list(&listing, 16, 100), -EFAULT, "bad address");
	is(listing.position, 0, "bad_address_eats_no_entry");
	unlink_at("/l/two");
	unlink_at("/l/three");
	unlink_at("/l/four");
	list(names, 1000);
	ok(strcmp(names, ". .. ") == 0, "empty directory");
	node_get(node_of(listing.object));
	rmdir_at("/l");
	listing.position = 0;
	is(list(names, 1000), 0, "removed directory");
	object_put(listing.object);
}

static void number_name(char *path, unsigned n)
{
	memcpy(path, "/many/0000", 11);
	for (int i = 9; i >= 6; i--, n /= 10)
		path[i] = '0' + n % 10;
}

static void test_many(void)
{
	char path[16];
	bool good = true;

	directory_at("/many");
	for (unsigned i = 0; i < 3000; i++) {
		number_name(path, i);
		good = good && file_at(path) == 0;
	}
	for (unsigned i = 0; i < 3000; i += 2) {
		number_name(path, i);
		good = good && unlink_at(path) == 0;
	}
	/* Each look changes the order of the names that share a slot. */
	for (unsigned i = 0, n = 0; i < 9000; i++, n = (n + 1717) % 3000) {
		number_name(path, n);
		good = good && look(path) == (n % 2 ? 0 : -ENOENT);
	}
	for (unsigned i = 1; i < 3000; i += 2) {
		number_name(path, i);
		good = good && unlink_at(path) == 0;
	}
	ok(good && rmdir_at("/many") == 0, "3,000 names");
}

/* ---- Files as objects ------------------------------------------------ */

static void test_file_object(void)
{
	struct open_file file = { .flags = O_RDWR };
	char *user = (char *)host_user_bytes(host_user);

	file_at("/o");
	file.object = &node_at("/o")->object;
	memcpy(user, "hello", 5);
	is(regular_ops.write(&file, host_user, 5), 5, "write");
	is(file.position, 5, "position moves");
	is(regular_ops.seek(&file, -2, SEEK_CUR), 3, "seek from here");
	is(regular_ops.seek(&file, 2, SEEK_END), 7, "seek behind the end");
	is(regular_ops.seek(&file, -1, SEEK_SET), -EINVAL, "seek before 0");
	is(regular_ops.seek(&file, 0, 3), -EINVAL, "no such whence");
	is(regular_ops.seek(&file, OFF_MAX, SEEK_END), -EOVERFLOW, "too far");
	is(file.position, 7, "failed_seek_moves_nothing");
	is(regular_ops.read(&file, host_user, 10), 0, "read behind the end");
	is(regular_ops.truncate(file.object, -1), -EINVAL, "length -1");
	file.flags |= O_APPEND;
	file.position = 0;
	regular_ops.write(&file, host_user, 1);
	is(file.position, 6, "append_goes_to_the_end");
	is(node_bytes(node_at("/o")), 6, "length");
	unlink_at("/o");
}

static void test_times(void)
{
	struct open_file file = { .flags = O_RDWR };
	struct node *node;
	struct stat status;

	file_at("/time");
	node = node_at("/time");
	file.object = &node->object;
	host_now_ns = 5 * NSEC_PER_SEC + 7;
	regular_ops.write(&file, host_user, 1);
	node_stat(&node->object, &status);
	is(status.st_mtim.tv_sec, 1700000005, "write_sets_mtime");
	is(status.st_mtim.tv_nsec, 7, "with nanoseconds");
	ok(status.st_atim.tv_sec < status.st_mtim.tv_sec, "but not atime");
	host_now_ns += NSEC_PER_SEC;
	file.position = 0;
	regular_ops.read(&file, host_user, 1);
	node_stat(&node->object, &status);
	is(status.st_atim.tv_sec, 1700000006, "read_sets_atime");
	node->modified = -1;
	node_stat(&node->object, &status);
	is(status.st_mtim.tv_sec, -1, "before 1970: seconds go down");
	is(status.st_mtim.tv_nsec, 999999999, "and nanoseconds up");
	unlink_at("/time");
}

/* ---- Lack of memory -------------------------------------------------- */

static void test_no_memory(void)
{
	uint32_t objects = host_pool_objects();
	bool good = true;

	for (uint32_t n = 1; n <= 2; n++) {
		alloc_fail_countdown = n;
		good = good && file_at("/n") == -ENOMEM &&
		       look("/n") == -ENOENT;
	}
	ok(good, "create without memory is ENOMEM");
	file_at("/n");
	alloc_fail_countdown = 1;
	is(rename_at("/n", "/m"), -ENOMEM, "rename without memory");
	alloc_fail_countdown = 0;
	is(look("/n"), 0, "failed_rename_keeps_the_old_name");
	is(look("/m"), -ENOENT, "and makes no new one");
	unlink_at("/n");
	is(host_pool_objects(), objects, "nothing is left behind");
}

int main(void)
{
	uint32_t objects, pools;

	host_init(500);
	process.limits[RLIMIT_FSIZE].rlim_cur = RLIM_INFINITY;
	root = node_create(S_IFDIR | 0755);
	root->links++;
	memory_root.root = root;
	cpu.current = &task;
	enter("/");
	objects = object_count;
	pools = host_pool_objects();
	test_paths();
	test_names_that_share_a_start();
	test_path_of_node();
	test_removed_directory();
	test_remove();
	test_open_file_outlives_its_name();
	test_rename();
	test_rename_directory();
	test_fixed();
	test_list();
	test_many();
	test_file_object();
	test_times();
	test_no_memory();
	unlink_at("/a/b/f");
	rmdir_at("/a/b");
	rmdir_at("/a");
	is(object_count, objects, "leak 0: objects");
	is(host_pool_objects(), pools, "leak 0: pools");
	is(root->links, 2, "no dot-dot is left");
	return tap_done();
}
