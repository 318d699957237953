/*
 * mailbox_words_abuse.c - calls by words: bad arguments, threads, and all that
 * a program may have in its registers and should not find in them.
 */
#include <sys/times.h>

#include "tests/user/thread_case.h"
#include "tests/user/words_case.h"

/* ---- Arguments ----------------------------------------------------------- */

CASE(bad_descriptors_are_ebadf_on_both_sides)
{
	int none[] = { -1, 99, 255, 256, 32768, 65536, 0x7fffffff };
	int pipe_ends[2], reads, writes;

	new_box(4);
	require(pipe(pipe_ends) == 0);
	reads = mailbox_open("mw-test", O_RDONLY | O_CREAT, 0600, NULL);
	writes = mailbox_open("mw-test", O_WRONLY);
	require(reads >= 0 && writes >= 0);
	mailbox_unlink("mw-test");
	for (size_t i = 0; i < LENGTH(none); i++) {
		words = (struct mailbox_words){ .id = 0 };
		expect_error(mailbox_call_words(none[i], &words), EBADF);
		expect_error(mailbox_reply_receive_words(none[i], &words),
			     EBADF);
	}
	expect_error(mailbox_call_words(pipe_ends[1], &words), EBADF);
	expect_error(mailbox_reply_receive_words(pipe_ends[0], &words), EBADF);
	expect_error(mailbox_call_words(reads, &words), EBADF);
	expect_error(mailbox_reply_receive_words(writes, &words), EBADF);
}

/* Whatever they name, they are no calls. */
CASE(numbers_that_are_not_given_out_change_no_register)
{
	uint32_t bases[] = { 128, 0x10000, MAILBOX_WORDS_CALL - 1,
			     MAILBOX_WORDS_CALL + 256, MAILBOX_WORDS_REPLY - 1,
			     MAILBOX_WORDS_REPLY + 256, 0x80000000, -1u };

	for (size_t i = 0; i < LENGTH(bases); i++) {
		words = (struct mailbox_words){ 1, 2, { 3, 4 } };
		expect(__mailbox_words(bases[i], &words) == -ENOSYS);
		expect(words.id == 1 && words.type == 2 &&
		       words.word[0] == 3 && words.word[1] == 4);
	}
}

CASE(server_that_may_not_wait_gets_eagain)
{
	new_box(4);
	set_nonblocking(box, 1);
	words = (struct mailbox_words){ .id = 0 };
	expect_error(mailbox_reply_receive_words(box, &words), EAGAIN);
}

static int serve_nothing(void)
{
	words = (struct mailbox_words){ .id = 0 };
	return mailbox_reply_receive_words(box, &words) == -1 ? errno : 0;
}

CASE(box_for_less_than_the_words_is_emsgsize_for_the_caller)
{
	pid_t server;

	box = private_box(4, 7);
	server = start_asleep(serve_nothing);
	expect_error(call_words(1), EMSGSIZE);
	kill_and_wait(server);
}

CASE(reply_to_nobody_is_esrch_and_receives_nothing)
{
	new_box(4);
	expect(put(1, "stays", 0) == 0);
	words = (struct mailbox_words){ .id = 4711 };
	expect_error(mailbox_reply_receive_words(box, &words), ESRCH);
	expect(words.id == 4711 && held() == 1);
}

/* ---- Threads ------------------------------------------------------------- */

static void *call_in_a_thread(void *unused)
{
	struct mailbox_words mine;

	(void)unused;
	for (uint32_t i = 0; i < CALLS; i++) {
		mine = (struct mailbox_words){ .type = 1, .word = { i, i } };
		if (mailbox_call_words(box, &mine) != 0 || mine.word[0] != ~i)
			return "wrong";
	}
	return NULL;
}

CASE(threads_call_by_words_as_they_can)
{
	pid_t server = start_serving(0);
	pthread_t thread;

	warm_up();
	thread = create(call_in_a_thread, NULL);
	for (int i = 0; i < 20; i++)
		expect(answers(i));
	expect(join(thread) == 0);
	warm_up();
	kill_and_wait(server);
}

