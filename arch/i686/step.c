/*
 * step.c - the next instruction of a program: step through it, and the memory
 * that it uses.
 *
 * With TF in EFLAGS the processor raises the debug exception after each
 * instruction, so before the next. To tell the memory, the first bytes of the
 * instruction are enough: prefixes, one or two bytes of opcode, and the ModRM
 * byte, whose upper two bits and lower three bits say which registers make up
 * the address (IA-32 Software Developer's Manual, volume 2, tables 2-2, 2-3).
 */
#include "arch/arch.h"
#include "arch/i686/processor.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"

#define INSTRUCTION_MOST	15	/* bytes */
#define TWO_BYTES		0x0f	/* opcodes of two bytes begin so */

/* [own] */
struct decoder {
	const struct registers *regs;
	const uint8_t *at;		/* the byte that comes next */
	bool has_two_bytes;
	uint8_t opcode;
	uint8_t modrm;
};

void arch_step(struct registers *regs)
{
	regs->eflags |= EFLAGS_TF;
}

/* False: an instruction for the thread's own memory, or with short addresses,
 * which compilers make for no other purpose. */
static bool skip_prefixes(struct decoder *decoder)
{
	for (;; decoder->at++)
		switch (*decoder->at) {
		case 0x64: case 0x65: case 0x67:
			return false;
		case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x66:
		case 0xf0: case 0xf2: case 0xf3:
			break;
		default:
			return true;
		}
}

/* A bit for each opcode with a ModRM byte: word n is for 0x20 * n and up. */
static const uint32_t modrm_one[8] = {
	0x0f0f0f0f, 0x0f0f0f0f, 0x00000000, 0x00000a0c,
	0x0000ffff, 0x00000000, 0xff0f00f3, 0xc0c00000,
};
static const uint32_t modrm_two[8] = {
	0xffff200f, 0xff00ff0f, 0xffffffff, 0xff7fffff,
	0xffff0000, 0xfffff838, 0xffff00ff, 0x7fffffff,
};

static bool has_bit(const uint32_t *bits, uint8_t opcode)
{
	return bits[opcode / 32] >> opcode % 32 & 1;
}

static uint32_t register_of(const struct registers *regs, unsigned number)
{
	const uint32_t values[8] = {
		regs->eax, regs->ecx, regs->edx, regs->ebx,
		regs->esp, regs->ebp, regs->esi, regs->edi,
	};

	return values[number];
}

static uint32_t word_at(const uint8_t *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The address that the ModRM byte names; the byte names no register. */
static uaddr_t modrm_address(const struct decoder *decoder)
{
	unsigned mode = decoder->modrm >> 6, base = decoder->modrm & 7, index;
	const uint8_t *at = decoder->at;
	uaddr_t address = 0;

	if (base == 4) {
		base = *at & 7;
		index = *at >> 3 & 7;
		if (index != 4)
			address += register_of(decoder->regs, index)
				   << (*at >> 6);
		at++;
	}
	if (mode == 0 && base == 5)
		return address + word_at(at);
	address += register_of(decoder->regs, base);
	if (mode == 1)
		address += (int8_t)*at;
	if (mode == 2)
		address += word_at(at);
	return address;
}

/* Does an instruction of one byte of opcode write to its memory? */
static bool writes_one(uint8_t opcode, unsigned extension)
{
	if (opcode < 0x40)
		return !(opcode & 2) && opcode < 0x38;
	switch (opcode) {
	case 0x80: case 0x81: case 0x83:
		return extension != 7;		/* CMP */
	case 0x84: case 0x85: case 0x8a: case 0x8b: case 0x8e:
	case 0x62: case 0x63: case 0x69: case 0x6b:
		return false;
	case 0xf6: case 0xf7:
		return extension == 2 || extension == 3;
	case 0xff:
		return extension < 2;		/* INC, DEC; else a jump */
	}
	return true;
}

/* The same for two bytes of opcode: loads are the few. */
static bool writes_two(uint8_t opcode, unsigned extension)
{
	switch (opcode) {
	case 0x11: case 0x13: case 0x17: case 0x29: case 0x2b: case 0x7e:
	case 0x7f: case 0xab: case 0xb3: case 0xbb: case 0xb0: case 0xb1:
	case 0xc0: case 0xc1: case 0xc7: case 0xa4: case 0xa5: case 0xac:
	case 0xad: case 0xd6: case 0xe7:
		return true;
	case 0xba:
		return extension > 4;
	}
	return opcode >= 0x90 && opcode <= 0x9f;	/* SETcc */
}

static bool by_modrm(struct decoder *decoder, struct memory_access *access)
{
	uint8_t opcode = decoder->opcode;
	unsigned extension;

	decoder->modrm = *decoder->at++;
	extension = decoder->modrm >> 3 & 7;
	if (decoder->modrm >> 6 == 3)
		return false;
	/* LEA, prefetches and NOP only compute the address. */
	if (decoder->has_two_bytes ? opcode == 0x0d || opcode == 0x18 ||
				     opcode == 0x1f : opcode == 0x8d)
		return false;
	access->address = modrm_address(decoder);
	access->is_write = decoder->has_two_bytes
		? writes_two(opcode, extension) : writes_one(opcode, extension);
	return true;
}

/* MOV with an address in the instruction, and string instructions. */
static bool without_modrm(const struct decoder *decoder,
			  struct memory_access *access)
{
	const struct registers *regs = decoder->regs;

	switch (decoder->opcode) {
	case 0xa0: case 0xa1: case 0xa2: case 0xa3:
		access->address = word_at(decoder->at);
		access->is_write = decoder->opcode >= 0xa2;
		return true;
	case 0xa4: case 0xa5: case 0xaa: case 0xab:
		access->address = regs->edi;
		access->is_write = true;
		return true;
	case 0xa6: case 0xa7: case 0xac: case 0xad:
		access->address = regs->esi;
		access->is_write = false;
		return true;
	case 0xae: case 0xaf:
		access->address = regs->edi;
		access->is_write = false;
		return true;
	}
	return false;
}

/* Copy the instruction, which may lie in front of a page that is missing. */
static bool fetch(uint8_t *code, uaddr_t eip)
{
	memset(code, 0, INSTRUCTION_MOST + 5);
	return copy_from_user(code, eip, INSTRUCTION_MOST) == 0 ||
	       copy_from_user(code, eip, MIN(PAGE_SIZE - eip % PAGE_SIZE,
					     INSTRUCTION_MOST)) == 0;
}

bool arch_next_access(const struct registers *regs,
		      struct memory_access *access)
{
	uint8_t code[INSTRUCTION_MOST + 5];
	struct decoder decoder = { .regs = regs, .at = code };

	if (!fetch(code, regs->eip) || !skip_prefixes(&decoder))
		return false;
	decoder.opcode = *decoder.at++;
	decoder.has_two_bytes = decoder.opcode == TWO_BYTES;
	if (decoder.has_two_bytes)
		decoder.opcode = *decoder.at++;
	if (has_bit(decoder.has_two_bytes ? modrm_two : modrm_one,
		    decoder.opcode))
		return by_modrm(&decoder, access);
	return !decoder.has_two_bytes && without_modrm(&decoder, access);
}
