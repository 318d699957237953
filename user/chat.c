/*
 * chat.c - several people talk, through one mailbox and many direct messages.
 *
 * The room is a process that serves a mailbox with a name. Each guest has two
 * processes: the mouth reads lines and calls the room with each line; the ear
 * prints the direct messages of the room. So all guests see the same lines in
 * the same order. The first guest starts the room, the last guest ends the
 * room. When a guest was killed, the room's next message to the guest fails
 * with ESRCH.
 */
#include <err.h>
#include <mailbox.h>
#include <program.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"chat NAME\n"
	"Says the lines of its input to all who chat; prints what all say.\n";

#define ROOM	"/chat"
#define GUESTS	32

enum { JOIN = 1, SAY, LEAVE };		/* the types of calls */
struct words {
	pid_t ear;
	char text[200];
};
static pid_t ears[GUESTS];
static int guests;

/* The last guest takes the seat of a leaving guest. */
static void tell_all(const struct words *words, pid_t leaver)
{
	const struct message head = { .type = SAY, .bytes = sizeof(*words) };

	for (int i = guests; i-- > 0;)
		if (message_send(ears[i], &head, words, 0, NULL) != 0 ||
		    ears[i] == leaver)
			ears[i] = ears[--guests];
}

static _Noreturn void keep_room(int box)
{
	const struct message bye = { .type = SAY };	/* without words */
	struct message head;
	struct words words;

	close(STDOUT_FILENO);
	do {
		head = (struct message){ 0 };
		if (mailbox_receive(box, &head, &words, sizeof(words), 0,
				    NULL) < 0)
			err(1, ROOM);
		if (head.type == JOIN && guests < GUESTS)
			ears[guests++] = words.ear;
		tell_all(&words, head.type == LEAVE ? words.ear : 0);
		if (head.type == LEAVE)
			message_send(words.ear, &bye, NULL, 0, NULL);
		if (guests == 0)
			mailbox_unlink(ROOM);
		head.bytes = 0;
		mailbox_reply(box, &head, NULL);
	} while (guests > 0);
	_exit(0);
}

/* The first message is from the room; later messages must be from the room. */
static _Noreturn void listen(void)
{
	struct message head = { 0 };
	struct words words;

	while (message_receive(head.sender, &head, &words, sizeof(words), 0,
			       NULL) > 0)
		dprintf(STDOUT_FILENO, "%s\n", words.text);
	_exit(0);
}

static void call(int box, int type, pid_t ear, const char *name,
		 const char *text)
{
	struct message head = { .type = type, .bytes = sizeof(struct words) };
	struct words words = { .ear = ear };

	snprintf(words.text, sizeof(words.text), "%s%s", name, text);
	if (mailbox_call(box, &head, &words, NULL, 0, NULL) < 0)
		err(1, "the room has closed");
}

static int enter_room(void)
{
	const struct mailbox_attr attr = { 8, sizeof(struct words), 0 };
	int box = mailbox_open(ROOM, O_CREAT | O_EXCL | O_RDWR, 0666, &attr);

	if (box >= 0 && fork() == 0 && setsid() > 0)	/* no ctrl+C there */
		keep_room(box);
	close(box);
	return mailbox_open(ROOM, O_WRONLY);
}

int main(int argc, char **argv)
{
	char *name = *parse_no_options(argc, argv, help), line[180] = ": ";
	int box = name ? enter_room() : -1;
	pid_t ear = box < 0 ? -1 : fork();

	if (ear == 0)
		listen();
	if (ear < 0)
		name ? err(1, ROOM) : usage('?', help);
	call(box, JOIN, ear, name, " comes");
	while (fgets(line + 2, sizeof(line) - 2, stdin)) {
		line[strcspn(line, "\n")] = '\0';
		call(box, SAY, ear, name, line);
	}
	call(box, LEAVE, ear, name, " leaves");
	return waitpid(ear, NULL, 0) == ear ? 0 : 1;
}
