# Parley's build. `make help` lists the targets.
#
# Everything is made in build/, sources are found by wildcard: a new file needs
# no line here. VARIANT=debug and test are compiled for the debugger, measured
# for speed: kernel, libc and programs alike. TOOLCHAIN=clang (or CC=clang)
# builds with clang in a folder of its own, V=1 shows the commands, WERROR=1
# makes warnings errors as CI does.

MAKEFLAGS += -rR --no-print-directory
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
endif
# Keep the messages of each compiler together, but not for a target that talks
# to the user.
ifneq ($(filter output-sync,$(.FEATURES)),)
ifeq ($(filter run run-iso debug debug-server record replay trace test test-checked test-museum test-bochs fuzz mutants bench bench-disk bench-linux profile,$(MAKECMDGOALS)),)
MAKEFLAGS += -Otarget
endif
endif
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all kernel user initrd test-image help deps doctor run two iso run-iso \
	debug debug-server record replay trace picture test test-checked \
	test-memory test-switches test-museum museum test-disk test-bochs deps-bochs test-linux test-network \
	coverage fuzz mutants bench bench-disk profile bench-linux deps-linux lint clean new \
	FORCE \
	left-out

all: ## build kernel and programs (also without a goal)

VARIANT ?= debug
PYTHON ?= python3
# A switch is off if empty, 0 or no.
override V := $(filter-out 0 no,$(V))
override WERROR := $(filter-out 0 no,$(WERROR))
Q := $(if $(V),,@)
is_silent := $(findstring s,$(firstword -$(MAKEFLAGS)))
say = @$(if $(V)$(is_silent),:,echo "  $(1)")

# ---- The toolchain ------------------------------------------------------

ifeq ($(filter default undefined,$(origin CC)),)
export CC
# CC of the environment may be for a different purpose.
export CC_ASKED := $(filter command,$(origin CC))
CC_WANTED := $(CC)
TOOLCHAIN ?= $(if $(findstring clang,$(CC)),clang,auto)
endif
TOOLCHAIN ?= auto
export CROSS
ifeq ($(filter auto gcc clang,$(TOOLCHAIN)),)
$(error TOOLCHAIN=$(TOOLCHAIN): TOOLCHAIN is one of: auto gcc clang)
endif

B := build$(if $(filter clang,$(TOOLCHAIN)),/clang)
TOOLCHAIN_MK := build/toolchain-$(subst /,_,$(TOOLCHAIN)$(CROSS)$(CC_WANTED)$(CC_ASKED)).mk

# These targets need no compiler, or install a compiler.
ifneq ($(filter-out help deps deps-bochs doctor test-linux deps-web book slides deps-book museum lint clean new \
	lab grade student-tree teacher gradescope test-labs,$(or $(MAKECMDGOALS),all)),)
include $(TOOLCHAIN_MK)
endif

# `make deps run` on a new machine: first install, then look for a compiler.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
all run iso run-iso debug test bench bench-disk bench-linux profile: | deps
ifeq ($(MAKE_RESTARTS),)
$(TOOLCHAIN_MK): deps
endif
endif

$(TOOLCHAIN_MK): tools/find-toolchain
	@mkdir -p $(@D)
	@tools/find-toolchain $(TOOLCHAIN) > $@.new && mv $@.new $@ || \
		{ rm -f $@.new; exit 1; }

# ---- Flags --------------------------------------------------------------

# debug and test run the same programs; measured has programs of its own.
K := $(B)/$(VARIANT)
U := $(B)$(if $(filter measured,$(VARIANT)),/measured)/user

# For stepping: `step` goes line by line, arguments are shown, and a tail
# recursion stays a recursion.
FOR_THE_DEBUGGER := -Og -fno-optimize-sibling-calls
OPTIMISE_debug := $(FOR_THE_DEBUGGER)
OPTIMISE_test := $(FOR_THE_DEBUGGER)
OPTIMISE_checked := $(FOR_THE_DEBUGGER)
OPTIMISE_measured := -O2

VARIANT_FLAGS_measured := -DNDEBUG
VARIANT_FLAGS_test := -DTEST
VARIANT_FLAGS_checked := -DTEST -DCHECKED
ifeq ($(filter debug measured test checked,$(VARIANT)),)
$(error VARIANT=$(VARIANT): VARIANT is one of: debug measured test checked)
endif

# The test kernel, and a check of each load, store and sum: tests/checked. The
# checks themselves, and what they replace, are compiled without.
# clang checks sums alone: its copies of structs call memcpy() with arguments on
# the stack, and the kernel's memcpy() takes them in registers.
CHECKS_gcc := -fsanitize=kernel-address --param asan-stack=0 --param asan-globals=0 \
	--param asan-instrumentation-with-call-threshold=0
