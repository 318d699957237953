/*
 * trace.c - a ring of the newest events, and the way out of the machine.
 *
 * trace_count says how many events there ever were; event N lies at N modulo
 * the size of the ring. So a number names an event for good: the pictures write
 * it under each column, and the debugger goes to it.
 *
 * If the machine has a trace port (a fourth serial line), no event is lost. The
 * unsent events are sent when they fill the ring, when no task wants the
 * processor, at power off and in a panic. Without the port the ring keeps only
 * the newest events. The port sends the bytes of the events in memory, and no
 * further byte; a program that reads them needs abi/trace.def.
 *
 * An event has no room for names. Special events carry the names, eight
 * characters each, after a task or an object is created. For tasks and objects
 * older than the trace, trace_begin() records all names.
 */
#include "kernel/task/trace.h"

#include "arch/arch.h"
#include "kernel/lib/string.h"
#include "kernel/task/process.h"

#define KIND_BYTES	10		/* the longest word of trace= */

_Static_assert(sizeof(struct trace_event) == 24, "others read it");
_Static_assert((TRACE_EVENTS & (TRACE_EVENTS - 1)) == 0, "a power of two");

struct trace_event trace_ring[TRACE_EVENTS];	/* [P] */
uint32_t trace_count;				/* [P] */
uint32_t trace_kinds;				/* [P] */
void (*trace_tell_more)(void);

static uint32_t kinds_wanted;		/* once a program starts */
static uint32_t spilled;		/* [P] events sent to the port */

static const struct {
	char name[KIND_BYTES];
	uint32_t kinds;
} kind_names[] = {
	{ "on", TRACE_ALL }, { "boot", TRACE_ALL }, { "tasks", TRACE_TASKS },
	{ "calls", TRACE_CALLS }, { "ipc", TRACE_IPC },
	{ "signals", TRACE_SIGNALS }, { "pages", TRACE_PAGES },
	{ "faults", TRACE_FAULTS }, { "life", TRACE_LIFE },
};

const char *trace_id_name(unsigned id)
{
	static const char *const names[] = {
#define TRACE(ID, name, ...)	#name,
#include "kernel/abi/trace.def"
#undef TRACE
	};

	return id < TRACE_IDS ? names[id] : "?";
}

/* ---- The ring ----------------------------------------------------------- */

void trace_record(enum trace_id id, uint32_t object, uint32_t a, uint32_t b)
{
	struct trace_event *event = &trace_ring[trace_count % TRACE_EVENTS];

	event->time = arch_cycles();
	event->id = id;
	event->task = task_current()->id;
	event->object = object;
	event->a = a;
	event->b = b;
	trace_count++;
	if (trace_count - spilled == TRACE_EVENTS)
		trace_spill();
}

void trace_text(enum trace_id id, uint32_t object, const char *text)
{
	size_t length = strlen(text);
	uint32_t words[2];

	do {
		size_t piece = MIN(length, sizeof(words));

		words[0] = words[1] = 0;
		memcpy(words, text, piece);
		trace_record(id, object, words[0], words[1]);
		text += piece;
		length -= piece;
	} while (length > 0);
}

bool trace_is_behind(void)
{
	return trace_count != spilled && arch_trace_is_present();
}

void trace_spill(void)
{
	while (spilled != trace_count) {
		uint32_t at = spilled % TRACE_EVENTS;
		uint32_t events = MIN(trace_count - spilled, TRACE_EVENTS - at);

		arch_trace_write((const char *)&trace_ring[at],
				 events * sizeof(trace_ring[0]));
		spilled += events;
	}
}

/* ---- Begin and end ------------------------------------------------------ */

static uint32_t kinds_of(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(kind_names); i++)
		if (strlen(kind_names[i].name) == length &&
		    !strncmp(kind_names[i].name, word, length))
			return kind_names[i].kinds;
	return 0;
}

void trace_choose(const char *words)
{
	bool from_boot = false;
	size_t length;

	for (; *words; words += length + (words[length] == ',')) {
		for (length = 0; words[length] && words[length] != ',';)
			length++;
		kinds_wanted |= kinds_of(words, length);
		if (length == 4 && !strncmp(words, "boot", length))
			from_boot = true;
	}
	if (from_boot)
		trace_begin(kinds_wanted);
}

void trace_program_starts(void)
{
	if (trace_kinds || !kinds_wanted || process_current() == process_init)
		return;
	trace_begin(kinds_wanted);
	kinds_wanted = 0;
}

static uint32_t cycles_in_ms(void)
{
	return 1000000000000ull / arch_cycles_to_ns(1000000);
}

void trace_begin(uint32_t kinds)
{
	const struct task *task;

	trace_kinds = kinds;
	arch_trace_calls(task_current()->is_traced || trace_wants_calls());
	if (!kinds)
		return;
	trace_record(TRACE_START, 0, cycles_in_ms(), kinds);
	LIST_FOR_EACH(task, &task_list, all) {
		trace(TRACE_KNOWN, 0, task->id, task->state);
		trace_name(TRACE_TASK_NAME, task->id, task->name);
	}
	if (trace_tell_more && kinds & TRACE_LIFE)
		trace_tell_more();
}
