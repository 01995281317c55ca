// What the two people of a chat type, line by line. Owns the file's format, never the typing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::cli {

enum class Speaker : std::size_t { server = 0, client = 1 };

class ChatScript {
 public:
  // The client says hello, the server hi, the client leaves.
  ChatScript();
  // Lines "client: TEXT" and "server: TEXT"; empty lines and lines that begin with # are passed
  // over. Throws UserError(no_input or bad_data).
  [[nodiscard]] static ChatScript from_file(const std::string& path);

  // What this side types next. When its lines are used up the client leaves ("exit") and the server
  // has nothing more to say.
  [[nodiscard]] std::optional<std::string> next(Speaker speaker);

 private:
  void add(std::string_view line, const std::string& path, std::size_t number);
  std::array<std::vector<std::string>, 2> lines_;
  std::array<std::size_t, 2> used_{};
};

} // namespace socktale::cli