static void *serve_in_a_thread(void *unused)
{
	(void)unused;
	serve();
	return NULL;
}

static int serve_then_in_threads(void)
{
	struct mailbox_words request = { .id = 0 };
	pthread_t thread;

	mailbox_reply_receive_words(box, &request);
	thread = create(serve_in_a_thread, NULL);
	request.word[0] = ~request.word[0];
	request.type++;
	mailbox_reply_receive_words(box, &request);
	request.word[0] = ~request.word[0];
	request.type++;
	head = (struct message){ .id = request.id, .bytes = 8,
				 .type = request.type, .fd = -1 };
	mailbox_reply(box, &head, request.word);
	join(thread);
	return 7;
}

CASE(server_may_become_many_threads_with_a_call_in_hand)
{
	pid_t server;

	server = start_with_box(serve_then_in_threads);
	for (int i = 0; i < 20; i++)
		require(answers(i));
	kill_and_wait(server);
}

static void *close_later(void *caller)
{
	until_asleep(*(pid_t *)caller);
	close(box);
	return NULL;
}

/* Its wait holds the box, whoever closes the number. */
CASE(descriptor_closed_by_another_thread_does_not_hurt_a_call)
{
	pid_t server, self = getpid();
	pthread_t thread;

	server = start_with_box(answer_late);
	expect(call_words(1) == 0);
	thread = create(close_later, &self);
	kill(server, SIGUSR1);
	call_words(2);
	expect(join(thread) == 0);
	kill_and_wait(server);
}

/* ---- What does not belong to the message --------------------------------- */

#define AC	0x40000
#define ID	0x200000
#define NT	0x4000

static uint32_t flags_now(void)
{
	uint32_t flags;

	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	return flags;
}

static int serve_and_look(void)
{
	struct mailbox_words request = { .id = 0 };
	uint32_t fs, gs;

	while (mailbox_reply_receive_words(box, &request) > 0) {
		__asm__ volatile("mov %%fs, %0; mov %%gs, %1" :
				 "=r"(fs), "=r"(gs));
		request.word[0] = (fs & 0xffff) | (gs & 0xffff);
		request.word[1] = flags_now() & (AC | ID | NT | 0x400);
	}
	return 1;
}

/* Selectors in DS, ES, FS and GS, and the flags AC, ID and NT. */
static long call_with(uint32_t selector, uint32_t flags)
{
	struct mailbox_words now = { .type = 1 };
	long result;

	__asm__ volatile("mov %0, %%fs; mov %0, %%gs\n\t"
			 "pushf; or %1, (%%esp); popf" ::
			 "r"(selector), "r"(flags) : "cc");
	result = __mailbox_words(MAILBOX_WORDS_CALL + box, &now);
	__asm__ volatile("mov %0, %%fs; mov %0, %%gs\n\t"
			 "pushf; andl $~0x244400, (%%esp); popf" ::
			 "r"(0) : "cc");
	return result == 0 ? (long)(now.word[0] | now.word[1]) : -1;
}

CASE(segments_and_flags_do_not_come_with_the_words)
{
	pid_t server;
	int came = 0;

	server = start_with_box(serve_and_look);
	expect(call_words(1) == 0);
	for (int i = 0; i < 50; i++) {
		long seen = call_with(i % 2 ? 0x23 : 0, ID | NT | AC);

		came += seen == 0;
		require(seen == 0 || seen == -1);
		expect(call_words(1) == 0);
	}
	expect(came > 5);
	kill_and_wait(server);
}

