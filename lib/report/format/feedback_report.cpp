#include "report/format/feedback_report.hpp"

#include "mail/ascii.hpp"

#include <utility>

namespace sekisho::report::format {

std::string_view format_feedback_type(FeedbackType type) {
  switch (type) {
    case FeedbackType::auth_failure:
      return "auth-failure";
    case FeedbackType::abuse:
      return "abuse";
    case FeedbackType::fraud:
      return "fraud";
    case FeedbackType::virus:
      return "virus";
    case FeedbackType::other:
      return "other";
  }
  std::unreachable();
}

FeedbackType parse_feedback_type(std::string_view text) {
  for (const FeedbackType type : {FeedbackType::auth_failure, FeedbackType::abuse,
                                  FeedbackType::fraud, FeedbackType::virus}) {
    if (mail::equals_ignoring_case(text, format_feedback_type(type))) {
      return type;
    }
  }
  return FeedbackType::other;
}

}  // namespace sekisho::report::format
