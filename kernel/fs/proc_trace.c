/*
 * proc_trace.c - /proc/trace: the newest events of the trace, a line for each.
 *
 *	NUMBER  TIME_NS  TASK  EVENT  the meaning of the event's words
 *
 * Living objects are called by their names, destroyed objects by their
 * addresses. The tools on the host say more, see tools/trace.
 */
#include "kernel/fs/proc.h"

#include "arch/arch.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/obj/object.h"
#include "kernel/task/task.h"
#include "kernel/task/trace.h"

#define NEWEST	500

static const char *const meanings[][3] = {
#define TRACE(ID, name, kind, object, a, b, manual)	{ #object, #a, #b },
#include "kernel/abi/trace.def"
#undef TRACE
};

static void put_object(struct proc_text *text, uint32_t address)
{
	const struct object *object;
	char name[OBJECT_NAME_BYTES];

	LIST_FOR_EACH(object, &object_list, all) {
		if ((uintptr_t)object != address)
			continue;
		object_describe(object, name, sizeof(name));
		proc_puts(text, "\t");
		proc_put_name(text, name);
		return;
	}
	if (address)
		proc_printf(text, "\tobject at 0x%x", address);
}

static bool has_nothing(const char *meaning, uint32_t word)
{
	return !strcmp(meaning, "NONE") || !strcmp(meaning, "MS") ||
	       (!strcmp(meaning, "MESSAGE") && word == 0);
}

static void put_word(struct proc_text *text, const char *meaning, uint32_t word)
{
	char name[5] = "";

	if (!strcmp(meaning, "OBJECT"))
		put_object(text, word);
	else if (!strcmp(meaning, "RESULT"))
		proc_printf(text, "\t%d", (int32_t)word);
	else if (!strcmp(meaning, "EVENT") && word < WAIT_EVENTS)
		proc_printf(text, "\tfor %s", wait_event_name[word]);
	else if (!strcmp(meaning, "STATE") && word < TASK_STATES)
		proc_printf(text, "\t%s", task_state_name[word]);
	else if (!strcmp(meaning, "TEXT"))
		proc_put_name(text, memcpy(name, &word, sizeof(word)));
	else if (!strcmp(meaning, "TASK") || !strcmp(meaning, "CALL") ||
		 !strcmp(meaning, "SIGNAL"))
		proc_printf(text, "\t%s:%u", meaning, word);
	else if (!strcmp(meaning, "BYTES"))
		proc_printf(text, "\t%u bytes", word);
	else if (!strcmp(meaning, "MS") && word != UINT32_MAX)
		proc_printf(text, "\tuntil %u ms", word);
	else if (!has_nothing(meaning, word))
		proc_printf(text, "\t0x%x", word);
}

static void put_event(struct proc_text *text, uint32_t number)
{
	const struct trace_event event = trace_ring[number % TRACE_EVENTS];
	const char *const *meaning = meanings[event.id];

	proc_printf(text, "%u\t%llu\t%u\t%s", number,
		    arch_cycles_to_ns(event.time), event.task,
		    trace_id_name(event.id));
	put_word(text, meaning[0], event.object);
	proc_puts(text, strcmp(meaning[1], "TEXT") ? "" : "\t");
	put_word(text, meaning[1], event.a);
	put_word(text, meaning[2], event.b);
	proc_puts(text, "\n");
}

void proc_trace(struct proc_text *text)
{
	uint32_t kept = MIN(trace_count, MIN(NEWEST, TRACE_EVENTS));
	uint32_t end = trace_count, number;

	for (number = end - kept; number != end; number++)
		put_event(text, number);
}
