# self.sh - the checked kernel finds what it looks for, and says where.
. tests/tap.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# finds TEST TEXT: the boot ends with 125, and the panic has this text and names
# the place of the mistake.
finds() {
	LOG=$tmp/log $RUN -t -k "test=checked_$1" > "$tmp/out" 2> "$tmp/err"
	is "$?" 125 "${1}_exits_125"
	ok "${1}_says_why" grep -q "^PANIC: checked: .*$2" "$tmp/err"
	ok "${1}_shows_the_place" grep -Eq "ktest_checked_$1|self.c:[0-9]" \
		"$tmp/err"
}

if [ "$TOOLCHAIN" != clang ]; then	# checks no loads and stores
	finds read_of_a_freed_object "read of 1 .*: the object was freed"
	finds write_behind_an_object "write of 1 .*: behind the end"
	finds write_behind_a_large_object "write of 1 .*: behind the end"
	finds write_to_a_free_frame "write of 1 .*: the frame is free"
fi
finds copy_behind_an_object "copy over of 40 bytes at .*: behind the end"
finds object_is_freed_twice "free of .*: freed before"
finds object_is_freed_in_the_middle "free of .*: no object"
finds index_outside_of_an_array "self.c:.*an index outside"
finds sum_that_overflows "self.c:.*an addition overflows"
finds shift_that_is_too_far "self.c:.*a shift is too far"
finds pointer_that_is_not_aligned "self.c:.*a pointer is"
tap_done
