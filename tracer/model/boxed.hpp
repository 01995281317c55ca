// A value on the heap that is copied and compared as if it stood where its box is: makes a variant
// of small and large alternatives small. Owns one value, and nothing once it was moved from.
#pragma once

#include <memory>
#include <utility>

namespace socktale::model {

template <class T> class Boxed {
 public:
  Boxed() : held_(std::make_unique<T>()) {}
  Boxed(T value) : held_(std::make_unique<T>(std::move(value))) {} // a Value is made of any of them
  Boxed(const Boxed& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(const Boxed& other) {
    if (this != &other) *this = Boxed(other);
    return *this;
  }
  Boxed& operator=(Boxed&&) noexcept = default;
  ~Boxed() = default;

  [[nodiscard]] T& operator*() { return *held_; }
  [[nodiscard]] const T& operator*() const { return *held_; }
  bool operator==(const Boxed& other) const { return **this == *other; }

 private:
  std::unique_ptr<T> held_;
};

} // namespace socktale::model