CHECKS := $(if $(filter checked,$(VARIANT)),-fsanitize=undefined)
UNCHECKED := $(filter-out %/self.c,$(wildcard tests/checked/*.c)) \
	arch/i686/memcpy.c
checks_of = $(if $(filter $(UNCHECKED),$(1)),,$(CHECKS) \
	$(if $(CHECKS),$(CHECKS_$(TOOLCHAIN_KIND))))

WARNINGS := -Wall -Wextra -Wundef -Wvla -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wshadow -Wpointer-arith \
	-Wwrite-strings -Wno-sign-compare
WERROR_FLAG := $(if $(WERROR),-Werror)

# The shell's $PWD, not make's $(CURDIR): a copy of a built tree has the same
# flags, and nothing in the copy is made again.
# The compiler may be made for Linux: programs must not take Parley for it.
SYSTEM := -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -D__unix__=1 \
	-D__parley__=1
COMMON := -std=gnu11 $(OPTIMISE_$(VARIANT)) -g -march=i686 -mtune=generic \
	$(SYSTEM) \
	-fno-pie -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-omit-frame-pointer -fno-common \
	-nostdinc \
	"-fdebug-prefix-map=$$PWD=." $(WERROR_FLAG)
# The compiler's own headers: stdarg.h, stddef.h, stdint.h.
FREESTANDING := -isystem $(TARGET_INCLUDE)

# Three arguments travel in registers in the kernel, as its assembly expects.
# On entry the processor aligns the kernel's stack to words, so the compiler
# must not take the stack for aligned to 16 bytes as in programs.
WORD_STACK_gcc := -mpreferred-stack-boundary=2
WORD_STACK_clang := -mstack-alignment=4
KERNEL_FLAGS := $(COMMON) -ffreestanding -mgeneral-regs-only -I. \
	-mregparm=3 $(WORD_STACK_$(TOOLCHAIN_KIND)) \
	$(WARNINGS) $(VARIANT_FLAGS_$(VARIANT)) $(FREESTANDING) $(CFLAGS)
# The loops in libc's memcpy must not become calls of memcpy. A compiler without
# __thread can link the library: tcc.
LIBC_FLAGS := $(COMMON) -ffreestanding -ffunction-sections -fdata-sections \
	$(if $(filter gcc,$(TOOLCHAIN_KIND)),-fno-tree-loop-distribute-patterns) \
	-D__NO_THREAD_VARIABLES__ -Ilibc/include -I. \
	$(WARNINGS) $(FREESTANDING) $(CFLAGS)
USER_FLAGS := $(COMMON) -ffunction-sections -fdata-sections -Ilibc/include \
	-I. -Wall -Wextra -Wno-sign-compare $(FREESTANDING) $(CFLAGS)
NASM := nasm
NASM_FLAGS := -felf32 -g -F dwarf -w+all \
	$(if $(WERROR),-Werror) -I./
LD_FLAGS := -m elf_i386 -nostdlib -static -z max-page-size=4096 \
	-z noexecstack --build-id=none \
	$(if $(filter gcc,$(TOOLCHAIN_KIND)),--no-warn-rwx-segments)

# A file that changes only with the text inside: its dependents are made again
# when flags change, or when a source comes or goes.
define remember
@mkdir -p $(@D)
@printf '%s\n' '$(subst ','\'',$(1))' | cmp -s - $@ || \
	printf '%s\n' '$(subst ','\'',$(1))' > $@
endef

$(K)/flags: FORCE
	$(call remember,$(TARGET_CC) $(TARGET_VERSION) $(KERNEL_FLAGS) $(CHECKS) $(NASM_FLAGS) $(LD_FLAGS))
$(U)/flags: FORCE
	$(call remember,$(TARGET_CC) $(TARGET_VERSION) $(LIBC_FLAGS) $(USER_FLAGS) $(LD_FLAGS))

# ---- The kernel ---------------------------------------------------------

# lwIP, the TCP/IP stack, is not in this tree: tools/deps-lwip. Without lwIP the
# kernel has local sockets only.
LWIP_AT := $(or $(LWIP),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/parley/lwip)
ifneq ($(wildcard $(LWIP_AT)/src/include/lwip/init.h),)
LWIP_C := $(addprefix core/,def.c dns.c inet_chksum.c init.c ip.c mem.c memp.c \
	netif.c pbuf.c raw.c tcp.c tcp_in.c tcp_out.c udp.c) \
	$(addprefix core/ipv4/,dhcp.c etharp.c icmp.c ip4.c ip4_addr.c \
	ip4_frag.c) netif/ethernet.c
LWIP_FLAGS := -Ikernel/net/port -Ikernel/lib -isystem $(LWIP_AT)/src/include
NOT_NETWORK := kernel/net/none.c
else
NOT_NETWORK := $(filter-out %/none.c,$(wildcard kernel/net/*.c))
endif

KERNEL_C := $(filter-out $(NOT_NETWORK),\
	$(wildcard kernel/*.c kernel/*/*.c kernel/fs/ext/*.c boot/*.c)) \
	$(filter-out arch/i686/offsets.c,$(wildcard arch/i686/*.c))
ifneq ($(filter test checked,$(VARIANT)),)
KERNEL_C += $(wildcard tests/kernel/*.c)
endif
ifeq ($(VARIANT),checked)
KERNEL_C := $(filter-out kernel/mm/heap.c kernel/mm/frame.c,$(KERNEL_C)) \
	$(wildcard tests/checked/*.c)
endif
KERNEL_ASM := $(wildcard boot/*.asm arch/i686/*.asm)
KERNEL_O := $(KERNEL_ASM:%.asm=$(K)/obj/%.asm.o) $(KERNEL_C:%.c=$(K)/obj/%.o) \
	$(LWIP_C:%.c=$(K)/obj/lwip/%.o)
KERNEL := $(K)/parley.elf

$(K)/obj/kernel/net/%.o: KERNEL_FLAGS += $(LWIP_FLAGS)
$(filter $(K)/obj/kernel/net/% $(K)/obj/lwip/%,$(KERNEL_O)): \
	$(wildcard kernel/net/port/*.h kernel/net/port/*/*.h)
$(K)/obj/lwip/%.o: $(LWIP_AT)/src/%.c $(K)/flags
	$(call say,CC      lwip/$*.c)
	@mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(filter-out -W%,$(KERNEL_FLAGS)) -w $(LWIP_FLAGS) \
		$(call checks_of,$<) -MMD -MP -c $< -o $@

$(K)/obj/%.o: %.c $(K)/flags
	$(call say,CC      $<)
	@mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(KERNEL_FLAGS) $(call checks_of,$<) -MMD -MP -c $< -o $@

$(K)/obj/%.asm.o: %.asm $(K)/flags
	$(call say,NASM    $<)
	@mkdir -p $(@D)
	$(Q)$(NASM) $(NASM_FLAGS) -I$(K)/gen/ -MD $(@:.o=.d) -MP $< -o $@

# The offsets of structs for NASM: offsets.c is compiled, never linked; its
# assembly holds lines `->NAME value`, with or without a $ before the value.
ifneq ($(wildcard arch/i686/offsets.c),)
$(KERNEL_ASM:%.asm=$(K)/obj/%.asm.o): $(K)/gen/offsets.inc
endif

$(K)/gen/offsets.inc: arch/i686/offsets.c $(K)/flags
	$(call say,GEN     $@)
	@mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(filter-out -g,$(KERNEL_FLAGS)) \
		$(if $(filter clang,$(TOOLCHAIN_KIND)),-no-integrated-as) -MMD -MP -MT $@ \
		-MF $(@:.inc=.d) -S $< -o $(@:.inc=.s)
	$(Q)sed -n 's/^.*->\([A-Za-z_0-9]*\)[ \t]*\$$*\(-\{0,1\}[0-9][0-9]*\).*/\1 equ \2/p' \
		$(@:.inc=.s) > $@

$(K)/objects: FORCE
	$(call remember,$(KERNEL_O))

# Two links: the table of symbols comes from the first link. In the second link
# the table lies behind everything else, so that the addresses in the table
# stay right.
link_kernel = $(TARGET_LD) $(LD_FLAGS) $(LINK_FLAGS_$(VARIANT)) \
	-T boot/kernel.ld

# Functions that test_call.c and latency.c of tests/kernel wrap.
LINK_FLAGS_test := $(addprefix --wrap=,copy_from_user copy_to_user clear_user \
	copy_string_from_user fetch_user_word store_user_word \
	syscall_table fast_call_table enter_user \
	sched_point switch_to_task trap_handle machine_return_to_user arch_poweroff)
LINK_FLAGS_checked := $(LINK_FLAGS_test) \
	$(addprefix --wrap=,memcpy memmove memset)

SYMBOLS_PY := tools/symbols.py tools/frames.py tools/variables.py \
	tools/debug_info.py tools/dwarf.py

$(K)/parley.nosyms.elf: $(KERNEL_O) boot/kernel.ld $(K)/objects
	@mkdir -p $(@D)
	$(Q)$(link_kernel) -o $@ $(KERNEL_O)

$(K)/gen/symbols.bin: $(K)/parley.nosyms.elf $(SYMBOLS_PY)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/symbols.py $< $@

$(K)/gen/symbols.o: $(K)/gen/symbols.bin
	@printf '%s\n' 'section .symbols progbits alloc noexec nowrite align=16' \
		'incbin "$<"' \
		'section .note.GNU-stack noalloc noexec nowrite progbits' \
		> $(@:.o=.asm)
	$(Q)$(NASM) -felf32 $(@:.o=.asm) -o $@

$(KERNEL): $(K)/gen/symbols.o
	$(call say,LINK    $@)
	$(Q)$(link_kernel) -o $@ $(KERNEL_O) $<
	$(if $(LWIP_C),,@echo "parley: no lwIP here: local sockets only; make deps brings lwIP")

kernel: $(KERNEL)

# ---- libc ---------------------------------------------------------------

LIBC_C := $(filter-out libc/start.c,$(wildcard libc/*.c libc/*/*.c)) \
	$(wildcard arch/i686/div64.c)
LIBC_ASM := $(filter-out libc/start.asm,$(wildcard libc/*.asm libc/*/*.asm))
LIBC_O := $(LIBC_C:%.c=$(U)/obj/%.o) $(LIBC_ASM:%.asm=$(U)/obj/%.asm.o)
START_O := $(patsubst %.c,$(U)/obj/%.o,$(wildcard libc/start.c)) \
	$(patsubst %.asm,$(U)/obj/%.asm.o,$(wildcard libc/start.asm))

$(U)/obj/libc/%.o: libc/%.c $(U)/flags
	$(call say,CC      $<)
	@mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(LIBC_FLAGS) -MMD -MP -c $< -o $@

$(U)/obj/kernel/%.o: kernel/%.c $(U)/flags
	@mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(LIBC_FLAGS) -MMD -MP -c $< -o $@

$(U)/obj/%.asm.o: %.asm $(U)/flags
	$(call say,NASM    $<)
	@mkdir -p $(@D)
	$(Q)$(NASM) $(NASM_FLAGS) -Ilibc/include/ -MD $(@:.o=.d) -MP $< -o $@

$(U)/libc.objects: FORCE
	$(call remember,$(LIBC_O))

$(U)/libc.a: $(LIBC_O) $(U)/libc.objects
	$(call say,AR      $@)
	$(Q)rm -f $@
	$(Q)$(TARGET_AR) rcsD $@ $(LIBC_O)

# ---- Programs -----------------------------------------------------------

# Files added to user/ may have any name; make can only use a plain name.
ADDED := { find -L user -maxdepth 2 -type f -name '*.c'; \
	find -L user/etc -type f; } 2> /dev/null | grep -v '/\.' | \
	LC_ALL=C grep
PLAIN := '^[A-Za-z0-9_./+-]*$$'
NOT_PLAIN := left out: a name may have letters, digits and . _ + -
USER_C := $(sort $(filter-out user/etc/%,$(shell $(ADDED) $(PLAIN))))
TEST_C := $(wildcard tests/user/*.c tests/user/*/*.c)
BENCH_C := $(wildcard tests/bench/*.c tests/bench/*/*.c)
# The programs that the chapters of the guide print: /guide/05-words.
GUIDE := docs/guide/programs
GUIDE_C := $(wildcard $(GUIDE)/*.c)
GUIDE_TEXTS := $(wildcard $(GUIDE)/texts/*)

# names_in FOLDER,SOURCES: the programs made from these sources.
names_in = $(sort $(foreach f,$(2:$(1)/%=%), \
	$(patsubst %.c,%,$(firstword $(subst /, ,$(f))))))

PROGRAMS := $(call names_in,user,$(USER_C))
TESTS := $(addprefix tests/,$(call names_in,tests/user,$(TEST_C))) \
	$(addprefix bench/,$(call names_in,tests/bench,$(BENCH_C)))
GUIDE_PROGRAMS := $(addprefix guide/,$(call names_in,$(GUIDE),$(GUIDE_C)))

# A program of user/ that does not compile must not stop the build of other
# programs: the build goes on, and `left-out` reports the program at the end.
# Without init and sh nothing would run.
may_fail = || { $(if $(filter init sh,$(1)),exit 1,rm -f $@); }

$(U)/obj/user/%.o: user/%.c $(U)/flags
	$(call say,CC      $<)
	@mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(USER_FLAGS) -MMD -MP -c $< -o $@ \
		$(call may_fail,$(firstword $(subst /, ,$*)))

$(U)/obj/%.o: %.c $(U)/flags
	$(call say,CC      $<)
	@mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(USER_FLAGS) -MMD -MP -c $< -o $@

# program FOLDER,NAME,WHERE,SOURCES: make WHERE/NAME from the sources
# FOLDER/NAME.c or in FOLDER/NAME/. The linked file with all DWARF stays for
# the debugger.
define program
$(3)/$(2).objects := $(patsubst %.c,$(U)/obj/%.o,$(filter $(1)/$(2).c $(1)/$(2)/%.c,$(4)))
USER_O += $$($(3)/$(2).objects)
$(U)/elf/$(3)/$(2).list: FORCE
	$$(call remember,$$($(3)/$(2).objects))
$(U)/elf/$(3)/$(2).elf: $$($(3)/$(2).objects) $(U)/elf/$(3)/$(2).list
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,user,$(p),bin,$(USER_C))))
$(foreach p,$(call names_in,tests/user,$(TEST_C)),$(eval $(call program,tests/user,$(p),tests,$(TEST_C))))
$(foreach p,$(call names_in,tests/bench,$(BENCH_C)),$(eval $(call program,tests/bench,$(p),bench,$(BENCH_C))))
$(foreach p,$(call names_in,$(GUIDE),$(GUIDE_C)),$(eval $(call program,$(GUIDE),$(p),guide,$(GUIDE_C))))

# The programs in the manual's pages, all linked into one test.
MAN_PAGES := $(sort $(wildcard docs/man/man[1237]/*))
MAN_EXAMPLES := $(filter %.2 %.3,$(MAN_PAGES))
MAN_EXAMPLES_O := $(MAN_EXAMPLES:docs/man/%=$(U)/obj/gen/%.o) \
	$(U)/obj/gen/man_examples.o
tests/man_examples.objects += $(MAN_EXAMPLES_O)
USER_O += $(MAN_EXAMPLES_O)
$(U)/elf/tests/man_examples.elf: $(MAN_EXAMPLES_O)

$(U)/gen/%.c: docs/man/% tools/manual
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/manual example $< $@

$(U)/gen/man_examples.c: $(MAN_EXAMPLES) tools/manual
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/manual examples $@

$(MAN_EXAMPLES_O): $(U)/obj/gen/%.o: $(U)/gen/%.c $(U)/flags
	@mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(USER_FLAGS) -w -MMD -MP -c $< -o $@

USER_ELFS := $(PROGRAMS:%=$(U)/elf/bin/%.elf)
TEST_ELFS := $(TESTS:%=$(U)/elf/%.elf) $(GUIDE_PROGRAMS:%=$(U)/elf/%.elf)
link_program = $(TARGET_LD) $(LD_FLAGS) --gc-sections -T boot/user.ld -o $@ \
	$(START_O) $($*.objects) $(U)/libc.a

$(USER_ELFS) $(TEST_ELFS): $(START_O) $(U)/libc.a boot/user.ld
# Try failed programs again.
$(filter-out $(wildcard $(USER_ELFS)),$(USER_ELFS)): FORCE
$(TEST_ELFS): $(U)/elf/%.elf:
	@mkdir -p $(@D)
	$(Q)$(link_program)
$(USER_ELFS): $(U)/elf/%.elf:
	@mkdir -p $(@D)
	$(Q)ls $($*.objects) > /dev/null 2>&1 && $(link_program) \
		$(call may_fail,$(@F:.elf=))

# In place of a program that is left out.
SORRY = echo "$(@F): did not compile; the build says why" >&2; exit 126

$(U)/root/bin/%: $(U)/elf/bin/%.elf $(SYMBOLS_PY)
	@mkdir -p $(@D)
	$(Q)if [ -e $< ]; then $(strip_program); else \
		echo '$(SORRY)' > $@ && chmod +x $@ && \
		echo "parley: $(@F) does not compile and is left out" >&2; fi

$(U)/root/%: $(U)/elf/%.elf $(SYMBOLS_PY)
	@mkdir -p $(@D)
	$(Q)$(strip_program)

strip_program = $(PYTHON) tools/symbols.py --strip user/ --frames --variables \
		$< $(<:.elf=.symbols) && \
	$(TARGET_OBJCOPY) -S --add-section \
		.parley.symbols=$(<:.elf=.symbols) $< $(<:.elf=.stripped) && \
	$(TARGET_OBJCOPY) --set-section-alignment .parley.symbols=4 \
		$(<:.elf=.stripped) $@

user: $(PROGRAMS:%=$(U)/root/bin/%)

# The end of a build names the failed programs, and fails.
GOALS := $(or $(MAKECMDGOALS),all)
all user initrd test-image iso: left-out
left-out:
	@lacks=; for p in $(PROGRAMS); do \
		[ -e $(U)/elf/bin/$$p.elf ] || lacks="$$lacks $$p"; done; \
	$(ADDED) -v $(PLAIN) | sed 's|$$|: $(NOT_PLAIN)|' | grep . >&2 && odd=1; \
	[ -z "$$lacks" ] || echo "parley: built without:$$lacks" >&2; \
	[ -z "$$lacks$$odd" ]

# ---- The first file tree ------------------------------------------------

# The pages as text, a file for each section. They are made again when mandoc
# comes or goes.
MANUAL := 1 2 3 7
$(B)/man/mandoc: FORCE
	$(call remember,$(shell command -v mandoc))
define man_section
$(B)/man/$(1): $(filter docs/man/man$(1)/%,$(MAN_PAGES)) tools/manual \
		$(B)/man/mandoc
	$$(call say,MANUAL  $$@)
	$$(Q)$$(PYTHON) tools/manual text $(1) $$@
endef
$(foreach s,$(MANUAL),$(eval $(call man_section,$(s))))
# man -k finds a program by the calls in its source.
$(B)/man/1: $(USER_C) $(filter %.2 %.3,$(MAN_PAGES))

# What `make port` has built.
PORTS := $(sort $(shell cd $(B)/ports 2> /dev/null && \
	find */root -type f -printf '%P=$(B)/ports/%H/%P\n' 2> /dev/null))
