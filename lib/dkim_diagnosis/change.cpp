#include "dkim_diagnosis/change.hpp"

#include <utility>

namespace sekisho::dkim_diagnosis {

const std::vector<ChangeId>& all_change_ids() {
  static const std::vector<ChangeId> ids = [] {
    std::vector<ChangeId> all;
    for (int i = 0; i <= static_cast<int>(ChangeId::sig_length); ++i) {
      all.push_back(static_cast<ChangeId>(i));
    }
    return all;
  }();
  return ids;
}

std::string_view format_change_id(ChangeId id) {
  switch (id) {
    case ChangeId::body_canon:
      return "body.canon";
    case ChangeId::body_tail:
      return "body.tail";
    case ChangeId::body_tail_crlf:
      return "body.tail-crlf";
    case ChangeId::body_head:
      return "body.head";
    case ChangeId::body_block:
      return "body.block";
    case ChangeId::body_part_tail:
      return "body.part-tail";
    case ChangeId::body_unwrap_list:
      return "body.unwrap-list";
    case ChangeId::body_cte:
      return "body.cte";
    case ChangeId::body_charset:
      return "body.charset";
    case ChangeId::body_ends:
      return "body.ends";
    case ChangeId::body_dots:
      return "body.dots";
    case ChangeId::body_from:
      return "body.from";
    case ChangeId::body_wrap:
      return "body.wrap";
    case ChangeId::body_blanks:
      return "body.blanks";
    case ChangeId::body_boundary:
      return "body.boundary";
    case ChangeId::body_urls:
      return "body.urls";
    case ChangeId::body_l:
      return "body.l";
    case ChangeId::body_empty:
      return "body.empty";
    case ChangeId::head_subject_tag:
      return "head.subject-tag";
    case ChangeId::head_word:
      return "head.word";
    case ChangeId::head_from_munge:
      return "head.from-munge";
    case ChangeId::head_added:
      return "head.added";
    case ChangeId::head_gone:
      return "head.gone";
    case ChangeId::head_double:
      return "head.double";
    case ChangeId::head_fold:
      return "head.fold";
    case ChangeId::head_case:
      return "head.case";
    case ChangeId::head_blanks:
      return "head.blanks";
    case ChangeId::head_address:
      return "head.address";
    case ChangeId::head_date:
      return "head.date";
    case ChangeId::head_type:
      return "head.type";
    case ChangeId::head_cte:
      return "head.cte";
    case ChangeId::head_8bit:
      return "head.8bit";
    case ChangeId::sig_self:
      return "sig.self";
    case ChangeId::sig_length:
      return "sig.length";
  }
  std::unreachable();
}

}  // namespace sekisho::dkim_diagnosis
