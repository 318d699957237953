/*
 * tty.c - the terminal as an object: waking, job control, reads by time.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 * link: kernel/dev/tty.c kernel/dev/terminal.c
 * link: kernel/dev/terminal_control.c kernel/dev/owner.c
 * link: kernel/dev/line.c kernel/dev/line_screen.c kernel/dev/window.c
 * link: kernel/task/user.c
 */
#include <string.h>

#include "tests/host/stub/host.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/termios.h"
#include "kernel/dev/terminal.h"
#include "kernel/dev/tty.h"
#include "kernel/fs/device.h"
#include "kernel/machine.h"
#include "kernel/obj/file.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

/* ---- Stubs below tty.c -------------------------------------------------- */

struct list process_list = LIST_INIT(process_list);

static struct open_file file;
static void (*deferred)(void);
static struct timer *clock_timer, *window_timer;
static char shown[4096];
static unsigned wakes;

static struct task task;
static struct signal_actions actions;
static struct process shell, job, stranger, outsider;
static struct list_node sleeper;

static struct { pid_t group; int number; } sent[8];
static unsigned sent_count;

void cpu_set_deferred(enum pending_bit bit, void (*work)(void))
{
	(void)bit;
	deferred = work;
}

static unsigned uses[100];		/* of ids, by the terminal */

void id_get(pid_t id)
{
	uses[id]++;
}

void id_put(pid_t id)
{
	uses[id]--;
}

bool device_stat(const struct object *object, struct stat *status)
{
	(void)object;
	memset(status, 0, sizeof(*status));
	status->st_mode = S_IFCHR | 0600;
	return true;
}

int device_register(const char *name, struct object *object, mode_t mode)
{
	(void)name;
	(void)mode;
	for (int end = 0; end < 2; end++) {
		list_init(&object->queue[end].sleepers);
		list_init(&object->queue[end].watchers);
	}
	/* There is always a waiting task, so every wake is seen. */
	list_append(&object->queue[END_READ].sleepers, &sleeper);
	file.object = object;
	return 0;
}

void wait_wake(struct wait_queue *queue)
{
	(void)queue;
	wakes++;
}

void wait_wake_end(struct wait_queue *queue)
{
	wait_wake(queue);
}

void timer_init(struct timer *timer, void (*expired)(struct timer *timer))
{
	memset(timer, 0, sizeof(*timer));
	timer->expired = expired;
	if (clock_timer)
		window_timer = timer;
	else
		clock_timer = timer;
}

void timer_start(struct timer *timer, uint64_t deadline_ns)
{
	timer->deadline_ns = deadline_ns;
	timer->rank = 1;
}

void timer_stop(struct timer *timer)
{
	timer->rank = 0;
}

static void pass_time(uint64_t ns)
{
	host_now_ns += ns;
	if (!timer_is_started(clock_timer) ||
	    clock_timer->deadline_ns > host_now_ns)
		return;
	timer_stop(clock_timer);
	clock_timer->expired(clock_timer);
}

void group_send(pid_t group, int n)
{
	sent[sent_count % ARRAY_LENGTH(sent)].group = group;
	sent[sent_count++ % ARRAY_LENGTH(sent)].number = n;
}

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	(void)info;
	sent[sent_count % ARRAY_LENGTH(sent)].group = process->id;
	sent[sent_count++ % ARRAY_LENGTH(sent)].number = n;
	return 0;
}

bool group_is_orphaned(pid_t group)
{
	(void)group;
	return false;
}

struct process *process_find(pid_t id)
{
	struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (process->id == id)
			return process;
	return NULL;
}

void arch_console_write(const char *bytes, size_t length)
{
	size_t before = strlen(shown);

	memcpy(shown + before, bytes, length);
	shown[before + length] = '\0';
}

/* ---- Helpers ------------------------------------------------------------ */

static void run_as(struct process *process)
{
	task.process = process;
	cpu.current = &task;
}

static void create(struct process *process, pid_t id, pid_t group,
		   pid_t session)
{
	process->id = id;
	process->group = group;
	process->session = session;
	process->signals.actions = &actions;
	list_append(&process_list, &process->all);
}

static void type(const char *keys)
{
	for (; *keys; keys++)
		machine_console_input(*keys);
	deferred();
}

static ssize_t read_tty(size_t bytes)
{
	return file.object->ops->read(&file, host_user, bytes);
}

static bool is_readable(void)
{
	return file.object->ops->poll(&file) & POLLIN;
}

