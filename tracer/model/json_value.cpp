// The spelling of values: every alternative has a form of its own, told apart by its members.
#include "tracer/base/text.hpp"
#include "tracer/model/json_reader.hpp"
#include "tracer/model/json_writer.hpp"

#include <array>

namespace socktale::model {

using json::Like;
using json::Line;
using json::Source;

void members(auto& io, Like<Symbol> auto& symbol) {
  io.may("name", symbol.name);
  io.must("number", symbol.number);
  io.may("unknown", symbol.unknown);
}

void members(auto& io, Like<Flags> auto& flags) {
  io.must("flags", flags.names);
  io.must("number", flags.number);
  io.may("rest", flags.rest);
  io.may("unknown", flags.unknown);
}

void members(auto& io, Like<Fd> auto& fd) { io.must("fd", fd.number); }

void members(auto& io, Like<Pointer> auto& pointer) { io.must_hex("pointer", pointer.address); }

void members(auto& io, Like<Unreadable> auto& unreadable) {
  io.must_hex("unreadable", unreadable.address);
  io.must("error", unreadable.error);
}

void members(auto& io, Like<Made> auto& made) {
  io.must("made", made.by);
  io.must("of", made.of);
}

void members(auto& io, Like<Field> auto& field) {
  io.may("in", field.before);
  io.may("out", field.after);
  io.may("as", field.meaning);
}

namespace {

void write_form(Line& out, std::monostate /*none*/) { out.null(); }

void write_form(Line& out, const Text& text) { json::write(out, text.text); }

template <class Form> void write_form(Line& out, const Form& form) { json::write(out, form); }

// What was withheld is not written even if it is there.
void write_form(Line& out, const Bytes& bytes) {
  json::Writer writer(out);
  if (bytes.withheld)
    writer.must("withheld", true);
  else if (is_utf8(bytes.data))
    writer.must("text", bytes.data);
  else
    writer.must("base64", to_base64(bytes.data));
  writer.must("length", std::max<std::uint64_t>(bytes.length, bytes.data.size()));
  if (!bytes.withheld) writer.may("redacted", bytes.redacted);
}

// Most members of a structure have one side only, and most of those are inputs: these are written
// as the value alone. No form of a value has a member "in", "out" or "as", so an object with one of
// them is a whole field.
void write_form(Line& out, const Struct& structure) {
  out.open('{');
  out.plain_name("struct");
  out.open('{');
  json::Names names;
  for (const Field& field : structure.members) {
    out.name(names.add(field.name));
    if (field.after.empty() && field.meaning.empty())
      json::write(out, field.before);
    else
      json::write(out, field);
  }
  out.close('}');
  out.close('}');
}

void write_form(Line& out, const List& list) {
  if (list.items.size() >= list.length) return json::write(out, list.items);
  json::Writer writer(out);
  writer.must("items", list.items);
  writer.must("length", list.length);
}

template <class Form> void read_form(const Source& source, Form& form) { json::read(source, form); }

void read_form(const Source& source, Text& text) { json::read(source, text.text); }

void read_form(const Source& source, Bytes& bytes) {
  json::Reader reader(source);
  reader.must("length", bytes.length);
  reader.may("withheld", bytes.withheld);
  if (bytes.withheld) return;
  reader.may("redacted", bytes.redacted);
  if (source.find("text"))
    reader.must("text", bytes.data);
  else
    json::read(source, bytes.data);
  if (bytes.data.size() > bytes.length) source.misfit("keeps more than its length");
}

void read_form(const Source& source, Struct& structure) {
  const Source by_name = *source.find("struct");
  if (!by_name.must_be_object()) return;
  structure.members.reserve(by_name.size());
  by_name.each([&](const Source& member) {
    Field& field = structure.members.emplace_back();
    field.name = member.name();
    if (member.find("in") || member.find("out") || member.find("as"))
      json::read(member, field);
    else
      json::read(member, field.before);
  });
}

void read_form(const Source& source, List& list) {
  if (source.type() == simdjson::dom::element_type::ARRAY) {
    json::read(source, list.items);
    list.length = list.items.size();
    return;
  }
  json::Reader reader(source);
  reader.must("items", list.items);
  reader.must("length", list.length);
  if (list.items.size() > list.length) source.misfit("keeps more than its length");
}

template <class Form> void read_as(const Source& source, Value& value) {
  read_form(source, value.become<Form>());
}

struct Form {
  const char* mark; // the member that only this form has, among those that follow
  void (*read)(const Source&, Value&);
};

constexpr std::array forms = {
    Form{"struct", read_as<Struct>},
    Form{"flags", read_as<Flags>},
    Form{"fd", read_as<Fd>},
    Form{"pointer", read_as<Pointer>},
    Form{"unreadable", read_as<Unreadable>},
    Form{"made", read_as<Made>},
    Form{"items", read_as<List>},
    Form{"length", read_as<Bytes>},
    Form{"base64", read_as<Text>},
    Form{"number", read_as<Symbol>},
};

void read_object(const Source& source, Value& value) {
  const auto form = std::ranges::find_if(
      forms, [&](const Form& each) { return source.find(each.mark).has_value(); });
  if (form == forms.end()) return source.misfit("is no known form of a value");
  form->read(source, value);
}

void read_number(const Source& source, Value& value) {
  if (source.type() == simdjson::dom::element_type::UINT64) // beyond INT64_MAX
    json::read(source, value.become<std::uint64_t>());
  else
    json::read(source, value.become<std::int64_t>());
}

} // namespace

void json::write(Line& out, const Value& value) {
  value.visit([&](const auto& form) { write_form(out, form); });
}

void json::read(const Source& source, Value& value) {
  using Type = simdjson::dom::element_type;
  switch (source.type()) {
  case Type::NULL_VALUE: value = {}; return;
  case Type::STRING: return read_as<Text>(source, value);
  case Type::ARRAY: return read_as<List>(source, value);
  case Type::OBJECT: return read_object(source, value);
  default: return read_number(source, value); // or a misfit
  }
}

void json::write(Line& out, const std::vector<Field>& args) {
  out.open('{');
  Names names;
  for (const Field& field : args) {
    out.name(names.add(field.name));
    write(out, field);
  }
  out.close('}');
}

void json::read(const Source& source, std::vector<Field>& args) {
  if (!source.must_be_object()) return;
  args.reserve(source.size()); // a trace may have a million calls: no room that is not needed
  source.each([&](const Source& arg) {
    Field& field = args.emplace_back();
    field.name = arg.name();
    read(arg, field);
  });
}

} // namespace socktale::model
