# tap.sh - say in TAP what a shell script has tested. Source it: . tests/tap.sh
#
#	is "$(command)" wanted name_of_the_failure_it_hunts
#	ok name command arguments...
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

tap_done() {
	echo "1..$tap_count"
	[ $tap_failures = 0 ]
	exit
}
