#include "mail/domain.hpp"

#include "mail/ascii.hpp"
#include "mail/idna.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::mail {
namespace {

constexpr std::size_t max_name_octets = 253;  // RFC 1035 §2.3.4, without the root's dot
constexpr std::size_t max_label_octets = 63;
// Four octets of UTF-8 a character, and an A-label has no fewer characters than its U-label.
constexpr std::size_t max_unicode_octets = 4 * max_name_octets;

constexpr bool is_label_character(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label_octets &&
         std::ranges::all_of(label, is_label_character);
}

/// RFC 5890 §2.3.1: neither a hyphen at the end nor an underscore. What is an LDH label is a name
/// in the DNS, whether or not IDNA 2008 allows what it decodes to: registries sell emoji, and RFC
/// 5891 §5.3 lets a look-up go without the tests of code points.
bool is_ldh_label(std::string_view label) {
  return is_label(label) && !label.ends_with('-') && !label.contains('_');
}

/// Appends the label as a `Domain` holds it. UTS 46 maps U+3002 and its like to a dot, which is no
/// label character: in mail only "." separates labels (RFC 6531 §3.3), and what two readers would
/// split differently is refused.
bool append_label(std::string& name, std::string_view label) {
  if (std::ranges::any_of(label, is_eight_bit)) {
    const std::optional<std::string> a_label = to_a_label(label);
    name += a_label.value_or("");
    return a_label && is_ldh_label(*a_label);  // STD 3, RFC 5891 §4.2.3
  }
  name += to_lower(label);
  return has_a_label_prefix(label) ? is_ldh_label(label) : is_label(label);
}

}  // namespace

std::optional<Domain> Domain::parse(std::string_view text) {
  if (text.size() > max_unicode_octets) {
    return std::nullopt;
  }
  if (text.ends_with('.')) {
    text.remove_suffix(1);
  }
  std::string name;
  name.reserve(text.size());
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!append_label(name, text.substr(0, dot))) {
      return std::nullopt;
    }
    if (dot == std::string_view::npos) {
      break;
    }
    name += '.';
    text.remove_prefix(dot + 1);
  }
  return name.size() <= max_name_octets ? std::optional(Domain(std::move(name))) : std::nullopt;
}

std::string Domain::unicode() const {
  std::string name;
  std::size_t start = 0;
  for (;;) {
    const std::size_t dot = text_.find('.', start);
    const std::string label = text_.substr(start, dot - start);
    name += has_a_label_prefix(label) ? to_u_label(label).value_or(label) : label;
    if (dot == std::string::npos) {
      return name;
    }
    name += '.';
    start = dot + 1;
  }
}

std::size_t Domain::label_count() const {
  return static_cast<std::size_t>(std::ranges::count(text_, '.')) + 1;
}

Domain Domain::suffix(std::size_t count) const {
  std::size_t start = text_.size();
  do {
    start = text_.rfind('.', start - 1);
    if (start == std::string::npos) {
      return *this;
    }
  } while (--count > 0);
  return Domain(text_.substr(start + 1));
}

bool Domain::is_within(const Domain& other) const {
  if (!text_.ends_with(other.text_)) {
    return false;
  }
  const std::size_t rest = text_.size() - other.text_.size();
  return rest == 0 || text_[rest - 1] == '.';
}

}  // namespace sekisho::mail
