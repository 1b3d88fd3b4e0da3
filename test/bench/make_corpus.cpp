// Writes a corpus for load, and the zone in which it passes. The same for the same arguments, but
// for its keys.
#include "arc/sealer.hpp"
#include "bench/corpus.hpp"
#include "crypto/base64.hpp"
#include "dkim/signer.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

using namespace sekisho;
using bench::Case;

namespace {

struct Arguments {
  std::filesystem::path folder;
  std::size_t messages = 300;
  std::size_t octets = 0;  ///< Of each body; 0: a mixture.
  bool is_signed = true;
};

/// Half of it small, and a few large: what a mail server sees of personal and of list mail.
std::size_t size_of(std::size_t number, const Arguments& arguments) {
  if (arguments.octets > 0) {
    return arguments.octets;
  }
  const std::size_t share = number * 37 % 100;  // 37 and 100 have no factor in common
  if (share < 50) {
    return 2'000;
  }
  if (share < 85) {
    return 20'000;
  }
  return share < 98 ? 200'000 : 5'000'000;
}

/// Lines as base64 or text would give them, none like the one before.
std::string body_of(std::size_t octets, std::mt19937& random) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz 0123456789";
  std::string body;
  body.reserve(octets + 80);
  while (body.size() < octets) {
    for (int i = 0; i < 72; ++i) {
      body += letters[random() % letters.size()];
    }
    body += "\r\n";
  }
  return body;
}

dkim::SigningKeyPtr make_key(const std::string& domain, const std::string& selector,
                             const crypto::PrivateKey& key) {
  return std::make_shared<const dkim::SigningKey>(mail::Domain::parse(domain).value(), selector,
                                                  key);
}

/// The texts of a zone, a line each.
class Zone {
 public:
  explicit Zone(const std::filesystem::path& path) : file_(path) {
    file_ << "$ORIGIN .\n$TTL 300\n";
  }
  void add(const std::string& name, const std::string& type, const std::string& data) {
    file_ << name << ". " << type << ' ' << data << '\n';
  }
  void add_text(const std::string& name, std::string text) {
    std::string quoted;
    for (; !text.empty(); text.erase(0, 250)) {
      quoted += '"' + text.substr(0, 250) + "\" ";
    }
    add(name, "TXT", quoted);
  }
  void add_key(const dkim::SigningKey& key) {
    const bool is_rsa = key.key.type() == crypto::KeyType::rsa;
    add_text(key.record_name(), std::string("v=DKIM1; k=") + (is_rsa ? "rsa" : "ed25519") +
                                    "; p=" + crypto::encode_base64(key.key.public_data()));
  }

 private:
  std::ofstream file_;
};

class Maker {
 public:
  explicit Maker(const Arguments& arguments)
      : arguments_(arguments),
        zone_(arguments.folder / "zone"),
        rsa_(crypto::PrivateKey::generate(crypto::KeyType::rsa)),
        ed25519_(crypto::PrivateKey::generate(crypto::KeyType::ed25519)),
        service_(make_key("esp.example", "s", rsa_)),
        forwarder_(make_key("forwarder.example", "s", rsa_)) {
    zone_.add_key(*service_);
    zone_.add_key(*forwarder_);
    for (int host = 1; host <= hosts; ++host) {
      const std::string number = std::to_string(host);
      zone_.add(number + ".2.0.192.in-addr.arpa", "PTR", "mx" + number + ".isp.example.");
      zone_.add("mx" + number + ".isp.example", "A", "192.0.2." + number);
      zone_.add_text("mx" + number + ".isp.example", "v=spf1 a -all");
    }
  }

  void make(std::size_t number) {
    const std::string domain = "d" + std::to_string(number) + ".example";
    const std::string host = std::to_string(number % hosts + 1);
    zone_.add_text(domain, "v=spf1 include:_spf." + domain + " -all");
    zone_.add_text("_spf." + domain, "v=spf1 ip4:192.0.2.0/24 -all");
    zone_.add_text("_dmarc." + domain, "v=DMARC1; p=reject; rua=mailto:dmarc@" + domain);
    Case made{"192.0.2." + host,
              "mx" + host + ".isp.example",
              "author@" + domain,
              "rcpt@example.net",
              {"iprev=pass", "spf=pass", "spf=pass", "dmarc=pass"},
              header_of(number, domain),
              body_of(size_of(number, arguments_), random_)};
    if (arguments_.is_signed) {
      sign(made, number, domain);
    } else {
      made.expected.insert(made.expected.end(), {"dkim=none", "arc=none"});
    }
    std::string name = std::to_string(number);
    name.insert(0, name.size() < 6 ? 6 - name.size() : 0, '0');
    write_case(arguments_.folder, name, made);
  }

