#include "migrate/data_set.hpp"

#include "keys/table.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace sekisho::migrate {

namespace {

using keys::trimmed;

// Pieces that exclusions may leave of the networks of one set.
constexpr std::size_t max_networks = 10'000;

struct HostNetwork {
  dns::Network network;
  bool is_excluded = false;
};

// [ADDRESS] and [ADDRESS]/BITS, as mynetworks of Postfix has IPv6 (opendkim.conf(5), PeerList).
std::string without_brackets(std::string_view text) {
  const std::size_t end = text.find(']');
  if (!text.starts_with('[') || end == std::string_view::npos) {
    return std::string(text);
  }
  return std::string(text.substr(1, end - 1)) + std::string(text.substr(end + 1));
}

bool looks_numeric(std::string_view text) {
  return text.contains(':') || text.find_first_not_of("0123456789./") == std::string_view::npos;
}

// One half of a network, the lower or the upper.
dns::Network half(const dns::Network& network, bool upper) {
  const unsigned length = network.prefix_length + 1;
  const unsigned bit = network.prefix_length;
  auto octets = network.address.octets();
  std::array<std::uint8_t, 16> bytes{};
  std::ranges::copy(octets, bytes.begin());
  if (upper) {
    bytes.at(bit / 8) |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
  }
  if (network.address.is_v4()) {
    return {dns::IpAddress::v4({bytes[0], bytes[1], bytes[2], bytes[3]}), length};
  }
  return {dns::IpAddress::v6(bytes), length};
}

bool has_within(const dns::Network& outer, const dns::Network& inner) {
  return outer.address.is_v4() == inner.address.is_v4() &&
         outer.prefix_length <= inner.prefix_length && outer.contains(inner.address);
}

// What is left of `network` without `hole`, which is in it.
void cut(dns::Network network, const dns::Network& hole, std::vector<dns::Network>& left) {
  while (network.prefix_length < hole.prefix_length) {
    const dns::Network lower = half(network, false);
    const dns::Network upper = half(network, true);
    const bool is_in_lower = has_within(lower, hole);
    left.push_back(is_in_lower ? upper : lower);
    network = is_in_lower ? lower : upper;
  }
}

void exclude(const dns::Network& hole, std::vector<dns::Network>& networks) {
  std::vector<dns::Network> left;
  for (const dns::Network& network : networks) {
    if (has_within(network, hole)) {
      cut(network, hole, left);
    } else if (!has_within(hole, network)) {
      left.push_back(network);
    }
  }
  networks = std::move(left);
}

// Less precise ones first, so that what comes later may decide otherwise.
std::vector<dns::Network> combine(std::vector<HostNetwork> all) {
  std::ranges::stable_sort(all, {},
                           [](const HostNetwork& one) { return one.network.prefix_length; });
  std::vector<dns::Network> networks;
  for (const HostNetwork& one : all) {
    if (one.is_excluded) {
      exclude(one.network, networks);
    } else {
      networks.push_back(one.network);
    }
  }
  return networks;
}

std::optional<std::string> host_name(std::string_view text, bool has_patterns) {
  const bool is_below = text.starts_with('.') || (has_patterns && text.starts_with("*."));
  const std::string_view name = is_below ? text.substr(text.find('.') + 1) : text;
  const auto domain = mail::Domain::parse(name);
  return domain ? std::optional((is_below ? "." : "") + domain->text()) : std::nullopt;
}

// IPv4 addresses in the coat of IPv6 (RFC 4291 §2.5.5.2), and networks of them, as IPv4.
std::expected<dns::Network, std::string> parse_network(std::string_view text) {
  constexpr std::string_view coat = "::ffff:";
  constexpr unsigned coat_length = 96;
  const std::size_t slash = text.find('/');
  if (!mail::equals_ignoring_case(text.substr(0, coat.size()), coat) ||
      slash == std::string_view::npos || !text.contains('.')) {
    return dns::Network::parse(text);
  }
  for (unsigned length = 0; length <= 32; ++length) {
    if (text.substr(slash + 1) == std::to_string(coat_length + length)) {
      const std::string_view address = text.substr(coat.size(), slash - coat.size());
      return dns::Network::parse(std::string(address) + "/" + std::to_string(length));
    }
  }
  return std::unexpected("the prefix length is not 96 to 128");
}

class Sorter {
 public:
  explicit Sorter(bool has_patterns) : has_patterns_(has_patterns) {}

