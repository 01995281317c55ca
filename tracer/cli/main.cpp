// The program. Everything is in the library, so that CLI11 is read there alone.
#include "tracer/cli/application.hpp"

int main(int argc, char** argv) { return socktale::cli::run_application(argc, argv); }
