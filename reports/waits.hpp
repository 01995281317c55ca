// Who waited for whom: calls that were entered before the call of the other side that let them
// return; and both sides waiting for each other. Knows calls, never lines or sentences.
#pragma once

#include "reports/doings.hpp"

namespace socktale::reports {

// Fills story.waits and story.deadlocks from connections and transfers. Without a common clock
// nothing can be said, and both stay empty.
void tell_waits(Story& story, const Chronicle& chronicle);

} // namespace socktale::reports