static bool got(const char *wanted)
{
	return memcmp(host_user_bytes(host_user), wanted,
		      strlen(wanted)) == 0;
}

static int control(uint32_t request)
{
	return file.object->ops->control(&file, request, host_user);
}

static int set_foreground(pid_t group)
{
	memcpy(host_user_bytes(host_user), &group, sizeof(group));
	return control(TIOCSPGRP);
}

static pid_t foreground(void)
{
	pid_t group = -1;

	if (control(TIOCGPGRP) == 0)
		memcpy(&group, host_user_bytes(host_user), sizeof(group));
	return group;
}

static void set_raw(uint8_t min, uint8_t time)
{
	struct termios modes;

	control(TCGETS);
	memcpy(&modes, host_user_bytes(host_user), sizeof(modes));
	modes.c_lflag &= ~(ICANON | ECHO);
	modes.c_cc[VMIN] = min;
	modes.c_cc[VTIME] = time;
	memcpy(host_user_bytes(host_user), &modes, sizeof(modes));
	is(control(TCSETSF), 0, "raw mode, min %u, time %u", min, time);
}

/* ---- Tests -------------------------------------------------------------- */

static void test_reading(void)
{
	is(read_tty(100), -EAGAIN, "nothing_typed_says_try_again");
	ok(!is_readable(), "and_poll_agrees");
	type("ls");
	is(wakes, 0, "half_a_line_wakes_nobody");
	type("\r");
	is(wakes, 1, "a_line_wakes_the_reader");
	ok(is_readable(), "and_poll_sees_it");
	is(file.object->ops->read(&file, 16, 10), -EFAULT,
	   "bad_address_is_efault");
	is(read_tty(100), 3, "and_eats_no_input");
	ok(got("ls\n"), "the_line_is_as_typed");
	ok(strcmp(shown, "ls\r\n") == 0, "and_was_shown");
}

static void test_writing(void)
{
	memcpy(host_user_bytes(host_user), "a\nb", 3);
	shown[0] = '\0';
	is(file.object->ops->write(&file, host_user, 3), 3, "write");
	ok(strcmp(shown, "a\r\nb") == 0, "newline_goes_out_as_cr_lf");
	is(file.object->ops->write(&file, 16, 3), -EFAULT,
	   "write_from_a_bad_address_is_efault");
}

static void test_control(void)
{
	struct winsize size;

	is(control(TIOCGWINSZ), 0, "terminal_has_a_size");
	memcpy(&size, host_user_bytes(host_user), sizeof(size));
	ok(size.ws_row == 25 && size.ws_col == 80, "of_25_by_80");
	is(control(0x1234), -ENOTTY, "unknown_request_is_enotty");
	is(file.object->ops->control(&file, TCGETS, 16), -EFAULT,
	   "modes_to_a_bad_address_is_efault");
	is(file.object->ops->control(&file, TCSETS, 16), -EFAULT,
	   "modes_from_a_bad_address_is_efault");
}

static void test_taking(void)
{
	run_as(&job);
	is(foreground(), -1, "no_controlling_terminal_is_enotty");
	is(control(TIOCSCTTY), -EPERM, "only_a_leader_takes_the_terminal");
	run_as(&shell);
	is(control(TIOCSCTTY), 0, "leader_takes_the_terminal");
	ok(shell.terminal == file.object, "and_has_it");
	is(control(TIOCSCTTY), 0, "taking_it_twice_is_fine");
	is(foreground(), shell.group, "its_group_is_in_the_foreground");
	run_as(&stranger);
	is(control(TIOCSCTTY), -EPERM, "another_session_cannot_take_it");
	terminal_inherit(&job, &shell);
	ok(job.terminal == file.object, "children_inherit_it");
	is(file.object->refs, 3, "and_hold_a_reference");
}

static void test_foreground(void)
{
	run_as(&shell);
	is(set_foreground(999), -EPERM, "no_such_group_in_the_session");
	is(set_foreground(stranger.group), -EPERM,
	   "group_of_another_session_is_eperm");
	is(set_foreground(-1), -EINVAL, "negative_group_is_einval");
	is(set_foreground(job.group), 0, "shell_moves_the_job_to_the_front");
	sent_count = 0;
	type("\003");
	ok(sent_count == 1 && sent[0].group == job.group &&
	   sent[0].number == SIGINT, "ctrl_c_reaches_the_foreground_only");
}

