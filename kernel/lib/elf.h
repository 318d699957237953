/* elf.h - 32-bit ELF files: the part of the format for exec and symbols. */
#pragma once

#include "kernel/lib/types.h"

#define ELF_MAGIC		0x464c457fu	/* "\177ELF" */
#define ELF_CLASS_32		1
#define ELF_LITTLE_ENDIAN	1
#define ELF_EXECUTABLE		2
#define ELF_I386		3
#define ELF_LOAD		1
#define ELF_THREAD_VARIABLES	7
#define ELF_FLAG_EXECUTE	1
#define ELF_FLAG_WRITE		2
#define ELF_FLAG_READ		4

/* [own] A copy from the file, as the two structs below. */
struct elf_header {
	uint32_t magic;
	uint8_t class, endian, version, padding[9];
	uint16_t type, machine;
	uint32_t version2, entry;
	uint32_t program_at, section_at, flags;
	uint16_t header_bytes, program_bytes, program_count;
	uint16_t section_bytes, section_count, section_names;
};

/* [own] */
struct elf_program {
	uint32_t type, offset, va, pa;
	uint32_t file_bytes, memory_bytes, flags, align;
};

/* [own] */
struct elf_section {
	uint32_t name, type, flags, va, offset, bytes;
	uint32_t link, info, align, entry_bytes;
};
