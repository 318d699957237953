/*
 * cpu.h - the features of this processor, and the bits that enable them.
 */
#pragma once

#include "kernel/lib/types.h"

#define CR0_MP		(1u << 1)	/* WAIT heeds TS too */
#define CR0_EM		(1u << 2)	/* no FPU: everything traps */
#define CR0_TS		(1u << 3)	/* the next FPU instruction traps */
#define CR0_NE		(1u << 5)	/* FPU errors are exception 16 */
#define CR0_WP		(1u << 16)	/* read-only binds the kernel too */
#define CR0_AM		(1u << 18)
#define CR0_NW		(1u << 29)
#define CR0_CD		(1u << 30)

#define CR4_PGE		(1u << 7)	/* global pages */
#define CR4_OSFXSR	(1u << 9)	/* SSE, saved by FXSAVE */
#define CR4_OSXMMEXCPT	(1u << 10)	/* SSE errors are exception 19 */
#define CR4_UMIP	(1u << 11)	/* no SGDT, SIDT, SLDT for users */
#define CR4_SMEP	(1u << 20)	/* the kernel runs no user page */
#define CR4_SMAP	(1u << 21)	/* nor accesses one without STAC */

#define MSR_SYSENTER_CS		0x174
#define MSR_SYSENTER_ESP	0x175
#define MSR_SYSENTER_EIP	0x176
#define MSR_EFER		0xc0000080u
#define EFER_NXE		(1u << 11)

/* [const] the optional features; without a required feature Parley stops */
struct cpu_features {
	bool sysenter;
	bool no_execute;
	bool smep;
	bool smap;
	bool umip;
	bool apic;
	bool sse;
};

extern struct cpu_features cpu_features;

/*
 * Detect the features; stop with one line when the processor lacks a required
 * feature. Then set all bits of CR0 and CR4 that do not depend on our page
 * tables, and allow no-execute bits in page tables. The FPU stays off (TS).
 */
void cpu_init(void);

/* Guard the kernel from user pages: UMIP, SMEP, SMAP. Page tables must be
 * final, and user copies must use STAC and CLAC from here on. */
void cpu_protect(void);
