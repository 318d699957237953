/*
 * vector.c - several parts of user memory as the bytes of one call.
 *
 * The operations of a mechanism know one range of user memory: where it starts,
 * and how many bytes it has. A readv() or writev() has a vector of ranges, the
 * parts. But the call must have the properties of one read or write: a short
 * writev() into a pipe is atomic, a datagram is one message, a bad address
 * changes nothing. A loop that reads or writes the parts one by one has none of
 * these properties. A buffer in the kernel has them, but costs memory and a
 * second copy.
 *
 * So the parts are joined to one range. For the time of the call, the task has
 * a range of addresses outside of user space that stands for the bytes of all
 * parts, one after the other. The call is then file_read() or file_write() of
 * the joined range, and neither these functions nor the mechanisms know of the
 * parts. The routines that copy user memory refuse addresses outside of user
 * space. Before they refuse an address, they ask this file, which finds the
 * parts and copies each part. A copy of usual user memory costs no instruction
 * more.
 *
 *	joined range	VECTOR_START ->	|part 0|  part 1  |part 2|
 *
 *	user memory	..|  part 1  |.........|part 0|...|part 2|..
 *
 * - The vector is copied once, when the call begins. Afterwards no other thread
 *   can change a part between the check and the copy.
 * - Each part is wholly in user space. So no part lies in the joined range, and
 *   the copy of a part does not come back to this file.
 * - The joined range belongs to one task, during a call that has no further
 *   addresses. In all other calls an address in the range is a bad address.
 * - An operation copies all parts of a step without a chance to switch tasks
 *   (sched_point.h), and each part costs some 100 instructions. So a vector has
 *   at most IOV_MAX parts, fewer than on Linux.
 * - A page that the program has never touched costs some 1,700 instructions
 *   more, and parts of two bytes may need two such pages each. So a copy that
 *   has brought in FAULTS_MOST pages calls the next page late (late_page.c).
 *   The copy is made again, and finds these pages.
 *
 * The socket calls with a struct msghdr have further addresses, and therefore
 * no joined range: the operations of sockets call vector_copy_in() and
 * vector_copy_out().
 *
 * IEEE Std 1003.1-2017, readv(), writev(). Linux gives each operation a struct
 * iov_iter, and the BSDs a struct uio. Here an operation sees one address.
 */
#include "kernel/obj/vector.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/assert.h"
#include "kernel/machine.h"
#include "kernel/mm/heap.h"
#include "kernel/task/late_page.h"

#define FAULTS_MOST	1	/* of a copy without a chance to switch tasks */

static struct pool vector_pool = POOL("vector",
				      IOV_MAX * sizeof(struct iovec));

static uaddr_t start_of(const struct iovec *part)
{
	return (uaddr_t)(uintptr_t)part->iov_base;
}

/* ---- Fetching ------------------------------------------------------------ */

/* Check each of the parts, and find the sum. */
static int measure(struct vector *vector, int count)
{
	const struct iovec *part = vector->parts;

	for (; count > 0; count--, part++) {
		if (part->iov_len > SSIZE_MAX - vector->bytes)
			return -EINVAL;
		if (!user_range_is_valid(start_of(part), part->iov_len))
			return -EFAULT;
		vector->bytes += part->iov_len;
	}
	return 0;
}

int vector_fetch(struct vector *vector, uaddr_t parts_at, int count)
{
	struct iovec *parts = vector->few;
	int error = -EFAULT;

	if (count < 0 || count > IOV_MAX)
		return -EINVAL;
	vector->many = NULL;
	vector->bytes = 0;
	if (count > VECTOR_FEW)
		parts = vector->many = pool_alloc_dirty(&vector_pool);
	if (!parts)
		return -ENOMEM;
	vector->parts = parts;
	if (copy_from_user(parts, parts_at, count * sizeof(*parts)) == 0)
		error = measure(vector, count);
	if (error)
		vector_free(vector);
	return error;
}

