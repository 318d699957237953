/*
 * exec.c - execve(2): another program in the same process.
 *
 * The new address space is built beside the old one: headers are checked,
 * segments mapped, arguments fetched. Until all these steps have worked, the
 * old image is untouched and the call can still fail. Only then the process
 * moves to the new address space. Segments are mapped from the file's own pages
 * without a copy; the first write to a page copies the page.
 */
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/fs/node.h"
#include "kernel/lib/elf.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/arguments.h"
#include "kernel/sys/exec.h"
#include "kernel/sys/robust.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/alarm.h"
#include "kernel/task/inherit.h"
#include "kernel/task/process.h"
#include "kernel/task/trace.h"

#define PROGRAMS_MOST	16	/* segments in a file */
#define STACK_LEAST_BYTES (2u * ARG_MAX)
#define STACK_MOST_BYTES  (STACK_TOP_VA - STACK_LOWEST_VA)
/* A program of a compiler without __thread has room for errno. */
#define THREAD_VARIABLES_LEAST	64u

/* [own] */
struct program_read {
	struct node *node;
	uint32_t at;
	void *to;
	size_t bytes;
};

static long attempt_read(void *context)
{
	const struct program_read *read = context;

	return node_read(read->node, read->at, read->to, read->bytes);
}

/* May wait for a disk; the caller holds a reference to the node. */
static int read_exactly(struct node *node, uint32_t at, void *to, size_t bytes)
{
	struct program_read read = { node, at, to, bytes };

	if (at > INT32_MAX || fs_try(attempt_read, &read) != (long)bytes)
		return -ENOEXEC;
	return 0;
}

static bool header_is_valid(const struct elf_header *header)
{
	return header->magic == ELF_MAGIC && header->class == ELF_CLASS_32 &&
	       header->endian == ELF_LITTLE_ENDIAN &&
	       header->type == ELF_EXECUTABLE && header->machine == ELF_I386 &&
	       header->program_bytes == sizeof(struct elf_program) &&
	       header->program_count > 0 &&
	       header->program_count <= PROGRAMS_MOST;
}

static bool segment_is_valid(const struct elf_program *program, uint32_t size)
{
	return program->va >= PROGRAM_VA &&
	       program->memory_bytes > 0 &&
	       program->memory_bytes <= MMAP_LOWEST_VA &&
	       program->va <= MMAP_LOWEST_VA - program->memory_bytes &&
	       program->file_bytes <= program->memory_bytes &&
	       program->offset <= size &&
	       program->file_bytes <= size - program->offset &&
	       program->va % PAGE_SIZE == program->offset % PAGE_SIZE;
}

static int protection(uint32_t flags)
{
	return (flags & ELF_FLAG_READ ? PROT_READ : 0) |
	       (flags & ELF_FLAG_WRITE ? PROT_WRITE : 0) |
	       (flags & ELF_FLAG_EXECUTE ? PROT_EXEC : 0);
}

static int map_segment(struct space *space, struct node *node,
		       const struct elf_program *program)
{
	uint32_t lead = program->va % PAGE_SIZE;
	uaddr_t start = program->va - lead;
	struct mapping mapping = {
		.address = start, .bytes = program->memory_bytes + lead,
		.prot = protection(program->flags), .is_fixed = true,
	};
	long result;

	/* Each segment has separate pages: segments do not overlap. */
	if (start < ALIGN_UP(space->heap_end, PAGE_SIZE))
		return -ENOEXEC;
	if (program->file_bytes) {
		mapping.source = node_source(node);
		mapping.source_page = (program->offset - lead) / PAGE_SIZE;
		mapping.source_bytes = program->file_bytes + lead;
	}
	result = space_map(space, &mapping);
	if (result < 0)
		return result;
	space->heap_start = space->heap_end = start + mapping.bytes;
	return 0;
}

static bool has_entry(const struct elf_program *program, uint32_t entry)
{
	return program->flags & ELF_FLAG_EXECUTE && entry >= program->va &&
	       entry - program->va < program->file_bytes;
}

/* Every program touches the first instruction, the data and the stack. So bring
 * these pages now, and save three faults. 0 or -ENOMEM; a later page fault of
 * the program reports any different error. */
static int bring_page(struct space *space, uaddr_t address, unsigned access)
{
	int error = space_fault(space, address, access | FAULT_USER);

	return error == -ENOMEM ? error : 0;
}

/* The first thread's own variables end at FIRST_THREAD_VA; the arguments of the
 * program are below. 0 or -ENOMEM. */
static int place_thread_variables(struct space *space, uint32_t bytes)
{
	if (bytes > STACK_MOST_BYTES - 2 * STACK_LEAST_BYTES)
		return -ENOMEM;
	bytes = ALIGN_UP(MAX(bytes, THREAD_VARIABLES_LEAST),
			 THREAD_VARIABLES_LEAST);
	space->arguments_end = FIRST_THREAD_VA - bytes;
	return 0;
}

/* Map all segments. They must come in ascending order, as linkers write them,
 * and a segment must hold the entry point. */
