// Control messages (cmsg(3)): the buffer is walked as the kernel lays it out, the data become
// values by the table's row. Pure, over bytes; never reads memory.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/model/value.hpp"

#include <string_view>
#include <vector>

namespace socktale::decode {

// [{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[7]}]. `buffer` was at
// `at`, which names the place of what is left when it cannot be walked to its end; `length` is how
// long the program said it is.
[[nodiscard]] model::Value control_list(std::string_view buffer, Remote<> at, std::uint64_t length,
                                        const Layout& layout);

// The descriptors that the control messages carry.
[[nodiscard]] std::vector<int> passed_fds(std::string_view buffer, const Layout& layout);

} // namespace socktale::decode