ETC := $(sort $(filter user/etc/%,$(shell $(ADDED) $(PLAIN))))
IMAGE := $(sort $(foreach p,$(PROGRAMS),bin/$(p)=$(U)/root/bin/$(p)) \
	$(foreach f,$(wildcard README.md),$(f)=$(f)) \
	$(foreach s,$(MANUAL),man/$(s)=$(B)/man/$(s)) \
	$(foreach p,$(GUIDE_PROGRAMS),$(p)=$(U)/root/$(p)) \
	$(foreach f,$(GUIDE_TEXTS),$(f:$(GUIDE)/%=guide/%)=$(f)) \
	$(foreach f,$(ETC),$(f:user/%=%)=$(f)) $(PORTS) bin/ etc/ tmp/ dev/ proc/)
TEST_IMAGE := $(IMAGE) tests/ bench/ \
	$(foreach t,$(TESTS),$(t)=$(U)/root/$(t))
INITRD := $(U)/initrd.tar
INITRD_TEST := $(U)/initrd-test.tar
# The pages load what they show: no ports.
WEB_IMAGE := $(filter-out $(PORTS),$(IMAGE))
INITRD_WEB := $(U)/initrd-web.tar
image_files = $(foreach f,$(1),$(word 2,$(subst =, ,$(f))))

