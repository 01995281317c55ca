#include "tracer/cli/chat_script.hpp"

#include "tracer/base/result.hpp"

#include <fstream>

namespace socktale::cli {

ChatScript::ChatScript() {
  lines_[0] = {"hi"};
  lines_[1] = {"hello", "exit"};
}

ChatScript ChatScript::from_file(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    throw UserError(Exit::no_input, {tr("cannot open {path}"), {{"path", path}}},
                    tr("--say takes a file of lines such as 'client: hello' and 'server: hi'"));
  ChatScript script;
  script.lines_ = {};
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) script.add(line, path, ++number);
  return script;
}

void ChatScript::add(std::string_view line, const std::string& path, std::size_t number) {
  if (line.empty() || line.starts_with('#')) return;
  const std::size_t colon = line.find(':');
  const std::string_view who = line.substr(0, colon);
  if (colon == std::string_view::npos || (who != "client" && who != "server"))
    throw UserError(Exit::bad_data,
                    {tr("{path}:{line}: a line of nobody"), {{"path", path}, {"line", number}}},
                    tr("each line begins with 'client:' or 'server:'"));
  std::string_view text = line.substr(colon + 1);
  if (text.starts_with(' ')) text.remove_prefix(1);
  lines_.at(who == "client" ? 1 : 0).emplace_back(text);
}

std::optional<std::string> ChatScript::next(Speaker speaker) {
  const auto side = static_cast<std::size_t>(speaker);
  if (used_.at(side) < lines_.at(side).size()) return lines_.at(side).at(used_.at(side)++);
  if (speaker == Speaker::client) return "exit";
  return std::nullopt;
}

} // namespace socktale::cli
