#include "preflight/shop.hpp"

#include "dkim/body_hashes.hpp"
#include "dkim/signer.hpp"
#include "mail/message_reader.hpp"

#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace sekisho::test {

namespace {

const dkim::SigningKeyPtr& key_of(const std::string& domain) {
  static std::map<std::string, dkim::SigningKeyPtr> keys;
  dkim::SigningKeyPtr& key = keys[domain];
  if (!key) {
    key = std::make_shared<dkim::SigningKey>(
        dkim::SigningKey{.domain = mail::Domain::parse(domain).value(),
                         .selector = "s1",
                         .key = crypto::PrivateKey::generate(crypto::KeyType::ed25519)});
  }
  return key;
}

std::string lines_as_file(std::string text) {
  std::erase(text, '\r');
  return text;
}

std::string sign(const std::string& message, const Departure& departure) {
  dkim::SignOptions options;
  options.expiry = std::chrono::days(7);
  std::istringstream names(departure.signed_fields);
  for (std::string name; names >> name;) {
    options.signed_fields.push_back(name);
  }
  if (!options.signed_fields.empty()) {
    options.always_signed.clear();
    options.oversigned_fields.clear();
  }
  if (departure.is_simple) {
    options.header_canonicalization = dkim::Canonicalization::simple;
  }
  dkim::BodyHashes hashes;
  std::optional<dkim::Signer> signer;
  std::istringstream input(message);
  mail::read_message(
      input, {},
      [&](const mail::HeaderSection& header) {
        signer.emplace(header, std::vector<dkim::SignatureRequest>{{key_of(departure.domain), ""}},
                       options, departure.signed_at, hashes);
      },
      [&](std::string_view chunk) { hashes.update(chunk); });
  hashes.finish();
  const mail::HeaderField field = signer->finish(hashes).front();
  const std::string text = field.name + ":" + field.value + "\r\n";
  return (message.contains("\r\n") ? text : lines_as_file(text)) + message;
}

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

}  // namespace

const std::string clean_message =
    "From: \"Shop Example\" <news@shop.example>\r\n"
    "To: Ann <ann@gmail.com>\r\n"
    "Subject: Your order\r\n"
    "Date: Tue, 01 Dec 2026 09:30:00 +0000\r\n"
    "Message-ID: <20261201.0930.1@shop.example>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 7bit\r\n"
    "\r\n"
    "Hello Ann,\r\n"
    "your parcel is on its way.\r\n";

const std::string clean_newsletter =
    changed(clean_message, "Subject: Your order\r\n",
            "Subject: Five lamps for winter\r\n"
            "List-Id: <news.shop.example>\r\n"
            "List-Unsubscribe: <https://shop.example/u/4f9c1d77e2b04a>,\r\n"
            " <mailto:leave@shop.example>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) {
    throw std::invalid_argument("not there: " + from);
  }
  return text.replace(at, from.size(), to);
}

std::shared_ptr<FakeResolver> shop_zone() {
  auto zone = std::make_shared<FakeResolver>();
  zone->add_txt("shop.example", "v=spf1 ip4:203.0.113.5 ip6:2001:db8::5 -all");
  zone->add_mx("shop.example", 10, "mail.shop.example");
  zone->add_txt("_dmarc.shop.example", "v=DMARC1; p=reject");
  zone->add_address("mail.shop.example", "203.0.113.5");
  zone->add_address("mail.shop.example", "2001:db8::5");
  zone->add_txt("mail.shop.example", "v=spf1 a -all");
  zone->add_ptr("203.0.113.5", "mail.shop.example");
  zone->add_ptr("2001:db8::5", "mail.shop.example");
  for (const std::string domain : {"shop.example", "sender.example", "sub.shop.example"}) {
    zone->add_txt(
        "s1._domainkey." + domain,
        "v=DKIM1; k=ed25519; p=" + crypto::encode_base64(key_of(domain)->key.public_data()));
  }
  return zone;
}

const preflight::ReceiverRules& shop_rules() {
  static const preflight::ReceiverRules rules =
      preflight::load_receiver_rules(SEKISHO_RECEIVERS).value();
  return rules;
}

Departure::Departure()
    : now(std::chrono::sys_days(std::chrono::year(2026) / 12 / 1) + std::chrono::hours(10)),
      signed_at(now) {
  request.envelope.addresses = {dns::IpAddress::parse("203.0.113.5").value()};
  request.envelope.helo = "mail.shop.example";
  request.receivers.names = preflight::choose_receivers(shop_rules(), {}, {}).value();
  request.has_own_key = [](const mail::Domain& author) {
    return author.text().ends_with("shop.example");
  };
}

preflight::Report examine(const std::string& message, const Departure& departure) {
  const preflight::Environment environment{
      .resolver = departure.zone,
      .key_records = std::make_shared<dkim::KeyRecordCache>(8'192),
      .dkim = {},
      .spf = {},
      .dmarc = std::make_shared<const dmarc::Options>(),
      .timeout = std::chrono::seconds(5),
      .lookups = 300,
      .now = departure.now,
      .receiver = "mail.shop.example"};
  preflight::Examination examination(environment, departure.request, shop_rules());
  const std::string text = departure.is_signed ? sign(message, departure) : message;
  const std::size_t step = departure.chunk == 0 ? text.size() + 1 : departure.chunk;
  for (std::size_t i = 0; i < text.size(); i += step) {
    examination.add(std::string_view(text).substr(i, step));
  }
  return examination.finish();
}

std::string ids_of(const preflight::Report& report) {
  std::set<std::string> words;
  for (const preflight::Finding& finding : report.findings) {
    words.emplace(preflight::format_id(finding.id));
  }
  return joined(words);
}

std::string ids_of(const preflight::Report& report, preflight::Level level) {
  std::set<std::string> words;
  for (const preflight::Finding& finding : report.findings) {
    if (finding.level == level) {
      words.emplace(preflight::format_id(finding.id));
    }
  }
  return joined(words);
}

}  // namespace sekisho::test
