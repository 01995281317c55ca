// socktale: the command line. Chooses the command and turns every failure into an error, a hint and
// an exit code.
#pragma once

namespace socktale::cli {

// What main() is given; returns the exit status. Never throws.
[[nodiscard]] int run_application(int argc, char** argv);

} // namespace socktale::cli
