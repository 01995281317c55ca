// Where the chat's programs are and how each is called. Never starts them.
#pragma once

#include "tracer/cli/chat_script.hpp"

#include <string>
#include <vector>

namespace socktale::cli {

struct ChatSettings {
  std::string server = "python"; // one of chat_languages()
  std::string client = "python";
  std::string family = "inet"; // "inet", "inet6", "unix"
  int port = 12345;
  std::string path; // AF_UNIX; empty: one in a temporary folder
};

// Names that --server and --client take.
[[nodiscard]] std::vector<std::string> chat_languages();

// The command line of one side. Throws UserError: a family that the program does not speak (usage),
// a program that is not built, or an interpreter that is not installed (not_found).
[[nodiscard]] std::vector<std::string> chat_command(const ChatSettings& settings, Speaker speaker);

} // namespace socktale::cli
