#include "tools/why/examination.hpp"

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using Json = nlohmann::ordered_json;
namespace diagnosis = dkim_diagnosis;

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json body_json(const diagnosis::BodySide& body) {
  Json changes = Json::array();
  for (const diagnosis::BodyChange& change : body.changes) {
    changes.push_back({{"id", diagnosis::format_change_id(change.id)},
                       {"line", change.line},
                       {"lines", change.lines},
                       {"part", change.part}});
  }
  return {{"state", diagnosis::format_state(body.state)}, {"changes", std::move(changes)}};
}

Json header_json(const diagnosis::HeaderSide& header, bool show) {
  Json changes = Json::array();
  for (const diagnosis::HeaderChange& change : header.changes) {
    Json object = {{"id", diagnosis::format_change_id(change.id)},
                   {"field", change.field},
                   {"instance", change.instance}};
    if (show) {
      object["was"] = text_or_null(change.was);
      object["now"] = text_or_null(change.now);
    }
    changes.push_back(std::move(object));
  }
  return {{"state", diagnosis::format_state(header.state)},
          {"recovered", header.recovered},
          {"changes", std::move(changes)}};
}

Json between_json(const diagnosis::Between& between) {
  const auto host = [](const std::string& name) {
    return name.empty() ? Json(nullptr) : Json(name);
  };
  return {{"after", host(between.after.host)},
          {"before", host(between.before.host)},
          {"hosts", between.hosts}};
}

Json signature_json(const diagnosis::Account::Entry& entry, bool show) {
  const diagnosis::SignatureDiagnosis& found = entry.diagnosis;
  return {{"index", found.index},
          {"domain", found.result.domain ? Json(found.result.domain->text()) : Json(nullptr)},
          {"selector", found.result.selector},
          {"result", dkim::format_result_code(found.result.code)},
          {"reason", found.result.reason},
          {"key", diagnosis::format_key_state(found.key)},
          {"fits", found.fits.empty() ? Json(nullptr) : Json(found.fits)},
          {"body", body_json(found.body)},
          {"header", header_json(found.header, show)},
          {"between", between_json(entry.between)},
          {"complete", found.is_complete},
          {"hashes", found.hashes},
          {"ms", found.time.count()}};
}

}  // namespace

std::string format_why_json(const diagnosis::Account& account, bool show) {
  Json signatures = Json::array();
  for (const diagnosis::Account::Entry& entry : account.signatures) {
    signatures.push_back(signature_json(entry, show));
  }
  Json advice = Json::array();
  for (const diagnosis::Advice each : account.advice) {
    advice.push_back(diagnosis::describe_advice(each));
  }
  const Json object = {{"signatures", std::move(signatures)},
                       {"left_out", account.left_out},
                       {"class", diagnosis::format_changed_by(account.changed_by)},
                       {"advice", std::move(advice)}};
  // US-ASCII alone, since terminals obey some of what a message can hold beyond it.
  return object.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools
