#include "tools/setup/records.hpp"

#include "keys/publication.hpp"
#include "tools/key/record.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::tools::setup {

namespace {

std::string address_text(const RecordChoices& choices, const mail::Domain& domain) {
  return choices.report_address.empty() ? "postmaster@" + domain.text() : choices.report_address;
}

RecordState state_of(const PublishedText& published) {
  if (dns::is_temporary(published.status)) {
    return RecordState::unknown;
  }
  return published.records.empty() ? RecordState::missing : RecordState::published;
}

const AddressFacts* public_address(const Facts& facts) {
  const auto found = std::ranges::find_if(facts.addresses, &AddressFacts::is_public);
  return found == facts.addresses.end() ? nullptr : &*found;
}

// The name is better than the address, which may change, if it leads to the address.
std::string spf_term(const Facts& facts) {
  const AddressFacts* const address = public_address(facts);
  if (address == nullptr ||
      (address->name.code == iprev::ResultCode::pass && address->name.name == facts.host_name)) {
    return "a:" + facts.host_name;
  }
  return (address->address.is_v4() ? "ip4:" : "ip6:") + address->address.text();
}

Record spf_record(const DomainFacts& domain, const Facts& facts) {
  const std::string term = spf_term(facts);
  Record record{RecordKind::spf, domain.domain.text(),
                std::string("v=spf1") + (domain.has_mail_exchanger ? " mx " : " ") + term + " ~all",
                state_of(domain.spf), ""};
  if (record.state != RecordState::published) {
    return record;
  }
  const std::string ours = std::exchange(record.text, domain.spf.records.front());
  if (domain.spf.records.size() > 1) {
    record.state = RecordState::differs;
    record.remark =
        "there are " + std::to_string(domain.spf.records.size()) +
        " SPF records, so that none counts (RFC 7208 §4.5): make one of them, such as " + ours;
  } else if (public_address(facts) != nullptr && domain.spf_result != spf::ResultCode::pass) {
    record.state = RecordState::differs;
    record.remark = "the record does not permit this host (" +
                    std::string(spf::format_result_code(domain.spf_result)) + "): add " + term +
                    " after v=spf1";
  }
  return record;
}

RecordState state_of(keys::PublicationState publication) {
  switch (publication) {
    case keys::PublicationState::unknown:
      return RecordState::unknown;
    case keys::PublicationState::published:
      return RecordState::published;
    case keys::PublicationState::missing:
      return RecordState::missing;
    case keys::PublicationState::mismatch:
      return RecordState::differs;
  }
  std::unreachable();
}

Record dkim_record(const KeyFacts& key) {
  Record record{RecordKind::dkim, key.key->record_name(), keys::format_key_record(key.key->key),
                state_of(key.publication), ""};
  if (record.state == RecordState::differs) {
    record.remark = "the record is not that of the key in " + key.file + ": publish this one";
  }
  return record;
}

Record dmarc_record(const DomainFacts& domain, const RecordChoices& choices) {
  return {RecordKind::dmarc, "_dmarc." + domain.domain.text(),
          "v=DMARC1; p=none; rua=mailto:" + address_text(choices, domain.domain),
          state_of(domain.dmarc), ""};
}

Record tls_record(const DomainFacts& domain, const RecordChoices& choices) {
  return {RecordKind::tls_reporting, "_smtp._tls." + domain.domain.text(),
          "v=TLSRPTv1; rua=mailto:" + address_text(choices, domain.domain),
          state_of(domain.tls_reporting), ""};
}

// A record that differs is changed by hand, but for that of a key.
bool is_to_be_published(const Record& record) {
  switch (record.state) {
    case RecordState::published:
      return false;
    case RecordState::missing:
    case RecordState::unknown:
      return true;
    case RecordState::differs:
      return record.kind == RecordKind::dkim;
  }
  std::unreachable();
}

std::string format_long_ones(const std::vector<Record>& records) {
  constexpr std::size_t max_string = 255;
  std::string text;
  for (const Record& record : records) {
    if (record.text.size() > max_string) {
      text += record.name + "\n  " + format_quoted_strings(record.text) + "\n";
    }
  }
  return text.empty() ? text
                      : "\nFor a form that takes at most 255 characters at a time (Route 53, "
                        "nsupdate):\n\n" +
                            text;
}

}  // namespace

std::string_view format_record_kind(RecordKind kind) {
  switch (kind) {
    case RecordKind::spf:
      return "SPF";
    case RecordKind::dkim:
      return "DKIM";
    case RecordKind::dmarc:
      return "DMARC";
    case RecordKind::tls_reporting:
      return "TLS-RPT";
  }
  std::unreachable();
}

std::string_view format_record_state(RecordState state) {
  switch (state) {
    case RecordState::published:
      return "published";
    case RecordState::missing:
      return "missing";
    case RecordState::differs:
      return "differs";
    case RecordState::unknown:
      return "unknown";
  }
  std::unreachable();
}

std::vector<Record> records_for(const DomainFacts& domain, const Facts& facts,
                                const RecordChoices& choices) {
  std::vector<Record> records{spf_record(domain, facts)};
  for (const KeyFacts& key : domain.keys) {
    records.push_back(dkim_record(key));
  }
  records.push_back(dmarc_record(domain, choices));
  if (choices.tls_reporting) {
    records.push_back(tls_record(domain, choices));
  }
  return records;
}

std::string format_records(const std::string& domain, const std::vector<Record>& records) {
  std::vector<Record> wanted;
  std::ranges::copy_if(records, std::back_inserter(wanted), is_to_be_published);
  if (wanted.empty()) {
    return {};
  }
  std::string zone;
  std::string form;
  for (const Record& record : wanted) {
    zone += format_zone_record(record.name, record.text);
    form += record.name + "\n  " + record.text + "\n";
  }
  return "Records to publish for " + domain + "\n\nFor a zone file:\n\n" + zone +
         "\nFor a web form: TXT records with these names and values; many forms append ." + domain +
         " to the name themselves:\n\n" + form + format_long_ones(wanted);
}

}  // namespace sekisho::tools::setup