static int map_segments(struct space *space, struct node *node,
			const struct elf_header *header)
{
	struct elf_program programs[PROGRAMS_MOST], *program;
	uint32_t bytes = header->program_count * sizeof(*program);
	int error = read_exactly(node, header->program_at, programs, bytes);
	bool can_start = false;

	for (program = programs; !error &&
	     program < programs + header->program_count; program++) {
		if (program->type == ELF_THREAD_VARIABLES)
			error = place_thread_variables(space,
						       program->memory_bytes);
		if (program->type != ELF_LOAD || program->memory_bytes == 0)
			continue;
		if (!segment_is_valid(program, node_bytes(node)))
			return -ENOEXEC;
		can_start |= has_entry(program, header->entry);
		error = map_segment(space, node, program);
		if (!error && program->flags & ELF_FLAG_WRITE)
			error = bring_page(space, program->va, FAULT_WRITE);
	}
	if (error || !can_start)
		return error ? error : -ENOEXEC;
	return bring_page(space, header->entry, FAULT_EXECUTE);
}

/* RLIMIT_STACK in whole pages, with room for the longest arguments and for what
 * lies above them. */
static uint32_t stack_bytes(struct space *space)
{
	uint32_t limit = process_limit(process_current(), RLIMIT_STACK);

	limit = MAX(MIN(limit, STACK_MOST_BYTES), STACK_LEAST_BYTES);
	limit += STACK_TOP_VA - space->arguments_end;
	return ALIGN_UP(MIN(limit, STACK_MOST_BYTES), PAGE_SIZE);
}

static long map_stack(struct space *space)
{
	uint32_t bytes = stack_bytes(space);
	const struct mapping stack = {
		.address = STACK_TOP_VA - bytes, .bytes = bytes,
		.prot = PROT_READ | PROT_WRITE, .flags = REGION_STACK,
		.is_fixed = true,
	};

	return space_map(space, &stack);
}

static int build_space(struct node *node, const struct elf_header *header,
		       struct space **out)
{
	struct space *space = space_create();
	long error;

	if (!space)
		return -ENOMEM;
	space->is_vital = process_is_vital(process_current());
	space->heap_end = PROGRAM_VA;
	error = place_thread_variables(space, 0);
	if (!error)
		error = map_segments(space, node, header);
	if (!error)
		error = map_stack(space);
	if (error >= 0)
		error = bring_page(space, STACK_TOP_VA - 1, FAULT_WRITE);
	if (error < 0) {
		space_destroy(space);
		return error;
	}
	*out = space;
	return 0;
}

static void set_name(struct process *process, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = process->name;

	strlcpy(name, slash ? slash + 1 : path, sizeof(process->name));
	make_printable(name);
	strlcpy(task_current()->name, name, sizeof(task_current()->name));
	trace_program_starts();
	trace(TRACE_EXEC, 0, process->id, 0);
	trace_name(TRACE_TASK_NAME, task_current()->id, name);
}

static void set_image(struct process *process, struct node *node)
{
	struct object *old = process->image;

	process->image = node_object(node);
	object_get(process->image);
	if (old)
		object_put(old);
}

/* Leave the old image for good. */
static void move_to(struct process *process, struct space *space)
{
	struct space *old = process->space;

	process->space = space;
	space->process = process->id;
	task_set_space(task_current(), &space->arch);
	arch_space_switch(&space->arch);
	if (old)
		space_destroy(old);
	arch_fpu_drop(task_current());
	task_current()->clear_at_exit = 0;
	task_current()->ceiling = 0;
	inherit_update(task_current());
	task_set_thread_pointer(task_current(), FIRST_THREAD_VA);
}

static int open_program(const char *path, struct node **out,
			struct elf_header *header)
{
	struct node *node;
	int error = node_lookup(path, &node);

	if (error)
		return error;
	error = node_source(node) ? node_may(process_current(), node, X_OK)
				  : -EACCES;
	if (!error)
		error = read_exactly(node, 0, header, sizeof(*header));
	if (!error && !header_is_valid(header))
		error = -ENOEXEC;
	if (error) {
		node_put(node);
		return error;
	}
	*out = node;
	return 0;
}

/* Everything that can fail, in this order; then the point of no return. */
int exec_program(const char *path, struct arguments *arguments)
{
	struct process *process = process_current();
	struct elf_header header;
	struct space *space;
	struct node *node;
	uaddr_t stack;
	int error;

	error = open_program(path, &node, &header);
	if (error)
		return error;
	error = build_space(node, &header, &space);
	if (error)
		goto put_node;
	error = signals_exec(&process->signals);
	if (!error)
		error = process_become_single();
	if (error)
		goto destroy_space;

	robust_release(task_current());
	move_to(process, space);
	set_name(process, path);
	set_image(process, node);
	process->has_execed = true;
	alarm_exec(process);
	descriptors_close_on_exec(process->descriptors);
	node_put(node);
	stack = arguments_store(arguments, space->arguments_end);
	arguments_free(arguments);
	if (!stack)		/* no memory for the first page of the stack */
		process_exit(SIGKILL);
	arch_enter_program(header.entry, stack);

destroy_space:
	space_destroy(space);
put_node:
	node_put(node);
	return error;
}

long sys_execve(uaddr_t path_at, uaddr_t argv, uaddr_t envp)
{
	struct arguments arguments;
	char path[PATH_MAX];
	ssize_t error;

	error = copy_string_from_user(path, path_at, sizeof(path));
	if (error < 0)
		return error;
	sched_point();			/* a copy or a walk can be long */
	error = arguments_fetch(&arguments, argv, envp);
	if (error)
		return error;
	sched_point();
	error = exec_program(path, &arguments);
	arguments_free(&arguments);
	return error;
}
