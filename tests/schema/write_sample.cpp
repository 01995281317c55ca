// Writes a trace that holds every kind of event and value to the file that its argument names.
#include "tests/unit/model/sample.hpp"
#include "tracer/model/trace_file.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: write_sample FILE\n", stderr), 64;
  try {
    socktale::model::TraceWriter writer(argv[1]);
    writer.begin(socktale::test::sample_header());
    for (const auto& event : socktale::test::sample_events()) writer.on(event);
    writer.flush();
    return writer.failure() ? 74 : 0;
  } catch (const socktale::UserError& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
