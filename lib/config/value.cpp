#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <optional>

namespace sekisho::config {

namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t milliseconds;
};
constexpr std::array<Unit, 5> units{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0) {
    return std::nullopt;
  }
  const std::string_view suffix = text.substr(static_cast<std::size_t>(rest - text.data()));
  for (const Unit& unit : units) {
    if (unit.suffix == suffix && count <= std::numeric_limits<std::int64_t>::max() / 86'400'000) {
      return std::chrono::milliseconds{count * unit.milliseconds};
    }
  }
  return std::nullopt;
}

template <typename T>
std::unexpected<Mismatch> mismatch(const Value& value) {
  return std::unexpected(Mismatch{describe(value), Codec<T>::expected()});
}

/// The alternative that an option wants, or what to say where the value is another.
template <typename Wanted, typename T>
std::expected<T, Mismatch> read_as(const Value& value) {
  if (const auto* wanted = std::get_if<Wanted>(&value)) {
    return T{*wanted};
  }
  return mismatch<T>(value);
}

/// A list whose elements `parse` makes of strings.
template <typename T, typename Parse>
std::expected<std::vector<T>, Mismatch> read_list(const Value& value, Parse parse) {
  const auto* texts = std::get_if<std::vector<std::string>>(&value);
  if (texts == nullptr) {
    return mismatch<std::vector<T>>(value);
  }
  std::vector<T> list;
  for (const std::string& text : *texts) {
    auto element = parse(text);
    if (!element) {
      return std::unexpected(Mismatch{"has " + quote(text), Codec<std::vector<T>>::expected()});
    }
    list.push_back(*std::move(element));
  }
  return list;
}

template <typename T, typename Write>
std::string write_list(const std::vector<T>& list, Write write) {
  std::string text;
  for (const T& element : list) {
    text += (text.empty() ? "" : ", ") + quote(write(element));
  }
  return "[" + text + "]";
}

std::string write_server(const dns::Server& server) {
  const std::string address =
      server.address.text() + (server.zone.empty() ? "" : "%" + server.zone);
  return server.address.is_v6() ? "[" + address + "]:" + std::to_string(server.port)
                                : address + ":" + std::to_string(server.port);
}

}  // namespace

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04X", static_cast<unsigned>(c));
      quoted += escape.data();
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string describe(const Value& value) {
  struct Describer {
    std::string operator()(bool flag) const {
      return std::string("is the boolean ") + (flag ? "true" : "false");
    }
    std::string operator()(std::int64_t number) const {
      return "is the integer " + std::to_string(number);
    }
    // A password may stand in a URI, whatever option it was written for.
    std::string operator()(const std::string& text) const {
      const std::size_t scheme_end = std::min(text.find("://"), text.size());
      const bool may_hold_secret = text.find_first_of("@?", scheme_end) != std::string::npos;
      return may_hold_secret ? "is a URI" : "is " + quote(text);
    }
    std::string operator()(const std::vector<std::string>&) const { return "is a list"; }
    std::string operator()(const Unusable& unusable) const { return "is " + unusable.what; }
  };
  return std::visit(Describer{}, value);
}

std::expected<bool, Mismatch> Codec<bool>::read(const Value& value) {
  return read_as<bool, bool>(value);
}

std::expected<std::string, Mismatch> Codec<std::string>::read(const Value& value) {
  return read_as<std::string, std::string>(value);
}

std::expected<std::size_t, Mismatch> Codec<std::size_t>::read(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < 0) {
    return mismatch<std::size_t>(value);
  }
  return static_cast<std::size_t>(*number);
}

std::expected<std::chrono::milliseconds, Mismatch> Codec<std::chrono::milliseconds>::read(
    const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  const auto duration = text == nullptr ? std::nullopt : parse_duration(*text);
  if (!duration) {
    return mismatch<std::chrono::milliseconds>(value);
  }
  return *duration;
}

std::string Codec<std::chrono::milliseconds>::write(std::chrono::milliseconds value) {
  constexpr std::int64_t day = 86'400'000;
  if (value.count() > 0 && value.count() % day == 0) {
    return quote(std::to_string(value.count() / day) + "d");
  }
  const bool whole_seconds = value.count() % 1'000 == 0;
  return whole_seconds ? quote(std::to_string(value.count() / 1'000) + "s")
                       : quote(std::to_string(value.count()) + "ms");
}

std::expected<std::chrono::seconds, Mismatch> Codec<std::chrono::seconds>::read(
    const Value& value) {
  const auto duration = Codec<std::chrono::milliseconds>::read(value);
  if (!duration || duration->count() % 1'000 != 0) {
    return mismatch<std::chrono::seconds>(value);
  }
  return std::chrono::duration_cast<std::chrono::seconds>(*duration);
}

std::string Codec<std::chrono::seconds>::write(std::chrono::seconds value) {
  return Codec<std::chrono::milliseconds>::write(value);
}

std::expected<std::vector<std::string>, Mismatch> Codec<std::vector<std::string>>::read(
    const Value& value) {
  return read_as<std::vector<std::string>, std::vector<std::string>>(value);
}

std::string Codec<std::vector<std::string>>::write(const std::vector<std::string>& value) {
  return write_list(value, [](const std::string& text) { return text; });
}

std::expected<std::vector<dns::Network>, Mismatch> Codec<std::vector<dns::Network>>::read(
    const Value& value) {
  return read_list<dns::Network>(value, dns::Network::parse);
}

std::string Codec<std::vector<dns::Network>>::write(const std::vector<dns::Network>& value) {
  return write_list(value, [](const dns::Network& network) { return network.text(); });
}

std::expected<std::vector<mail::Domain>, Mismatch> Codec<std::vector<mail::Domain>>::read(
    const Value& value) {
  return read_list<mail::Domain>(value, mail::Domain::parse);
}

std::string Codec<std::vector<mail::Domain>>::write(const std::vector<mail::Domain>& value) {
  return write_list(value, [](const mail::Domain& domain) { return domain.text(); });
}

std::expected<std::vector<dns::Server>, Mismatch> Codec<std::vector<dns::Server>>::read(
    const Value& value) {
  return read_list<dns::Server>(value, dns::parse_server);
}

std::string Codec<std::vector<dns::Server>>::write(const std::vector<dns::Server>& value) {
  return write_list(value, write_server);
}

}  // namespace sekisho::config
