/*
 * points.c - a decision of explore(1) before each access to memory.
 *
 * v86 has no single step, so `explore -m` cannot stop a program there before
 * its loads and stores. For the page of schedules the exhibits of the museum
 * are compiled with -fsanitize=thread: the compiler puts a call before each
 * access that a second thread might see. The calls lead here, and the system
 * call that is made here is the place for a decision.
 */
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#define POINT(name) \
	void name(void *word); \
	void name(void *word) { (void)word; getpgrp(); }
#define RANGE(name) \
	void name(void *from, long bytes); \
	void name(void *from, long bytes) \
	{ \
		(void)from; \
		(void)bytes; \
		getpgrp(); \
	}
#define NOTHING(name) \
	void name(void); \
	void name(void) { }
#define OPERATION(name, type, operation) \
	type name(type volatile *word, type value, int order); \
	type name(type volatile *word, type value, int order) \
	{ \
		(void)order; \
		getpgid(0); \
		return operation(word, value, __ATOMIC_SEQ_CST); \
	}
#define EXCHANGE(name, type) \
	int name(type volatile *word, type *old, type value, int order, \
		 int failed); \
	int name(type volatile *word, type *old, type value, int order, \
		 int failed) \
	{ \
		(void)order; \
		(void)failed; \
		getpgid(0); \
		return __atomic_compare_exchange_n(word, old, value, false, \
				__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	}
#define ATOMIC(bits, type) \
	type __tsan_atomic##bits##_load(type const volatile *word, int order); \
	type __tsan_atomic##bits##_load(type const volatile *word, int order) \
	{ \
		(void)order; \
		getpgid(0); \
		return __atomic_load_n(word, __ATOMIC_SEQ_CST); \
	} \
	void __tsan_atomic##bits##_store(type volatile *word, type value, \
					 int order); \
	void __tsan_atomic##bits##_store(type volatile *word, type value, \
					 int order) \
	{ \
		(void)order; \
		getpgid(0); \
		__atomic_store_n(word, value, __ATOMIC_SEQ_CST); \
	} \
	OPERATION(__tsan_atomic##bits##_exchange, type, \
		  __atomic_exchange_n) \
	OPERATION(__tsan_atomic##bits##_fetch_add, type, \
		  __atomic_fetch_add) \
	OPERATION(__tsan_atomic##bits##_fetch_sub, type, \
		  __atomic_fetch_sub) \
	EXCHANGE(__tsan_atomic##bits##_compare_exchange_strong, type) \
	EXCHANGE(__tsan_atomic##bits##_compare_exchange_weak, type)

NOTHING(__tsan_init)
NOTHING(__tsan_func_entry)
NOTHING(__tsan_func_exit)
POINT(__tsan_read1)
POINT(__tsan_read2)
POINT(__tsan_read4)
POINT(__tsan_read8)
POINT(__tsan_write1)
POINT(__tsan_write2)
POINT(__tsan_write4)
POINT(__tsan_write8)
RANGE(__tsan_read_range)
RANGE(__tsan_write_range)
ATOMIC(8, uint8_t)
ATOMIC(32, uint32_t)