$(U)/image: FORCE
	$(call remember,$(IMAGE))
$(U)/test-image: FORCE
	$(call remember,$(TEST_IMAGE))

$(INITRD): $(call image_files,$(IMAGE)) $(U)/image tools/mkinitrd.py
	$(call say,INITRD  $@)
	$(Q)$(PYTHON) tools/mkinitrd.py $@ $(IMAGE)

$(INITRD_TEST): $(call image_files,$(TEST_IMAGE)) $(U)/test-image \
		tools/mkinitrd.py
	$(call say,INITRD  $@)
	$(Q)$(PYTHON) tools/mkinitrd.py $@ $(TEST_IMAGE)

$(INITRD_WEB): $(call image_files,$(WEB_IMAGE)) $(U)/image tools/mkinitrd.py
	$(call say,INITRD  $@)
	$(Q)$(PYTHON) tools/mkinitrd.py $@ $(WEB_IMAGE)

initrd: $(INITRD)
test-image: $(INITRD_TEST)
all: $(KERNEL) $(INITRD)
left-out: | $(INITRD) $(if $(filter all kernel,$(GOALS)),$(KERNEL)) \
	$(if $(filter test-image,$(GOALS)),$(INITRD_TEST)) \
	$(if $(filter iso,$(GOALS)),$(K)/parley.iso)

