#include "policy/name_pattern.hpp"

#include "mail/ascii.hpp"
#include "mail/local_part.hpp"

namespace sekisho::policy {

namespace {

// In lower case and A-labels. Nullopt: no pattern.
std::optional<std::string> normalize_pattern(std::string_view pattern) {
  if (pattern == "*") {
    return "*";
  }
  const std::size_t at = pattern.rfind('@');
  const bool has_local_part = at != std::string_view::npos;
  const std::string_view local_part = has_local_part ? pattern.substr(0, at) : "";
  std::string_view name = has_local_part ? pattern.substr(at + 1) : pattern;
  if (has_local_part && !mail::is_local_part(local_part)) {
    return std::nullopt;
  }
  std::string before = has_local_part ? mail::to_lower(mail::without_quotes(local_part)) + '@' : "";
  if (before.empty() && name.starts_with('.')) {
    before.push_back('.');
    name.remove_prefix(1);
  }
  const auto domain = mail::Domain::parse(name);
  return domain ? std::optional(before + domain->text()) : std::nullopt;
}

}  // namespace

bool NameSet::add(std::string_view pattern) {
  if (pattern == "<>") {
    patterns_.insert("<>");
    return true;
  }
  auto normalized = normalize_pattern(pattern);
  if (!normalized) {
    return false;
  }
  patterns_.insert(*std::move(normalized));
  return true;
}

bool NameSet::covers(std::string_view local_part, const std::optional<mail::Domain>& domain) const {
  if (patterns_.contains("*")) {
    return true;
  }
  if (!domain) {
    return false;
  }
  const std::string& name = domain->text();
  if (patterns_.contains(name) ||
      (!local_part.empty() && patterns_.contains(mail::to_lower(local_part) + "@" + name))) {
    return true;
  }
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    if (patterns_.contains(name.substr(dot))) {
      return true;
    }
  }
  return false;
}

}  // namespace sekisho::policy
