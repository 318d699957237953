/*
 * frames.c - where in the source a program stands.
 *
 * The build puts a table of symbols into each program's file, in a section that
 * is not loaded (kernel/lib/symbols.h). Each look-up reads a few words of the
 * table from the file, so the table takes no memory.
 *
 * A walk begins where the task left the program, and follows the frame
 * pointers. The innermost function may have no frame: a system call's stub, or
 * a function without calls. For this case, the table says for each instruction
 * where the return address lies.
 *
 * The file, its table and the stack belong to the program. They may lie, and
 * they may change during the walk. So each read is checked, and the number of
 * frames and of sections is limited.
 */
#include "kernel/fs/frames.h"

#include "kernel/abi/mman.h"
#include "kernel/fs/node.h"
#include "kernel/lib/elf.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/task/process.h"

#define SECTION_NAME	".parley.symbols"
#define SECTIONS_MOST	20u	/* no task switches meanwhile */

_Static_assert(FRAME_BY_POINTER == SYMBOLS_FRAME_POINTER &&
	       FRAME_BY_CODE == SYMBOLS_FRAME_USUAL, "the table's words");

/* ---- The table ---------------------------------------------------------- */

static bool read_file(struct node *node, uint32_t at, void *to, size_t bytes)
{
	return at <= INT32_MAX &&
	       node_read(node, at, to, bytes) == (ssize_t)bytes;
}

static bool read_table(const struct symbols *symbols, uint32_t at, void *to,
		       size_t bytes)
{
	return read_file(symbols->from, symbols->start + at, to, bytes);
}

static bool is_symbols(struct node *node, const struct elf_section *names,
		       const struct elf_section *section)
{
	char name[sizeof(SECTION_NAME)];

	return read_file(node, names->offset + section->name, name,
			 sizeof(name)) &&
	       memcmp(name, SECTION_NAME, sizeof(name)) == 0;
}

static bool find_section(struct node *node, struct elf_section *section)
{
	struct elf_section sections[SECTIONS_MOST], names;
	struct elf_header header;
	uint32_t count, i;

	if (!read_file(node, 0, &header, sizeof(header)) ||
	    header.section_bytes != sizeof(names) ||
	    !read_file(node, header.section_at +
		       header.section_names * sizeof(names), &names,
		       sizeof(names)))
		return false;
	count = MIN(header.section_count, SECTIONS_MOST);
	if (!read_file(node, header.section_at, sections,
		       count * sizeof(sections[0])))
		return false;
	for (i = 0; i < count && !is_symbols(node, &names, &sections[i]); i++)
		continue;
	*section = sections[i % SECTIONS_MOST];
	return i < count;
}

bool program_symbols(const struct process *process, struct symbols *symbols)
{
	struct object *image = process->image;
	struct elf_section section;

	if (!image ||
	    !find_section(node_of(image), &section))
		return false;
	*symbols = (struct symbols){
		.read = read_table, .from = node_of(image),
		.start = section.offset, .bytes = section.bytes,
	};
	return symbols_open(symbols);
}

/* ---- The walk ----------------------------------------------------------- */

void frames_begin(struct frame_walk *walk, const struct task *task)
{
	memset(walk, 0, sizeof(*walk));
	walk->task = task;
	if (!arch_user_frame(task, &walk->frame)) {
		walk->end = FRAMES_DONE;
		return;
	}
	walk->has_symbols = program_symbols(task->process, &walk->symbols);
}

static bool is_code(const struct frame_walk *walk, uaddr_t address)
{
	int rights = space_rights(walk->task->process->space, address);

	return rights >= 0 && rights & PROT_EXEC;
}

/* The words between the stack pointer and the return address. After a jump to
 * an address without code, a call has just stored the return address: 0 words.
 */
static uint32_t words_to_return(const struct frame_walk *walk)
{
	if (walk->frame.is_caller)
		return FRAME_BY_POINTER;
	if (!is_code(walk, walk->frame.code))
		return 0;
	return walk->has_symbols ? symbols_frame_words(&walk->symbols,
						       walk->frame.code)
				 : FRAME_BY_CODE;
}

static bool go_to_caller(struct frame_walk *walk)
{
	struct user_frame caller = walk->frame;

	if (walk->count == FRAMES_MOST)
		walk->end = FRAMES_TOO_MANY;
	else if (!arch_user_caller(walk->task, &caller, words_to_return(walk)))
		walk->end = caller.code == 0 || caller.base == 0
			? FRAMES_DONE : FRAMES_BROKEN;
	else if (!is_code(walk, caller.code - caller.is_caller))
		walk->end = FRAMES_BROKEN;
	else
		walk->frame = caller;
	return walk->end == FRAMES_GO_ON;
}

bool frames_next(struct frame_walk *walk)
{
	if (walk->end != FRAMES_GO_ON ||
	    (walk->count > 0 && !go_to_caller(walk)))
		return false;
	walk->count++;
	/* A return address lies behind the call, and the call may be the last
	 * instruction of a function. */
	walk->inside = walk->frame.code - walk->frame.is_caller;
	return true;
}

void frames_describe(const struct frame_walk *walk, uaddr_t address, char *to,
		     size_t size)
{
	struct symbol symbol;

	if (!walk->has_symbols ||
	    !symbols_look_up(&walk->symbols, address, &symbol))
		snprintf(to, size, "0x%x", (unsigned)address);
	else if (!symbol.file[0])
		snprintf(to, size, "%s", symbol.function);
	else
		snprintf(to, size, "%s (%s:%u)", symbol.function, symbol.file,
			 symbol.line);
}
