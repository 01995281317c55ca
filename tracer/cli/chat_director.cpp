#include "tracer/cli/chat_director.hpp"

namespace socktale::cli {

ChatDirector::ChatDirector(ChatScript script, std::FILE* screen)
    : script_(std::move(script)), stage_({"server", "client"}, screen) {}

void ChatDirector::turn(Speaker speaker) {
  const auto side = static_cast<std::size_t>(speaker);
  if (const auto line = script_.next(speaker))
    stage_.type(side, *line);
  else
    stage_.hang_up(side);
}

} // namespace socktale::cli
