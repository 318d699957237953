/*
 * symbols.c - from an address to a function, a file and a line.
 *
 * Binary searches in a table that may be hostile, and may change meanwhile.
 * symbols_read() is the only way to the bytes of the table, and checks each
 * range before the read, for any header and entries. Products of counts and
 * sizes cannot wrap, since symbols_open() checks each count against the size of
 * the table. An unsorted table gives wrong answers and nothing worse.
 */
#include "kernel/lib/symbols.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/variables.h"

bool symbols_read(const struct symbols *symbols, uint32_t at, void *to,
		  size_t bytes)
{
	return at <= symbols->bytes && bytes <= symbols->bytes - at &&
	       symbols->read(symbols, at, to, bytes);
}

/* Take count entries of entry_bytes off the rest; false: the rest has fewer. */
static bool take(size_t *rest, uint32_t count, size_t entry_bytes)
{
	if (count > *rest / entry_bytes)
		return false;
	*rest -= count * entry_bytes;
	return true;
}

bool symbols_open(struct symbols *symbols)
{
	struct symbols_header *header = &symbols->header;
	size_t rest = symbols->bytes;

	return symbols_read(symbols, 0, header, sizeof(*header)) &&
	       header->magic == SYMBOLS_MAGIC &&
	       take(&rest, 1, sizeof(*header)) &&
	       take(&rest, header->functions,
		    sizeof(struct symbols_function)) &&
	       take(&rest, header->lines, sizeof(struct symbols_line)) &&
	       take(&rest, header->frames, sizeof(struct symbols_frame)) &&
	       take(&rest, header->variables,
		    sizeof(struct symbols_variable)) &&
	       take(&rest, header->files, sizeof(uint32_t)) &&
	       header->string_bytes <= rest;
}

/* ---- Where the parts begin ---------------------------------------------- */

static uint32_t functions_at(void)
{
	return sizeof(struct symbols_header);
}

static uint32_t lines_at(const struct symbols_header *header)
{
	return functions_at() +
	       header->functions * sizeof(struct symbols_function);
}

static uint32_t frames_at(const struct symbols_header *header)
{
	return lines_at(header) + header->lines * sizeof(struct symbols_line);
}

uint32_t symbols_variables_at(const struct symbols *symbols)
{
	return frames_at(&symbols->header) +
	       symbols->header.frames * sizeof(struct symbols_frame);
}

static uint32_t files_at(const struct symbols *symbols)
{
	return symbols_variables_at(symbols) +
	       symbols->header.variables * sizeof(struct symbols_variable);
}

static uint32_t strings_at(const struct symbols *symbols)
{
	return files_at(symbols) + symbols->header.files * sizeof(uint32_t);
}

/* ---- Looking up --------------------------------------------------------- */

/* The string at offset, cut and made printable; empty where there is none. */
void symbols_read_string(const struct symbols *symbols, uint32_t offset,
			 char *to, size_t size)
{
	const struct symbols_header *header = &symbols->header;
	size_t bytes = 0;

	if (offset != 0 && offset < header->string_bytes)
		bytes = MIN(size - 1, header->string_bytes - offset);
	if (!symbols_read(symbols, strings_at(symbols) + offset, to, bytes))
		bytes = 0;
	to[bytes] = '\0';
	make_printable(to);
}

/* [own] The common shape of the entries: each has 8 bytes and begins so. */
struct entry {
	uint32_t address;
	uint32_t value;
};

_Static_assert(sizeof(struct symbols_function) == sizeof(struct entry) &&
	       sizeof(struct symbols_line) == sizeof(struct entry) &&
	       sizeof(struct symbols_frame) == sizeof(struct entry),
	       "one search serves all of them");

/* Of count entries from `start` on, the last entry with an address not above
 * `address`, to *entry. False: there is no such entry. */
static bool find_entry(const struct symbols *symbols, uint32_t start,
		       uint32_t count, uint32_t address, void *entry)
{
	uint32_t low = 0;
	uint32_t high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct entry look;

		if (!symbols_read(symbols, start + middle * sizeof(look), &look,
			     sizeof(look)))
			return false;
		if (look.address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low != 0 &&
	       symbols_read(symbols, start + (low - 1) * sizeof(struct entry),
		       entry, sizeof(struct entry));
}

static void look_up_line(const struct symbols *symbols, uint32_t address,
			 struct symbol *symbol)
{
	const struct symbols_header *header = &symbols->header;
	struct symbols_line line;
	uint32_t name;

	if (!find_entry(symbols, lines_at(header), header->lines, address,
			&line) ||
	    line.line == 0 || line.file >= header->files ||
	    !symbols_read(symbols, files_at(symbols) + line.file * sizeof(name),
		     &name, sizeof(name)))
		return;
	symbols_read_string(symbols, name, symbol->file, sizeof(symbol->file));
	symbol->line = line.line;
}

bool symbols_look_up(const struct symbols *symbols, uint32_t address,
		     struct symbol *symbol)
{
	struct symbols_function function;

	memset(symbol, 0, sizeof(*symbol));
	if (!find_entry(symbols, functions_at(), symbols->header.functions,
			address, &function))
		return false;
	symbols_read_string(symbols, function.name, symbol->function,
			    sizeof(symbol->function));
	if (symbol->function[0] == '\0')
		return false;
	symbol->offset = address - function.address;
	look_up_line(symbols, address, symbol);
	return true;
}

uint32_t symbols_frame_words(const struct symbols *symbols, uint32_t address)
{
	const struct symbols_header *header = &symbols->header;
	struct symbols_frame frame;

	if (!find_entry(symbols, frames_at(header), header->frames, address,
			&frame))
		return SYMBOLS_FRAME_USUAL;
	return frame.words;
}

int symbols_format(char *to, size_t size, const struct symbols *symbols,
		   uint32_t address)
{
	struct symbol symbol;

	if (!symbols_look_up(symbols, address, &symbol))
		return snprintf(to, size, "0x%x", (unsigned)address);
	if (!symbol.file[0])
		return snprintf(to, size, "%s+0x%x", symbol.function,
				(unsigned)symbol.offset);
	return snprintf(to, size, "%s+0x%x (%s:%u)", symbol.function,
			(unsigned)symbol.offset, symbol.file, symbol.line);
}

/* ---- In memory ---------------------------------------------------------- */

static bool read_memory(const struct symbols *symbols, uint32_t at, void *to,
			size_t bytes)
{
	memcpy(to, (const char *)symbols->from + at, bytes);
	return true;
}

bool symbols_open_memory(struct symbols *symbols, const void *start,
			 size_t bytes)
{
	*symbols = (struct symbols){
		.read = read_memory, .from = (void *)start, .bytes = bytes,
	};
	return symbols_open(symbols);
}