void vector_free(struct vector *vector)
{
	if (vector->many)
		pool_free(&vector_pool, vector->many);
}

/* ---- Copying ------------------------------------------------------------- */

/* The part with byte *at of these parts, which have more bytes. *at becomes the
 * place in this part. */
static const struct iovec *find_part(const struct iovec *part, size_t *at)
{
	for (; *at >= part->iov_len; part++)
		*at -= part->iov_len;
	return part;
}

/* Copy or clear some bytes of one part, at this address of the user: 0 or
 * -EFAULT. `kernel` are the bytes on the other side. */
static int piece_in(uaddr_t at, uint8_t *kernel, size_t bytes)
{
	return copy_from_user(kernel, at, bytes);
}

static int piece_out(uaddr_t at, uint8_t *kernel, size_t bytes)
{
	return copy_to_user(at, kernel, bytes);
}

static int clear_piece(uaddr_t at, uint8_t *unused, size_t bytes)
{
	(void)unused;
	return clear_user(at, bytes);
}

/* [const] What happens to each piece, and the access to the user's page. */
static const struct work {
	int (*piece)(uaddr_t at, uint8_t *kernel, size_t bytes);
	unsigned access;
} copy_in = { piece_in, FAULT_USER },
  copy_out = { piece_out, FAULT_USER | FAULT_WRITE },
  clear = { clear_piece, FAULT_USER | FAULT_WRITE };

/* Work on bytes of the parts, from byte `at` on. */
static int work_through(const struct work *work, const struct iovec *part,
			size_t at, uint8_t *kernel, size_t bytes)
{
	const struct task *task = task_current();
	uint32_t faults = task->faults;
	size_t piece;

	if (bytes == 0)
		return 0;
	for (part = find_part(part, &at); bytes > 0; part++, at = 0) {
		if (task->faults - faults >= FAULTS_MOST) {
			late_page_note(start_of(part) + at, work->access);
			return -EFAULT;
		}
		piece = MIN(part->iov_len - at, bytes);
		if (work->piece(start_of(part) + at, kernel, piece) != 0)
			return -EFAULT;
		kernel += piece;
		bytes -= piece;
	}
	return 0;
}

int vector_copy_in(const struct iovec *part, size_t at, void *to, size_t bytes)
{
	return work_through(&copy_in, part, at, to, bytes);
}

int vector_copy_out(const struct iovec *part, size_t at, const void *from,
		    size_t bytes)
{
	return work_through(&copy_out, part, at, (uint8_t *)(uintptr_t)from,
			    bytes);
}

/* ---- The joined range ---------------------------------------------------- */

int vector_begin(struct vector *vector, uaddr_t parts_at, int count)
{
	int error = vector_fetch(vector, parts_at, count);

	if (error)
		return error;
	ASSERT(!task_current()->vector);
	vector->bytes = MIN(vector->bytes, VECTOR_MOST);
	task_current()->vector = vector;
	return 0;
}

void vector_end(struct vector *vector)
{
	ASSERT(task_current()->vector == vector);
	task_current()->vector = NULL;
	vector_free(vector);
}

int machine_copy_from_vector(void *to, uaddr_t from, size_t bytes)
{
	if (!vector_has(from, bytes))
		return -EFAULT;
	return vector_copy_in(task_current()->vector->parts,
			      from - VECTOR_START, to, bytes);
}

int machine_copy_to_vector(uaddr_t to, const void *from, size_t bytes)
{
	if (!vector_has(to, bytes))
		return -EFAULT;
	return vector_copy_out(task_current()->vector->parts,
			       to - VECTOR_START, from, bytes);
}

int machine_clear_vector(uaddr_t to, size_t bytes)
{
	if (!vector_has(to, bytes))
		return -EFAULT;
	return work_through(&clear, task_current()->vector->parts,
			    to - VECTOR_START, NULL, bytes);
}
