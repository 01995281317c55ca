#include "tracer/model/value.hpp"

namespace socktale::model {

// Out of line: Value and Field are incomplete where these are declared.
bool Made::operator==(const Made&) const = default;
bool Struct::operator==(const Struct&) const = default;
bool List::operator==(const List&) const = default;

} // namespace socktale::model
