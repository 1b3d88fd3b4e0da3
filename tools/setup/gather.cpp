#include "tools/setup/gather.hpp"

#include "config/socket.hpp"
#include "config/source_files.hpp"
#include "keys/key_file.hpp"
#include "tools/config/milter_names.hpp"
#include "tools/key/store.hpp"
#include "tools/setup/drop_ins.hpp"
#include "tools/setup/postfix_facts.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace sekisho::tools::setup {

namespace {

std::string value_of(const PostfixFacts& postfix, const std::string& parameter) {
  const auto found = postfix.values.find(parameter);
  return found == postfix.values.end() ? "" : found->second;
}

// The word after `$j = ` in what `sendmail -d0.1` prints.
std::string word_after(std::string_view text, std::string_view mark) {
  const std::size_t begin = text.find(mark);
  if (begin == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = text.substr(begin + mark.size());
  return std::string(rest.substr(0, rest.find_first_of(" \t\r\n")));
}

std::optional<SendmailFacts> gather_sendmail(const Sources& sources) {
  const auto source = sources.read_file("/etc/mail/sendmail.mc");
  if (!source) {
    return std::nullopt;
  }
  const std::string told = sources.run({"sendmail", "-d0.1", "-bt"}).output;
  if (!told.contains("Version ")) {
    return std::nullopt;
  }
  return SendmailFacts{word_after(told, "Version "), word_after(told, "$j = "),
                       source->contains("INPUT_MAIL_FILTER(`sekisho'")};
}

DaemonState gather_daemon(const CommandRunner& run) {
  const std::string loaded =
      run({"systemctl", "show", "--property=LoadState", "--value", "sekishod.service"}).output;
  if (loaded != "loaded\n") {
    return DaemonState::unmanaged;
  }
  return run({"systemctl", "is-active", "sekishod.service"}).output == "active\n"
             ? DaemonState::running
             : DaemonState::stopped;
}

ConfigurationFacts gather_configuration(const Sources& sources, const Places& places,
                                        const std::expected<config::Options, Refusal>& options) {
  ConfigurationFacts facts;
  facts.file = places.configuration;
  facts.drop_ins = config::drop_in_folder(places.configuration);
  if (!options) {
    facts.problem = options.error().message;
    return facts;
  }
  facts.options = *options;
  const std::string main = main_drop_in(facts.drop_ins);
  if (const auto text = sources.read_file(main)) {
    facts.written[main] = *text;
  }
  return facts;
}

void name_host(Facts& facts) {
  facts.host_name = facts.configuration.options.host_name;
  if (facts.postfix) {
    facts.mail_server = MailServer::postfix;
    facts.host_name = facts.postfix->wiring.host_name;
    facts.mail_domain = value_of(*facts.postfix, "mydomain");
  } else if (facts.sendmail) {
    facts.mail_server = MailServer::sendmail;
    facts.host_name = facts.sendmail->host_name;
  }
  if (facts.mail_domain.empty() || !facts.mail_domain.contains('.')) {
    const std::size_t dot = facts.host_name.find('.');
    const std::string above = dot == std::string::npos ? "" : facts.host_name.substr(dot + 1);
    facts.mail_domain = above.contains('.') ? above : facts.host_name;
  }
}

// OpenDKIM may sit at the port that the package gives to Sekisho: then the name is not ours.
void gather_milters(Facts& facts, const Sources& sources) {
  const PostfixFacts& postfix = *facts.postfix;
  const OtherSockets sockets = gather_other_sockets(sources.run, sources.read_file);
  if (const auto socket = config::parse_socket(facts.configuration.options.socket)) {
    facts.own_names = names_in_postfix(*socket, postfix.wiring);
  }
  std::erase_if(facts.own_names, [&](const auto& name) { return is_taken(name, sockets); });
  facts.others = find_other_milters(milters_of(postfix.wiring), facts.own_names, sockets);
  facts.has_socket_folder = sources.files(postfix.wiring.queue_directory + "/sekisho").has_value();
}

bool has_file(const std::vector<KeyFacts>& keys, const std::string& file) {
  return std::ranges::find(keys, file, &KeyFacts::file) != keys.end();
}

// The keys of [[sign]] for the domain itself; those of patterns sign for other domains, too.
void add_configured_keys(DomainFacts& domain, const config::Options& options) {
  for (const keys::SignEntry& entry : options.signing.keys.entries) {
    const auto name = mail::Domain::parse(entry.domain);
    if (!name || *name != domain.domain || has_file(domain.keys, entry.key_file)) {
      continue;
    }
    auto key = keys::read_key_file(entry.key_file, true);
    if (!key) {
      domain.unreadable = key.error();
      continue;
    }
    domain.keys.push_back({std::make_shared<const dkim::SigningKey>(
                               dkim::SigningKey{domain.domain, entry.selector, *std::move(key)}),
                           entry.key_file, true, keys::PublicationState::unknown});
  }
}

void add_stored_keys(DomainFacts& domain, const KeyStore& store) {
  auto stored = store.list();
  if (!stored) {
    domain.unreadable = stored.error().message;
    return;
  }
  for (StoredKey& one : *stored) {
    if (!one.retired && !has_file(domain.keys, one.file)) {
      domain.keys.push_back(
          {std::move(one.key), std::move(one.file), false, keys::PublicationState::unknown});
    }
  }
}

// Postfix may be bound to an address.
std::vector<dns::IpAddress> addresses_to_look_at(const Facts& facts, const Sources& sources,
                                                 const Places& places) {
  std::vector<dns::IpAddress> addresses = places.sent_from;
  for (const char* const parameter : {"smtp_bind_address", "smtp_bind_address6"}) {
    const auto bound = facts.postfix && places.sent_from.empty()
                           ? dns::IpAddress::parse(value_of(*facts.postfix, parameter))
                           : std::nullopt;
    if (bound) {
      addresses.push_back(*bound);
    }
  }
  return addresses.empty() ? sources.addresses() : addresses;
}

std::optional<dns::IpAddress> first_public(const Facts& facts) {
  const auto found = std::ranges::find_if(facts.addresses, &AddressFacts::is_public);
  return found == facts.addresses.end() ? std::nullopt : std::optional(found->address);
}

}  // namespace

Facts gather_local_facts(const Sources& sources, const Places& places,
                         const std::expected<config::Options, Refusal>& options) {
  Facts facts;
  facts.configuration = gather_configuration(sources, places, options);
  facts.key_folder = places.key_folder;
  if (auto postfix = gather_postfix(sources.run, places.postfix_folder)) {
    facts.postfix = *std::move(postfix);
    gather_milters(facts, sources);
  } else {
    facts.postfix_problem = std::move(postfix.error());
    facts.sendmail = gather_sendmail(sources);
  }
  name_host(facts);
  facts.daemon = gather_daemon(sources.run);
  return facts;
}

Facts gather_facts(const Sources& sources, const Places& places,
                   const std::expected<config::Options, Refusal>& options) {
  Facts facts = gather_local_facts(sources, places, options);
  facts.resolver = {places.name_servers, gather_validation(sources.lookups)};
  facts.addresses = gather_addresses(addresses_to_look_at(facts, sources, places), sources.lookups);
  return facts;
}

void gather_domains(Facts& facts, const std::vector<mail::Domain>& domains,
                    const Sources& sources) {
  for (const mail::Domain& name : domains) {
    DomainFacts domain{.domain = name};
    const KeyStore store(facts.key_folder, name);
    add_configured_keys(domain, facts.configuration.options);
    add_stored_keys(domain, store);
    domain.next_rsa_selector = store.free_selector(crypto::KeyType::rsa, sources.now);
    domain.next_ed25519_selector = store.free_selector(crypto::KeyType::ed25519, sources.now);
    const std::string file = signing_drop_in(facts.configuration.drop_ins, name);
    if (const auto text = sources.read_file(file)) {
      facts.configuration.written[file] = *text;
    }
    gather_records(domain, first_public(facts), facts.host_name, sources.lookups);
    facts.domains.push_back(std::move(domain));
  }
}

}  // namespace sekisho::tools::setup
