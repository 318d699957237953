# sh_cases.sh - the shell's language, on this machine and in the guest.
#
# The same cases run twice: with the shell built for this machine, where the
# sanitizers watch it, and with /bin/sh in one boot of Parley.
here=tests/shell
host=build/host/sh
sources="$(ls user/sh/*.c)"

mkdir -p build/host
${HOSTCC:-gcc} -std=gnu11 -g -O1 -Wall -Wextra -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined -I. $sources -o $host || exit 1

# name_lines WHERE: the TAP of one run, with where it was in each name.
name_lines() {
	sed "s/^\(not ok\|ok\) [0-9]* - /\1 - $1: /; /^1\.\./d"
}

plan=$(($(grep -c '^[a-z]' $here/sh_cases.cases) * 2))
cat $here/sh_cases.run $here/sh_cases.cases |
	SH=$PWD/$host $host | name_lines host
cat $here/sh_cases.run $here/sh_cases.cases |
	${RUN:-tools/run} sh | name_lines guest
echo "1..$plan"