  void add(const Member& member) {
    const bool is_excluded = member.text.starts_with('!');
    const std::string text =
        without_brackets(trimmed(std::string_view(member.text).substr(is_excluded ? 1 : 0)));
    if (networks_.size() >= max_networks) {
      refuse(member, "there are too many");
    } else if (mail::equals_ignoring_case(text, "localhost")) {
      take({dns::IpAddress::v4({127, 0, 0, 1}), 32}, is_excluded);
      take(*dns::Network::parse("::1"), is_excluded);
    } else if (looks_numeric(text)) {
      add_network(member, text, is_excluded);
    } else {
      add_name(member, text, is_excluded);
    }
  }

  Hosts finish() {
    const bool has_exclusions = std::ranges::any_of(networks_, &HostNetwork::is_excluded);
    if (has_exclusions && networks_.size() > max_networks / 10) {
      refuse({"!", {}}, "there are too many networks to exclude others from");
      std::erase_if(networks_, &HostNetwork::is_excluded);
    }
    hosts_.networks = combine(std::move(networks_));
    return std::move(hosts_);
  }

 private:
  void add_network(const Member& member, std::string_view text, bool is_excluded) {
    const auto network = parse_network(text);
    if (!network) {
      refuse(member, network.error() + ", so that it never matched anything");
      return;
    }
    take(*network, is_excluded);
  }
  void take(const dns::Network& network, bool is_excluded) {
    if (seen_.insert((is_excluded ? "!" : "") + network.text()).second) {
      networks_.push_back({network, is_excluded});
    }
  }
  void add_name(const Member& member, std::string_view text, bool is_excluded) {
    auto name = host_name(text, has_patterns_);
    if (!name) {
      refuse(member, "neither an address nor a network nor the name of a host");
    } else if (is_excluded) {
      refuse(member, "names cannot be excluded");
    } else {
      hosts_.names.push_back(*std::move(name));
    }
  }
  void refuse(const Member& member, std::string reason) {
    hosts_.odd.push_back({member, std::move(reason)});
  }

  bool has_patterns_;
  std::set<std::string> seen_;
  std::vector<HostNetwork> networks_;
  Hosts hosts_;
};

}  // namespace

DataSetName name_data_set(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, DataSetKind>, 12> prefixes{
      {{"file:", DataSetKind::file},
       {"refile:", DataSetKind::patterns},
       {"csl:", DataSetKind::list},
       {"db:", DataSetKind::database},
       {"dsn:", DataSetKind::database},
       {"ldap:", DataSetKind::database},
       {"ldaps:", DataSetKind::database},
       {"ldapi:", DataSetKind::database},
       {"lua:", DataSetKind::database},
       {"memcache:", DataSetKind::database},
       {"erlang:", DataSetKind::database},
       {"mdb:", DataSetKind::database}}};
  for (const auto& [prefix, kind] : prefixes) {
    if (text.starts_with(prefix)) {
      return {kind, kind == DataSetKind::database ? text : text.substr(prefix.size())};
    }
  }
  if (text.ends_with(".db")) {
    return {DataSetKind::database, text};
  }
  const bool is_path = text.starts_with('/') || text.starts_with("./") || text.starts_with("../");
  return {is_path ? DataSetKind::file : DataSetKind::list, text};
}

DataSet parse_list(std::string_view text, const Place& place) {
  DataSet set;
  while (!text.empty() && set.members.size() < max_members) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (const std::string_view member = trimmed(text.substr(0, end)); !member.empty()) {
      const std::size_t equals = std::min(member.find('='), member.size());
      const std::string_view value = member.substr(std::min(equals + 1, member.size()));
      set.members.push_back({std::string(member), place,
                             std::string(trimmed(member.substr(0, equals))),
                             std::string(trimmed(value))});
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return set;
}

DataSet parse_members(std::string_view text, const std::string& file) {
  DataSet set;
  for (std::size_t number = 1; !text.empty() && set.members.size() < max_members; ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, std::min(end, text.find('#'))));
    const std::string_view name = line.substr(0, line.find_first_of(mail::blanks));
    if (!name.empty()) {
      const std::string first(name.substr(0, max_line_octets));
      const std::string_view value = trimmed(line.substr(name.size()));
      set.members.push_back(
          {first, {file, number}, first, std::string(value.substr(0, max_line_octets))});
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return set;
}

Hosts sort_hosts(const DataSet& set) {
  Sorter sorter(set.has_patterns);
  for (const Member& member : set.members) {
    sorter.add(member);
  }
  return sorter.finish();
}

}  // namespace sekisho::migrate