 private:
  static constexpr int hosts = 250;

  static mail::HeaderSection header_of(std::size_t number, const std::string& domain) {
    const std::string id = std::to_string(number);
    return {{"Received", " from client." + domain + " (client." + domain +
                             " [198.51.100.7])\r\n\tby mail." + domain + " with ESMTPS id " + id +
                             "\r\n\tfor <rcpt@example.net>; Tue, 14 Nov 2023 22:13:20 +0000"},
            {"From", " The Author <author@" + domain + ">"},
            {"To", " The Recipient <rcpt@example.net>"},
            {"Subject", " message " + id + " of the corpus, with a subject\r\n that is folded"},
            {"Date", " Tue, 14 Nov 2023 22:13:20 +0000"},
            {"Message-ID", " <" + id + "@" + domain + ">"},
            {"MIME-Version", " 1.0"},
            {"Content-Type", " text/plain; charset=us-ascii"},
            {"Content-Transfer-Encoding", " 7bit"}};
  }

  /// Half with one signature, a quarter with that of a service beside it, a quarter with Ed25519
  /// beside RSA; one in seven went through a forwarder that seals.
  void sign(Case& made, std::size_t number, const std::string& domain) {
    const auto author = make_key(domain, "s", rsa_);
    zone_.add_key(*author);
    std::vector<dkim::SignatureRequest> requests;
    requests.reserve(2);
    requests.push_back({author, ""});
    if (number % 4 == 1) {
      requests.push_back({service_, ""});
    }
    if (number % 4 == 3) {
      const auto second = make_key(domain, "e", ed25519_);
      zone_.add_key(*second);
      requests.push_back({second, ""});
    }
    made.expected.insert(made.expected.end(), requests.size(), "dkim=pass");
    dkim::BodyHashes hashes;
    const dkim::Signer signer(made.header, requests, options_, now_, hashes);
    finish_body(hashes, made.body);
    for (const mail::HeaderField& field : signer.finish(hashes)) {
      made.header.insert(made.header.begin(), field);
    }
    if (number % 7 == 0) {
      seal(made);
    } else {
      made.expected.emplace_back("arc=none");
    }
  }

  void seal(Case& made) {
    dkim::BodyHashes hashes;
    const arc::Sealer sealer(made.header, forwarder_, options_, now_, hashes);
    finish_body(hashes, made.body);
    for (const mail::HeaderField& field :
         sealer.finish(hashes, {}, "mx.forwarder.example; spf=pass", {})) {
      made.header.insert(made.header.begin(), field);
    }
    made.expected.emplace_back("arc=pass");
  }

  static void finish_body(dkim::BodyHashes& hashes, std::string_view body) {
    hashes.update(body);
    hashes.finish();
  }

  Arguments arguments_;
  Zone zone_;
  crypto::PrivateKey rsa_;
  crypto::PrivateKey ed25519_;
  dkim::SigningKeyPtr service_;
  dkim::SigningKeyPtr forwarder_;
  dkim::SignOptions options_{.expiry = std::chrono::seconds{0}};
  std::chrono::sys_seconds now_ =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::mt19937 random_{1};  // NOLINT(cert-msc51-cpp): the same corpus each time
};

void run(const Arguments& arguments) {
  std::filesystem::create_directories(arguments.folder);
  Maker maker(arguments);
  for (std::size_t number = 0; number < arguments.messages; ++number) {
    maker.make(number);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes messages that pass SPF, DKIM, ARC and DMARC, and their zone, into FOLDER");
  Arguments arguments;
  app.add_option("--messages", arguments.messages, "How many")->capture_default_str();
  app.add_option("--octets", arguments.octets, "Of each body; 0: half of 2 KB, some of 5 MB");
  app.add_flag("!--unsigned", arguments.is_signed, "Without DKIM and ARC, as a user submits them");
  app.add_option("FOLDER", arguments.folder)->required();
  CLI11_PARSE(app, argc, argv);
  try {
    run(arguments);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "make_corpus: " << error.what() << '\n';
    return 1;
  }
}