/* DS and ES null, DF set: the kernel takes none of it for granted. */
CASE(null_segments_and_df_are_the_callers_own_business)
{
	pid_t server = start_serving(0);
	uint32_t eax, ebx, edx, edi, esi;

	warm_up();
	for (int i = 0; i < 50; i++) {
		eax = MAILBOX_WORDS_CALL + box;
		ebx = 0;
		edx = 1;
		edi = i;
		esi = 5;
		__asm__ volatile("push %%ebp; mov %%edx, %%ebp\n\t"
				 "xor %%ecx, %%ecx; mov %%ecx, %%ds\n\t"
				 "mov %%ecx, %%es; std\n\t"
				 "mov %%esp, %%ecx; mov $1f, %%edx\n\t"
				 "sysenter\n1:\tcld\n\t"
				 "mov $0x23, %%ecx; mov %%ecx, %%ds\n\t"
				 "mov %%ecx, %%es\n\t"
				 "mov %%ebp, %%edx; pop %%ebp" : "+a"(eax),
				 "+b"(ebx), "+d"(edx), "+D"(edi), "+S"(esi) ::
				 "ecx", "memory", "cc");
		if (eax == (uint32_t)-ENOSYS)
			continue;
		require(eax == 0 && edx == 2 && edi == ~i && esi == 5);
	}
	warm_up();
	kill_and_wait(server);
}

/* No error leaves more than what the program had, or 0. */
CASE(nothing_of_the_kernel_is_left_in_a_register)
{
	pid_t server = start_serving(0);

	for (int i = 0; i < 100; i++) {
		struct mailbox_words now = { 0, 1, { 2, 3 } };
		long result = __mailbox_words(MAILBOX_WORDS_CALL + box, &now);

		require(result == 0 || result == -ENOSYS);
		require(now.id < 0x80000000 && now.type < 3 &&
			now.word[1] == 3);
		now.id = 12345;
		result = __mailbox_words(MAILBOX_WORDS_REPLY + box, &now);
		require(result == -ENOSYS && now.id == 12345);
	}
	kill_and_wait(server);
}

static volatile int steps;

static void count_step(int n)
{
	(void)n;
	steps++;
}

/* A trap after each instruction of the caller, none in the server. */
CASE(caller_may_be_single_stepped_through_its_call)
{
	pid_t server = start_serving(0);

	warm_up();
	set_handler(SIGTRAP, count_step, 0);
	__asm__ volatile("pushf; orl $0x100, (%%esp); popf" ::: "cc", "memory");
	expect(answers(4711));
	__asm__ volatile("pushf; andl $~0x100, (%%esp); popf" :::
			 "cc", "memory");
	expect(steps > 10);
	warm_up();
	kill_and_wait(server);
}

static volatile double factor = 1.0000001;

static int serve_floats(void)
{
	struct mailbox_words request = { .id = 0 };
	volatile double value = 1;

	while (mailbox_reply_receive_words(box, &request) > 0) {
		value *= factor;
		request.word[0] = value > 1 && value < 2;
	}
	return 1;
}

CASE(fpu_registers_stay_with_their_programs)
{
	volatile double mine = 3;
	pid_t server;

	server = start_with_box(serve_floats);
	for (int i = 0; i < 50; i++) {
		mine *= 1.5;
		mine /= 1.5;
		expect(call_words(1) == 0 && words.word[0] == 1);
		require(mine > 2.99 && mine < 3.01);
	}
	kill_and_wait(server);
}

static struct tms times_of_server;

static int serve_and_tell_time(void)
{
	int result = serve();

	times(&times_of_server);
	return result;
}

/* Neither is charged for the other, nor for no time at all. */
CASE(time_of_both_is_no_more_than_has_passed)
{
	clock_t start = times(&times_of_server), now;
	struct tms mine, after;
	pid_t server;

	server = start_with_box(serve_and_tell_time);
	for (uint32_t i = 0; i < 50000; i++)
		require(answers(i));
	words.type = 9;
	expect_error(mailbox_call_words(box, &words), EPIPE);
	expect(result_of(server) == 7);
	now = times(&after) - start;
	mine = after;
	expect(mine.tms_utime + mine.tms_stime + mine.tms_cutime +
	       mine.tms_cstime <= now + 2);
	expect(mine.tms_utime >= 0 && mine.tms_stime >= 0 &&
	       mine.tms_cutime >= 0 && mine.tms_cstime >= 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
