#include "milter/monitor/message_json.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

namespace sekisho::milter {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_value = 256;

Json object_of(const Facts& facts);

Json json_of(std::string_view value) {
  return std::string(value.substr(0, longest_value));
}
Json json_of(const Sentence& sentence) {
  return json_of(std::string_view(sentence.text));
}
Json json_of(const EnvelopeAddress& address) {
  return json_of(std::string_view(address.text));
}
Json json_of(std::uint64_t number) {
  return number;
}
Json json_of(const Entries& entries) {
  Json list = Json::array();
  for (const Facts& entry : entries) {
    list.push_back(object_of(entry));
  }
  return list;
}

Json object_of(const Facts& facts) {
  Json object = Json::object();
  for (const Fact& fact : facts) {
    object[std::string(fact.key)] =
        std::visit([](const auto& value) { return json_of(value); }, fact.value);
  }
  return object;
}

}  // namespace

std::string format_members(const MessageFacts& message) {
  Json object = Json::object();
  if (!message.queue_id.empty()) {
    object["queue_id"] = json_of(std::string_view(message.queue_id));
  }
  object.update(object_of(message.facts));
  const std::string text =
      object.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  return text.substr(1, text.size() - 2);
}

}  // namespace sekisho::milter
