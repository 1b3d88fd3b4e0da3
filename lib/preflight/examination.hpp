// Preflight: what large receivers would object to in a message that is about to leave, and what
// each of them would answer.
#pragma once

#include "dkim/body_hashes.hpp"
#include "dkim/verifier.hpp"
#include "mail/author.hpp"
#include "preflight/finding.hpp"
#include "preflight/form_reader.hpp"
#include "preflight/kind.hpp"
#include "preflight/receivers.hpp"
#include "preflight/report.hpp"
#include "preflight/route.hpp"
#include "preflight/signature_checks.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::preflight {

/// How one message is to be judged.
struct Request {
  Envelope envelope;
  std::size_t header_octets = 1'048'576;
  std::size_t header_fields = 10'000;
  ReceiverChoice receivers;
  bool is_bulk_sender = false;  ///< Of every receiver.
  /// Messages of the last day by counted_author() to a receiver; an empty function: not counted.
  std::function<std::uint64_t(const std::string& author, const Receiver&)> sent_before;
  std::optional<bool> next_hop_tls;
  /// Of the signatures that finish() will be given: their d=, and how they hash the body.
  std::vector<mail::Domain> own_signing_domains;
  std::optional<dkim::BodyHashRequest> own_body_hash;
  /// If we sign for this domain; an empty function: not known.
  std::function<bool(const mail::Domain&)> has_own_key;
  /// If a header section shows an indirect mail flow; an empty function: it never does.
  std::function<bool(const mail::HeaderSection&)> is_indirect;
};

/// One message: add() its octets in chunks of any size, then finish(). The look-ups start at the
/// end of the header section and are waited for in finish() alone. Keeps the header section, never
/// the body. Not thread-safe.
class Examination {
 public:
  /// `rules` must outlive it.
  Examination(Environment environment, Request request, const ReceiverRules& rules);
  Examination(const Examination&) = delete;
  Examination& operator=(const Examination&) = delete;
  ~Examination();

  void add(std::string_view chunk);
  /// `signatures`: DKIM-Signature fields that go on top, one after the other, once the rest is
  /// known.
  [[nodiscard]] Report finish(std::span<const mail::HeaderField> signatures = {});

 private:
  void end_header(const mail::HeaderSection& header);
  [[nodiscard]] std::optional<std::string> sender() const;
  [[nodiscard]] bool is_bulk_sender() const { return !request_.receivers.bulk.empty(); }
  void check_size();
  void check_volume(Report& report);
  void check_forwarding(bool is_indirect);
  [[nodiscard]] std::vector<dkim::Result> verify(const mail::HeaderSection& header);
  void judge(const mail::HeaderSection& header, const std::vector<dkim::Result>& results,
             Report& report);

  Environment environment_;
  Request request_;
  const ReceiverRules* rules_;
  std::vector<Finding> findings_;
  mail::Author author_;
  std::optional<std::string> sender_;
  dkim::BodyHashes body_hashes_;
  dns::OwnedLookups key_lookups_;
  std::optional<dkim::Verifier> verifier_;
  std::optional<Route> route_;
  FormReader form_;
};

}  // namespace sekisho::preflight
