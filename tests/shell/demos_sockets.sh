# demos_sockets.sh - the demonstrations of local sockets run as shown.
. tests/tap.sh

is "$($RUN 'calculator -l -n 3 /tmp/sums & until test -e /tmp/sums; do
	sleep 0.1; done; calculator -s /tmp/sums > /tmp/s; wait $!; echo $?
	calculator | sort > /tmp/m; sort /tmp/s | cmp - /tmp/m && echo same
	ls /tmp')" '0
same
m
s' same_answers_by_socket_and_by_mailbox
is "$($RUN 'calculator -s /tmp/nobody 2>&1; echo status $?')" \
	'calculator: /tmp/nobody: No such file or directory
status 1' no_server_at_the_path
is "$($RUN 'passing -s; echo status $?; ipcs | grep socket')" \
	'giver: makes a pipe, sends its read end, writes
reader: got a descriptor
reader: "through a nameless pipe"
reader: the end
status 0' a_descriptor_travels_beside_a_byte

# Each side leaves when the words of the second side have come.
talk='(echo hello; until grep -q bye /tmp/anna; do sleep 0.1; done) |
	talk -n anna -l /tmp/door > /tmp/anna &
until test -e /tmp/door; do sleep 0.1; done
(until grep -q hello /tmp/bert; do sleep 0.1; done; printf "good\nbye") |
	talk -n bert /tmp/door > /tmp/bert
wait $!; echo $?; cat /tmp/anna; echo --; cat /tmp/bert; ls /tmp'
is "$($RUN "touch /tmp/anna /tmp/bert; $talk")" '0
bert is here
bert: good
bert: bye
bert has left
--
anna is here
anna: hello
anna has left
anna
bert' two_people_talk_and_the_end_has_no_newline
is "$($RUN 'echo nothing | talk -l /tmp/door > /tmp/out &
	until test -e /tmp/door; do sleep 0.1; done
	printf "half a" | nc -U /tmp/door > /tmp/nc; wait; cat /tmp/out')" \
	'half a is here
half a has left' half_a_line_at_the_end_is_a_line
is "$($RUN 'sleep 100 | talk -n anna -l /tmp/door > /tmp/out &
	until test -e /tmp/door; do sleep 0.1; done
	sleep 100 | talk -n bert /tmp/door & bert=$!
	until grep -q here /tmp/out; do sleep 0.1; done; kill -9 $bert
	until grep -q left /tmp/out; do sleep 0.1; done; cat /tmp/out')" \
	'anna is here
bert is here
bert has left' killed_talk_has_left
# Two talks with full buffers must not wait for each other.
is "$($RUN 'seq 20000 > /tmp/sent; echo last >> /tmp/sent
	(cat /tmp/sent; until grep -q last /tmp/a; do sleep 0.1; done) |
	talk -n a -l /tmp/door > /tmp/a &
	until test -e /tmp/door; do sleep 0.1; done
	(cat /tmp/sent; until grep -q last /tmp/b; do sleep 0.1; done) |
	talk -n b /tmp/door > /tmp/b; wait
	for s in a b; do grep : /tmp/$s | cut -c4- | cmp - /tmp/sent &&
	echo same; done')" 'same
same' many_lines_both_ways_at_once
is "$($RUN 'sleep 100 | talk -l /tmp/door > /tmp/out &
	until test -e /tmp/door; do sleep 0.1; done
	printf "\033c\nred \033[31m\n" | nc -U /tmp/door > /tmp/nc
	until grep -q left /tmp/out; do sleep 0.1; done; cat /tmp/out')" \
	'?c is here
?c: red ?[31m
?c has left' words_of_the_peer_do_no_harm_to_the_terminal
tap_done