# ---- Commands ------------------------------------------------------------

# As typed, dollars and all.
override CMD := $(value CMD)
export CMD
override NAME := $(value NAME)
export NAME
boots := VARIANT=$(VARIANT) TOOLCHAIN=$(TOOLCHAIN)

help: ## say what make can do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | \
		awk -F@ '{ printf "%-18s %s\n", $$1, $$2 }'
	@echo "Variables: VARIANT=debug|measured|test|checked  TOOLCHAIN=clang  V=1"
	@echo "           WERROR=1  WINDOW=1  MEM=128"

deps: ## install the tools that are missing
	@tools/deps
	@tools/deps-lwip || echo "deps: no lwIP: the kernel will have local sockets only"

doctor: ## say which tools were found, and what to install
	@tools/deps -n

ifneq ($(EXHIBIT),)
run: ## boot to a shell here; CMD='...': run just that line; EXHIBIT=a bug
	@$(boots) tools/exhibit run -- '$(EXHIBIT)' $${CMD:+"$$CMD"}
else
run: $(KERNEL) $(INITRD)
	@if [ -n "$$CMD" ]; then $(boots) tools/run -n -- "$$CMD"; \
	else $(boots) tools/run -n -i; fi
endif

museum: ## list the bugs of the museum: make run EXHIBIT=name
	@tools/exhibit list

