#include "tracer/locate/python/code.hpp"

#include "tracer/locate/python/object.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace socktale::locate::python {

namespace {

constexpr std::size_t most_path = 4096, most_name = 1024, most_table = 1U << 20U;

template <class T> T field(std::span<const std::byte> header, std::uint32_t at) {
  T value{};
  if (at != none && at + sizeof value <= header.size())
    std::memcpy(&value, header.data() + at, sizeof value);
  return value;
}

} // namespace

std::optional<CodeCache::Identity> CodeCache::identity_of(Remote<> at, ReadAhead& ahead) const {
  std::array<std::byte, 160> header{}; // reaches past all that identifies, in every version
  if (!ahead.read(at, header)) return std::nullopt;
  if (code_type_ && field<std::uint64_t>(header, object_type) != code_type_.address)
    return std::nullopt;
  return Identity{field<std::uint64_t>(header, offsets_.code_file),
                  field<std::uint64_t>(header, offsets_.code_name),
                  field<std::uint64_t>(header, offsets_.code_qualname),
                  field<std::uint64_t>(header, offsets_.code_table),
                  field<std::int32_t>(header, offsets_.code_first_line),
                  field<std::uint32_t>(header, offsets_.code_version)};
}

// Unreadable parts stay zeros: they compare equal for as long as they are unreadable.
CodeCache::Proof CodeCache::proof_of(const Identity& identity, ReadAhead& ahead) const {
  Proof proof;
  const auto fill = [&](std::uint64_t object, std::uint32_t text, std::uint64_t& size,
                        std::span<std::byte> into) {
    size = ahead.value<std::uint64_t>(Remote<>{object}.plus(object_size)).value_or(0);
    static_cast<void>(
        ahead.read(Remote<>{object}.plus(text), into.first(std::min(size, into.size()))));
  };
  fill(identity.file, offsets_.ascii_text, proof.file_size, proof.file);
  fill(identity.table, bytes_text, proof.table_size, proof.table);
  return proof;
}

bool CodeCache::holds(const Entry& entry, const Identity& identity, ReadAhead& ahead) const {
  return entry.identity == identity && (!entry.proof || *entry.proof == proof_of(identity, ahead));
}

std::shared_ptr<const Code> CodeCache::get(Remote<> at, ReadAhead& ahead, Memory& memory) {
  const auto known = entries_.find(at.address);
  if (known != entries_.end() && known->second.stop == stop_) return known->second.code;
  const auto identity = identity_of(at, ahead);
  if (!identity) return nullptr;
  if (known != entries_.end() && holds(known->second, *identity, ahead)) {
    known->second.stop = stop_;
    return known->second.code;
  }
  if (entries_.size() >= most_codes || bytes_ > most_bytes) {
    entries_.clear();
    bytes_ = 0;
  }
  auto code = read(*identity, memory);
  bytes_ += code->file.size() + code->name.size() + code->short_name.size() + code->table.size();
  std::unique_ptr<const Proof> proof;
  if (identity->version == 0 && !is_library_(code->file))
    proof = std::make_unique<const Proof>(proof_of(*identity, ahead));
  entries_[at.address] = {*identity, code, std::move(proof), stop_};
  return code;
}

std::shared_ptr<const Code> CodeCache::read(const Identity& identity, Memory& memory) {
  auto code = std::make_shared<Code>();
  code->format = offsets_.lines;
  code->first_line = identity.first_line;
  code->shim = identity.file == identity.name && identity.name == identity.qualname;
  const auto text = [&](std::uint64_t at, std::size_t limit) {
    std::string read = at == 0 ? "" : read_str(memory, {at}, offsets_, limit).value_or("");
    left_ -= std::min(left_, read.size());
    return read;
  };
  code->file = text(identity.file, most_path);
  code->short_name = text(identity.name, most_name);
  code->name = text(identity.qualname, most_name);
  if (code->name.empty()) code->name = code->short_name;
  code->table = read_bytes(memory, {identity.table}, std::min(left_, most_table)).value_or("");
  left_ -= std::min(left_, code->table.size());
  return code;
}

} // namespace socktale::locate::python
