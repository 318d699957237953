# tap.sh - print the results of a shell script in TAP. Usage: . tests/tap.sh
#
#	is "$(command)" wanted name_of_the_failure_it_hunts
#	ok name command arguments...
#	in_one_boot name_ "tests" $RUN -t
#	tap_done

tap_count=0
tap_failures=0

tap_line() {
	tap_count=$((tap_count + 1))
	[ "$1" = 0 ] || { tap_failures=$((tap_failures + 1)); printf 'not '; }
	echo "ok $tap_count - $2"
}

# is GOT WANTED NAME: the texts are equal.
is() {
	if [ "$1" = "$2" ]; then
		tap_line 0 "$3"
	else
		tap_line 1 "$3"
		echo "got: $1" | sed 's/^/# /'
		echo "wanted: $2" | sed 's/^/# /'
	fi
}

# ok NAME COMMAND...: the command succeeds.
ok() {
	tap_name=$1
	shift
	if tap_out=$("$@" 2>&1); then
		tap_line 0 "$tap_name"
	else
		tap_line 1 "$tap_name"
		echo "failed: $*: $tap_out" | sed 's/^/# /'
	fi
}

# in_one_boot NAME TESTS COMMAND...: the command boots a machine, which runs
# these programs of /tests in turn. A boot for each program would take longer
# than most programs do.
in_one_boot() {
	tap_name=$1 tap_tests=$2
	shift 2
	tap_out=$("$@" "for test in $(echo $tap_tests); do
		/tests/\$test > /tmp/said 2>&1 && echo \"@@ \$test passes\" ||
		{ echo \"@@ \$test: \$?\"; cat /tmp/said; }
	done" 2>&1)
	for tap_test in $tap_tests; do
		case $tap_out in
		*"@@ $tap_test passes"*) tap_line 0 "$tap_name$tap_test" ;;
		*) tap_line 1 "$tap_name$tap_test"
			echo "$tap_out" | sed -n "/^@@ $tap_test:/,/^@@/p" |
				grep '^@@\|^not ok\|^#' | sed 's/^/# /'
			echo "$tap_out" | tail -n 3 | sed 's/^/# /'
			echo "# again: $* /tests/$tap_test" ;;
		esac
	done
}

tap_done() {
	echo "1..$tap_count"
	[ $tap_failures = 0 ]
	exit
}
