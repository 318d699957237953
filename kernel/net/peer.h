/*
 * peer.h - the socket at the far side, if the far side is on this machine.
 *
 * All functions need [P]. NULL: on another machine, or there is none.
 */
#pragma once

struct object;
struct tcp_pcb;
struct udp_pcb;

/* For a client that was not accepted yet: the socket that listens. */
struct object *peer_of_tcp(const struct tcp_pcb *pcb);
struct object *peer_of_udp(const struct udp_pcb *pcb);
