// The functions behind the table of findings.cpp, by the room that they live in. Each looks for one
// mistake and gives the calls that show it.
#pragma once

#include "reports/findings_ground.hpp"

namespace socktale::reports::rule {

using Cases = std::vector<Case>;

// findings_closing.cpp: sockets that were closed too late, too early or not at all.
Cases never_closed(const Ground& ground);
Cases send_after_close(const Ground& ground);
Cases end_as_data(const Ground& ground);

// findings_addresses.cpp: addresses that were wrong, taken or written the wrong way round.
Cases port_lingers(const Ground& ground);
Cases port_taken(const Ground& ground);
Cases missing_htons(const Ground& ground);
Cases listen_before_bind(const Ground& ground);
Cases wrong_family(const Ground& ground);
Cases wrong_length(const Ground& ground);
Cases cut_address(const Ground& ground);
Cases ored_options(const Ground& ground);

// findings_refused.cpp: nobody listened where a connect went.
Cases swapped_ports(const Ground& ground);
Cases refused_elsewhere(const Ground& ground);
Cases refused_too_early(const Ground& ground);
Cases other_loopback(const Ground& ground);
Cases only_inet6(const Ground& ground);

// findings_bytes.cpp: a stream taken for messages, and parts taken for the whole.
Cases short_send(const Ground& ground);
Cases short_recv(const Ground& ground);
Cases recv_per_send(const Ground& ground);
Cases cut_character(const Ground& ground);

// findings_waiting.cpp: waits that nobody ends, or that hold up others.
Cases empty_message(const Ground& ground);
Cases both_waiting(const Ground& ground);
Cases blocking_in_loop(const Ground& ground);
Cases full_backlog(const Ground& ground);

} // namespace socktale::reports::rule
