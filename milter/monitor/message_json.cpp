#include "milter/monitor/message_json.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace sekisho::milter {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_value = 256;
constexpr std::size_t most_signatures = 10;

void add(Json& object, const char* key, std::string_view value) {
  object[key] = std::string(value.substr(0, longest_value));
}

void add_if_any(Json& object, const char* key, std::string_view value) {
  if (!value.empty()) {
    add(object, key, value);
  }
}

Json start_with(const findings::Findings& found) {
  Json object = Json::object();
  add_if_any(object, "queue_id", found.envelope.queue_id);
  add(object, "client", findings::format_client(found.client));
  add(object, "helo", found.client.helo);
  if (found.origin != findings::Origin::outside) {
    add(object, "origin", findings::format_origin(found.origin));
  }
  add_if_any(object, "login", found.client.login);
  add(object, "from", found.envelope.sender);
  return object;
}

void add_author(Json& object, const mail::Author& author) {
  add(object, "author",
      author.status == mail::AuthorStatus::single_domain
          ? author.domains.front().text()
          : std::string(mail::format_author_status(author.status)));
  if (mail::has_unparsable_display(author)) {
    add(object, "display", "unparsable");
  }
}

Json signature_as_json(const dkim::Result& signature) {
  Json object = Json::object();
  add(object, "result", dkim::format_result_code(signature.code));
  add_if_any(object, "d", signature.domain ? signature.domain->text() : "");
  add_if_any(object, "s", signature.selector);
  if (signature.code != dkim::ResultCode::pass) {
    add_if_any(object, "why", signature.reason);
  }
  return object;
}

void add_signatures(Json& object, const findings::Findings& found) {
  if (!found.dkim_checked) {
    return;
  }
  Json list = Json::array();
  const std::size_t shown = std::min(found.dkim.size(), most_signatures);
  for (std::size_t i = 0; i < shown; ++i) {
    list.push_back(signature_as_json(found.dkim[i]));
  }
  object["dkim"] = std::move(list);
  if (shown < found.dkim.size()) {
    object["dkim_more"] = found.dkim.size() - shown;
  }
}

void add_results(Json& object, const findings::Findings& found) {
  if (found.iprev) {
    add(object, "iprev", iprev::format_result_code(found.iprev->code));
  }
  if (found.spf_helo) {
    add(object, "spf_helo", spf::format_result_code(found.spf_helo->code));
  }
  if (found.spf_mail_from) {
    add(object, "spf", spf::format_result_code(found.spf_mail_from->code));
  }
  add_signatures(object, found);
  if (found.arc_checked) {
    add(object, "arc", arc::format_chain_status(found.arc.status));
  }
  if (found.dmarc) {
    add(object, "dmarc", dmarc::format_result_code(found.dmarc->code));
    add_if_any(
        object, "p",
        found.dmarc->record ? dmarc::format_policy(found.dmarc->policy) : std::string_view{});
  }
}

void add_outgoing(Json& object, const findings::Findings& found) {
  const findings::Outgoing& outgoing = found.outgoing;
  for (const findings::SignatureMade& signature : outgoing.signatures) {
    object["signed"].push_back({{"d", signature.domain.text()}, {"s", signature.selector}});
  }
  add_if_any(object, "unsigned", findings::describe_not_signed(found));
  if (outgoing.sealed_instance > 0) {
    object["sealed"] = outgoing.sealed_instance;
  }
}

void add_disposition(Json& object, const policy::Disposition& disposition) {
  add(object, "action", policy::format_action(disposition.action));
  if (disposition.withheld) {
    add(object, "would", policy::format_action(*disposition.withheld));
  }
  add_if_any(object, "reason", disposition.reason);
}

std::string members_of(const Json& object) {
  const std::string text =
      object.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  return text.substr(1, text.size() - 2);
}

}  // namespace

std::string format_message_members(const checkpoint::Verdict& verdict,
                                   std::chrono::milliseconds waited) {
  const findings::Findings& found = verdict.findings;
  Json object = start_with(found);
  object["nrcpt"] = found.envelope.recipients.size();
  add_author(object, found.author);
  add_results(object, found);
  add_outgoing(object, found);
  add_disposition(object, verdict.disposition);
  object["ms"] = waited.count();
  return members_of(object);
}

std::string format_recipient_members(const checkpoint::Verdict& verdict,
                                     std::chrono::milliseconds waited) {
  const findings::Findings& found = verdict.findings;
  Json object = start_with(found);
  add(object, "rcpt", found.envelope.recipients.front());
  add_results(object, found);
  add_disposition(object, verdict.disposition);
  object["ms"] = waited.count();
  return members_of(object);
}

}  // namespace sekisho::milter
