#include "tracer/decode/entry.hpp"

namespace socktale::decode {
namespace {

Layout layout_of(tables::Abi abi, tables::Form form) {
  Layout layout = abi == tables::Abi::i386 ? layout_32 : layout_64;
  if (form == tables::Form::wide_time) layout.time = layout_64.time;
  if (form == tables::Form::wide_offset) layout.offset = layout_64.offset;
  return layout;
}

} // namespace

std::optional<Entered> entered(tables::Abi abi, long number,
                               const std::array<std::uint64_t, 6>& words, Memory& memory) {
  const bool multiplexed = tables::is_socketcall(abi, number);
  const auto entry =
      multiplexed ? tables::entry_of_socketcall(words[0]) : tables::entry_of(abi, number);
  if (!entry) return std::nullopt;
  Entered out{entry->row, {words, layout_of(abi, entry->form)}, entry->via};
  if (entry->form != tables::Form::packed) return out;
  const auto packed =
      read_array<std::uint32_t>(memory, {multiplexed ? words[1] : words[0]}, entry->words);
  if (packed.size() < entry->words) return std::nullopt;
  out.args.fill(0);
  for (std::size_t i = 0; i < packed.size(); ++i) out.args.at(i) = packed[i];
  return out;
}

} // namespace socktale::decode