test-museum: $(KERNEL) $(INITRD) ## every exhibit, with each change of the kernel
	@TOOLCHAIN=$(TOOLCHAIN) tools/exhibit test -a

two: $(KERNEL) $(INITRD) ## two machines, joined by a wire; LOSS=5 loses 5 % of it
	@$(boots) tools/two $(if $(LOSS),-l $(LOSS))

ISO := $(K)/parley.iso
iso: $(ISO) ## make a GRUB image, build/debug/parley.iso
	@ls -l $(ISO)

$(ISO): $(KERNEL) $(INITRD) iso/grub.cfg tools/mkiso
	$(call say,ISO     $@)
	$(Q)OBJCOPY=$(TARGET_OBJCOPY) tools/mkiso $@ $(KERNEL) $(INITRD)

run-iso: $(ISO) ## boot that image to a shell here
	@$(boots) tools/run -n -i -c $(ISO)

debug: $(KERNEL) $(INITRD) ## QEMU stopped, GDB with symbols; CMD='...' too
	@$(boots) tools/debug -n -- $${CMD:+"$$CMD"}

debug-server: $(KERNEL) $(INITRD) ## the same without GDB: an editor's may come
	@$(boots) tools/debug -n -s -- $${CMD:+"$$CMD"}

record: $(KERNEL) $(INITRD) ## run it and write all down; CMD='...' too
	@$(boots) tools/record -n -- $${CMD:+"$$CMD"}