static void test_background(void)
{
	run_as(&shell);
	type("for the job\r");
	sent_count = 0;
	is(read_tty(100), -EINTR, "background_read_is_to_be_tried_again");
	ok(sent_count == 1 && sent[0].group == shell.group &&
	   sent[0].number == SIGTTIN, "its_group_is_stopped");
	task.signals.blocked = SIGNAL_BIT(SIGTTIN);
	is(read_tty(100), -EIO, "who_is_deaf_to_sigttin_gets_eio");
	task.signals.blocked = 0;
	is(set_foreground(shell.group), -EINTR, "taking_it_back_needs_care");
	is(sent[1].number, SIGTTOU, "sigttou_stops_who_does_not_ignore_it");
	actions.of[SIGTTOU].handler = 1;
	is(set_foreground(shell.group), 0, "ignoring_sigttou_takes_it_back");
	is(read_tty(100), 12, "nothing_was_eaten_meanwhile");
	actions.of[SIGTTOU].handler = 0;
}

/* An ordinary user with a descriptor, but not of the terminal's session. */
static void test_outsider(void)
{
	struct termios before;

	type("a secret\r");
	outsider.identity.user = 1000;
	run_as(&outsider);
	is(control(TCGETS), 0, "an_outsider_may_ask_for_the_modes");
	memcpy(&before, host_user_bytes(host_user), sizeof(before));
	((struct termios *)host_user_bytes(host_user))->c_cc[VINTR] = 'x';
	is(control(TCSETS), -EIO, "an_outsider_changes_no_key");
	is(control(TIOCSWINSZ), -EIO, "nor_the_size");
	is(read_tty(100), -EIO, "an_outsider_reads_no_keys");
	is(control(TIOCGPGRP), -ENOTTY, "an_outsider_has_no_foreground");
	outsider.identity.user = 0;
	is(control(TCGETS), 0, "the_modes_are_there");
	ok(memcmp(host_user_bytes(host_user), &before, sizeof(before)) == 0,
	   "and_as_they_were");
	is(read_tty(100), 9, "root_reads_from_outside");
}

/* The terminal has left the session; a member stayed and ignores signals. */
static void test_hung_up(void)
{
	struct process late = { .terminal = file.object };

	create(&late, 30, 30, 29);
	run_as(&late);
	actions.of[SIGTTOU].handler = 1;
	is(control(TCGETS), 0, "ask_for_the_modes");
	is(control(TCSETS), -EIO, "an_old_member_changes_no_modes");
	is(read_tty(10), -EIO, "and_reads_no_keys");
	is(file.object->ops->write(&file, host_user, 1), -EIO, "nor_writes");
	is(set_foreground(shell.group), -ENOTTY, "nor_moves_the_foreground");
	actions.of[SIGTTOU].handler = 0;
	list_remove(&late.all);
}

/* Between two sessions the terminal is free, but not for each user. */
static void test_taking_by_a_user(void)
{
	run_as(&stranger);
	stranger.identity.user = 1000;
	is(control(TIOCSCTTY), -EPERM,
	   "a_user_without_a_right_to_open_cannot_take_the_terminal");
	stranger.identity.user = 0;
}

static void test_ids_are_held(void)
{
	ok(uses[shell.session] >= 1 && uses[shell.group] >= 1,
	   "no_new_group_gets_the_number_of_the_foreground");
}

static void test_leaving(void)
{
	run_as(&job);
	terminal_leave(&job);
	is(foreground(), -1, "who_leaves_has_no_terminal");
	run_as(&shell);
	sent_count = 0;
	terminal_leave(&shell);
	ok(sent_count == 2 && sent[0].number == SIGHUP &&
	   sent[1].number == SIGCONT, "leader's_end_hangs_up");
	is(file.object->refs, 1, "no_reference_is_left");
	ok(uses[shell.session] == 0 && uses[job.group] == 0,
	   "no_use_of_an_id_is_left");
	test_taking_by_a_user();
	run_as(&stranger);
	is(control(TIOCSCTTY), 0, "terminal_is_free_for_another_session");
	terminal_leave(&stranger);
}

