// A text that very many records have: a call's name, a path, an expression in the source. One word,
// whose copies share the text; a thread that makes the same one again soon gets that which it made
// before. Never changes, and never means anything.
#pragma once

#include <atomic>
#include <compare>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace socktale::model {

class Name {
 public:
  Name() = default;
  Name(std::string_view text); // as implicit as a std::string's own: records are made of texts
  Name(const std::string& text) : Name(std::string_view(text)) {}
  Name(const char* text) : Name(std::string_view(text)) {}
  Name(const Name& other) noexcept : held_(other.held_) { keep(); }
  Name(Name&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
  Name& operator=(Name other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~Name() { drop(); }

  [[nodiscard]] const std::string& text() const {
    return held_ == nullptr ? nothing() : held_->text;
  }
  [[nodiscard]] bool empty() const { return held_ == nullptr; }
  [[nodiscard]] bool starts_with(std::string_view with) const { return text().starts_with(with); }
  [[nodiscard]] bool ends_with(std::string_view with) const { return text().ends_with(with); }
  operator const std::string&() const { return text(); }
  operator std::string_view() const { return text(); }

  friend bool operator==(const Name& a, const Name& b) {
    return a.held_ == b.held_ || a.text() == b.text();
  }
  friend auto operator<=>(const Name& a, const Name& b) { return a.text() <=> b.text(); }
  template <class Text>
    requires(std::convertible_to<const Text&, std::string_view> && !std::same_as<Text, Name>)
  friend bool operator==(const Name& a, const Text& b) {
    return a.text() == std::string_view(b);
  }

 private:
  struct Held {
    std::string text;
    std::atomic<unsigned> owners = 1;
  };
  static const std::string& nothing();
  void keep() const {
    if (held_ != nullptr) held_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  void drop() const {
    if (held_ != nullptr && held_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete held_;
  }

  Held* held_ = nullptr; // nullptr: the empty text
};

} // namespace socktale::model

// What the algorithms of std::ranges look for among Names may be any text.
template <class Text, template <class> class NameRef, template <class> class TextRef>
  requires(std::same_as<Text, std::string> || std::same_as<Text, std::string_view>)
struct std::basic_common_reference<socktale::model::Name, Text, NameRef, TextRef> {
  using type = std::string_view;
};
template <class Text, template <class> class TextRef, template <class> class NameRef>
  requires(std::same_as<Text, std::string> || std::same_as<Text, std::string_view>)
struct std::basic_common_reference<Text, socktale::model::Name, TextRef, NameRef> {
  using type = std::string_view;
};

template <> struct fmt::formatter<socktale::model::Name> : fmt::formatter<std::string_view> {
  auto format(const socktale::model::Name& name, auto& context) const {
    return fmt::formatter<std::string_view>::format(name.text(), context);
  }
};