replay: ## GDB on what was recorded: goto, back; SCHEDULE=file of tools/explore
	@if [ -n "$(SCHEDULE)" ]; then tools/explore -r "$(SCHEDULE)"; \
		[ $$? -lt 2 ] || exit 2; fi; tools/debug -r

# 123: no program can go on. The picture shows the reason: a success.
but_stuck = status=$$?; [ $$status = 123 ] || exit $$status

trace: $(KERNEL) $(INITRD) ## show what a command does, event by event: CMD='...'
	@$(boots) tools/trace/trace.py -n $(if $(KINDS),-k $(KINDS)) -- "$$CMD"; \
		$(but_stuck)

picture: $(KERNEL) $(INITRD) ## draw the pictures of the README and the guide
	@$(boots) tools/trace/trace.py -n -p docs/philosophers.svg \
		-- 'philosophers --deadlock'; $(but_stuck)
	@$(boots) tools/guide pictures

test: ## run every test; ONLY='host user/pipe': some
	@TOOLCHAIN=$(TOOLCHAIN) tools/test $(ONLY)

test-memory: ## fill a machine of 4 GiB with programs and a file of 1 GiB
	@MEM=4096 TIMEOUT=900 TOOLCHAIN=$(TOOLCHAIN) tools/run -t \
		/tests/memory_all_parley

test-checked: ## the tests of system calls on a kernel that checks itself
	@VARIANT=checked MEM=256 TIMEOUT=600 TOOLCHAIN=$(TOOLCHAIN) \
		tools/test $(or $(ONLY),user/ kernel/ checked/)

deps-bochs: ## install the emulator Bochs, on a Debian
	@tools/bochs --deps

test-bochs: ## run tests about the processor in Bochs too: a second opinion
	@TOOLCHAIN=$(TOOLCHAIN) tools/bochs $(ONLY)

test-switches: test-image ## a forced switch at each chance, and at each of 40 later
	@$(MAKE) VARIANT=test kernel
	@ICOUNT=0 TIMEOUT=3600 TOOLCHAIN=$(TOOLCHAIN) tools/run -n -t \
		'export SWITCHES=40; /tests/switch_processes && \
		/tests/switch_objects && /tests/switch_sysv && \
		/tests/switch_waits'

test-disk: all test-image ## the disk at length: 5,200 power cuts, 1,000 damaged disks
	@$(MAKE) VARIANT=test kernel
	@KILLS=200 tests/tools/spool_power
	@CUTS=5000 tests/tools/disk_power
	@DAMAGES=500 tests/tools/disk_ext
	@DAMAGES=500 tests/tools/disk_errors
	@COPY=60 tests/tools/disk_suite

test-network: all test-image ## the network at length: 10 MiB both ways, lost frames, floods
	@LINES=1500000 FRAMES=100000 REQUESTS=1000 tests/tools/network.py

test-linux: ## the POSIX ones of tests/user, on this Linux machine
	@tools/test linux/

coverage: ## run the tests and say which lines of the kernel they run
	@TOOLCHAIN=$(TOOLCHAIN) tools/coverage $(ONLY)

fuzz: ## calls at random by several users: N=50000000 SEED=1
	@TOOLCHAIN=$(TOOLCHAIN) tools/fuzz $(if $(N),-n $(N)) $(if $(SEED),-s $(SEED))

mutants: ## change the kernel in small wrong ways: do the tests notice? N=300 SEED=1
	@TOOLCHAIN=$(TOOLCHAIN) tools/mutants $(if $(N),-n $(N)) $(if $(SEED),-s $(SEED))