static void test_time(void)
{
	run_as(&stranger);
	set_raw(0, 5);
	is(read_tty(10), -EAGAIN, "min_0_time_5_waits");
	wakes = 0;
	pass_time(499000000);
	is(wakes, 0, "not_shorter");
	pass_time(2000000);
	is(wakes, 1, "not_longer_than_half_a_second");
	is(read_tty(10), 0, "then_nothing_came");
	is(read_tty(10), -EAGAIN, "next_read_waits_anew");
	type("x");
	is(read_tty(10), 1, "a_byte_ends_it_at_once");
	ok(!timer_is_started(clock_timer), "and_stops_the_timer");

	set_raw(5, 2);
	is(read_tty(10), -EAGAIN, "min_5_time_2_waits");
	pass_time(NSEC_PER_SEC);
	is(read_tty(10), -EAGAIN, "for_the_first_byte_without_end");
	type("ab");
	is(read_tty(10), -EAGAIN, "then_for_the_next");
	pass_time(150000000);
	type("c");
	is(read_tty(10), -EAGAIN, "which_starts_the_time_again");
	pass_time(150000000);
	is(read_tty(10), -EAGAIN, "for_each_byte");
	pass_time(60000000);
	is(read_tty(10), 3, "until_a_pause");

	set_raw(3, 0);
	type("ab");
	ok(!is_readable(), "poll_knows_min");
	is(read_tty(10), -EAGAIN, "min_3_waits_for_three");
	type("c");
	ok(is_readable() && read_tty(10) == 3, "and_gets_three");
	set_raw(0, 0);
	is(read_tty(10), 0, "min_0_time_0_never_waits");
}

static int set_size(unsigned short rows, unsigned short columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };

	memcpy(host_user_bytes(host_user), &size, sizeof(size));
	return control(TIOCSWINSZ);
}

static bool has_size(unsigned rows, unsigned columns)
{
	struct winsize size;

	control(TIOCGWINSZ);
	memcpy(&size, host_user_bytes(host_user), sizeof(size));
	return size.ws_row == rows && size.ws_col == columns;
}

static void set_modes(tcflag_t flags)
{
	struct termios modes;

	control(TCGETS);
	memcpy(&modes, host_user_bytes(host_user), sizeof(modes));
	modes.c_lflag = flags;
	memcpy(host_user_bytes(host_user), &modes, sizeof(modes));
	control(TCSETSF);
}

static void test_size(void)
{
	run_as(&shell);
	sent_count = 0;
	is(set_size(30, 100), 0, "a_program_sets_the_size");
	ok(has_size(30, 100), "and_reads_it_back");
	ok(sent_count == 1 && sent[0].number == SIGWINCH &&
	   sent[0].group == shell.group, "the_foreground_hears_of_it");
	is(set_size(30, 100), 0, "the_same_size_again");
	is(sent_count, 1, "is_no_news");
	is(file.object->ops->control(&file, TIOCSWINSZ, 16), -EFAULT,
	   "size_from_a_bad_address_is_efault");
	ok(has_size(30, 100), "and_changes_nothing");
}

static void test_asking(void)
{
	tcflag_t usual = ICANON | ECHO | ISIG;

	host_now_ns += NSEC_PER_SEC;
	shown[0] = '\0';
	set_modes(usual);
	ok(strstr(shown, "\033[6n") == NULL, "no_question_for_whole_lines");
	set_modes(0);
	ok(strstr(shown, "\033[6n") != NULL,
	   "raw_mode_asks_the_terminal_for_its_size");
	sent_count = wakes = 0;
	type("\033[24;60R");
	ok(has_size(24, 60) && sent_count == 1, "the_answer_is_the_new_size");
	ok(wakes == 0 && !is_readable(), "and_is_not_to_be_read");
	host_now_ns += NSEC_PER_SEC;
	shown[0] = '\0';
	type("x");
	ok(strstr(shown, "\033[6n") != NULL, "a_key_asks_again");
	type("\033");
	is(read_tty(10), 1, "escape_alone_may_begin_an_answer");
	window_timer->expired(window_timer);
	ok(read_tty(10) == 1 && got("\033"), "but_not_for_ever");
	type("\033[24;60R");
	tty_is_dumb();
	host_now_ns += NSEC_PER_SEC;
	shown[0] = '\0';
	type("x");
	is(shown[0], 0, "a_dumb_terminal_is_not_asked");
	read_tty(10);
	set_modes(usual);
}

int main(void)
{
	host_init(1);
	tty_init();
	create(&shell, 10, 10, 10);
	create(&job, 11, 11, 10);
	create(&stranger, 20, 20, 20);
	create(&outsider, 25, 25, 25);
	run_as(&stranger);
	test_reading();
	test_writing();
	test_control();
	test_taking();
	test_foreground();
	test_background();
	test_outsider();
	test_hung_up();
	test_ids_are_held();
	test_size();
	test_asking();
	test_leaving();
	test_time();
	return tap_done();
}
