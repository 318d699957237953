# demos_network.sh - demonstrations of the network, on the loopback.
if ${RUN:-tools/run} 'cat /proc/net' | grep -q 'without lwIP'; then
	echo "ok 1 - network # skip without lwIP: run make deps"
	echo "1..1"
	exit
fi
cat tests/shell/sh_cases.run tests/shell/demos_network.cases |
	${RUN:-tools/run} sh
