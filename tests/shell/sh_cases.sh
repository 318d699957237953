# sh_cases.sh - the shell's language, on this machine and in the guest.
#
# The same cases run twice: with the shell built for this machine, with the
# sanitizers, and with /bin/sh in one boot of Parley.
here=tests/shell
host=build/host/sh_cases

$here/sh_build $host || exit

# name_lines WHERE: the TAP of one run, with the word WHERE in each name.
name_lines() {
	sed "s/^\(not ok\|ok\) [0-9]* - /\1 - $1: /; /^1\.\./d"
}

cat $here/sh_cases.run $here/sh_cases.cases |
	SH=$PWD/$host $host | name_lines host
cat $here/sh_cases.run $here/sh_cases.cases |
	${RUN:-tools/run} sh | name_lines guest
echo "1..$(($(grep -c '^[a-z]' $here/sh_cases.cases) * 2))"
