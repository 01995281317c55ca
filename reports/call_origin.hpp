// One line that says which call something in an exported file comes from: who made it, what it was
// and where it is written. For files that other programs show.
#pragma once

#include "reports/findings_text.hpp"

#include <string>

namespace socktale::reports {

class CallOrigins {
 public:
  CallOrigins(const Story& story, const Options& options);

  // "client pid 7 tid 7 fd 3: sendto(3, "hello", 5, 0, NULL, 0) = 5, client.py:43
  // sock.send(text)". Printable, in one line, of a bounded length.
  [[nodiscard]] std::string of(const model::Call& call) const;
  // The same without who: "sendto = 5, client.py:43 sock.send(text)".
  [[nodiscard]] std::string short_of(const model::Call& call) const;

 private:
  [[nodiscard]] std::string written(const model::Call& call) const;

  const Story& story_;
  const Options& options_;
  CallPlaces steps_;
};

} // namespace socktale::reports