bench: ## count instructions beside their budgets; DISK=1: files on a disk
	@TOOLCHAIN=$(TOOLCHAIN) tools/bench$(if $(DISK),-disk)

bench-disk: deps-linux ## files on a disk, beside Debian's Linux
	@TOOLCHAIN=$(TOOLCHAIN) tools/bench-disk

bench-linux: deps-linux ## the same on Debian's Linux too; writes the README's figures
	@TOOLCHAIN=$(TOOLCHAIN) tools/bench -l -r

deps-linux: ## get that Linux, without installing it
	@tools/deps-linux

profile: ## BENCH=pipe-rtt: its instructions by function; without: the rows
	@TOOLCHAIN=$(TOOLCHAIN) tools/profile $(or $(BENCH),-l)

.PHONY: lab grade student-tree teacher gradescope test-labs
lab: ## a tree for a lab, with the body taken out: N=3, LAB=folder
	@$(PYTHON) tools/labs.py lab "$(N)" "$(LAB)"

grade: ## the points of a lab: N=3, T=test, LAB=folder
	@$(PYTHON) tools/grade.py $(if $(T),-t "$(T)") "$(N)" "$(LAB)"

student-tree: ## build/student, the tree without solutions: N='3 4'
	@$(PYTHON) tools/labs.py student-tree $(N)

teacher: ## grade the true bodies of all labs: each gets 100 points
	@for n in $$($(PYTHON) tools/labs.py list | cut -d ' ' -f 1); do \
		$(PYTHON) tools/grade.py $$n || exit 1; done

gradescope: ## an autograder to upload, build/lab-N.zip: N=3
	@$(PYTHON) tools/labs.py gradescope "$(N)"

test-labs: ## do wrong bodies get the points that they deserve? LABS=pipe
	@[ -e tests/tools/labs ] || { echo 'parley: the tree of students has no wrong bodies' >&2; exit 2; }
	@LABS=$(or $(LABS),all) tests/tools/labs

.PHONY: web manual guide deps-web test-web book slides deps-book exercise
web manual guide: $(KERNEL) $(INITRD_WEB) sdk
	@$(PYTHON) tools/web/gather.py $(B)/web $(KERNEL) $(INITRD_WEB)
	@echo $(B)/web/$(SITE_$@)index.html

SITE_manual := docs/man/
SITE_guide := docs/guide/
web: ## book, manual and source as a site whose examples run in the page: build/web
manual: ## the same; says where the manual begins
guide: ## the same; says where the guided tour begins

deps-web: ## install what the site needs: Node.js, a browser, packages of npm
	@tools/deps-web

test-web: web ## press every Run button of the site in a browser
	@tests/tools/web_run all

.PHONY: test-v86
test-v86: test-image ## the tests of system calls in v86 too: a second opinion
	@$(MAKE) VARIANT=test kernel
	@tests/tools/web_v86 all

book: ## the guide as PDF and EPUB, build/book/parley.pdf
	@tools/book

slides: ## the chapters of the guide as slides, build/slides: N=6
	@tools/slides $(N)

deps-book: ## install what book and slides need: pandoc and weasyprint
	@tools/book --deps

exercise: ## is an exercise of the guide solved? N=2.1
	@$(PYTHON) tools/guide exercise $(or $(N),list)

port: sdk all ## a program from elsewhere: make port NAME=lua
	@[ "$(NAME)" ] || { echo 'parley: which port? make port NAME=...; there are:' $(notdir $(wildcard tools/ports/*)) >&2; exit 2; }
	@tools/port $(NAME)

# The ports whose tests are short.
SHORT_PORTS := dash lua tcc zlib
ports: sdk all ## the ports that build in a minute, with their tests
	@tools/port $(SHORT_PORTS)

.PHONY: sdk install-sdk port ports
sdk: $(U)/libc.a $(START_O) ## build/sdk: parley-cc for programs from elsewhere
	@TOOLCHAIN=$(TOOLCHAIN) tools/sdk $(B)/sdk && echo $(B)/sdk/bin/parley-cc

install-sdk: $(U)/libc.a $(START_O) ## the same in PREFIX=folder
	@[ "$(PREFIX)" ] || { echo 'parley: which folder? make install-sdk PREFIX=folder' >&2; exit 2; }
	@TOOLCHAIN=$(TOOLCHAIN) tools/sdk "$(PREFIX)" && echo "$(PREFIX)/bin/parley-cc"

lint: ## check include floors, sizes and style
	@tools/lint

clean: ## remove everything that was built
	rm -rf build

new: ## begin a program: make new NAME=hello
	@tools/new-program -- "$$NAME"

# ---- Header dependencies ------------------------------------------------

-include $(KERNEL_O:.o=.d) $(K)/gen/offsets.d
-include $(LIBC_O:.o=.d) $(START_O:.o=.d) $(sort $(USER_O:.o=.d))
