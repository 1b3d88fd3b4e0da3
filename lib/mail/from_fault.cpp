#include "mail/from_fault.hpp"

#include <utility>

namespace sekisho::mail {

std::string_view describe_from_fault(FromFault fault) {
  switch (fault) {
    case FromFault::none:
      return "";
    case FromFault::no_field:
      return "is missing";
    case FromFault::several_fields:
      return "occurs more than once";
    case FromFault::several_domains:
      return "has authors of more than one domain";
    case FromFault::no_author:
      return "names no author";
    case FromFault::no_domain:
      return "has no address with a domain";
    case FromFault::several_at_signs:
      return "has an at sign (@) outside of its address";
    case FromFault::encoded_address:
      return "has an address in an encoded word";
    case FromFault::control_character:
      return "has a control character";
    case FromFault::malformed_address:
      return "has a malformed address";
    case FromFault::invalid_domain:
      return "has an address without a valid domain";
    case FromFault::address_literal:
      return "has an IP address in place of a domain";
    case FromFault::too_many_authors:
      return "has too many addresses";
    case FromFault::comments_too_deep:
      return "has comments that are nested too deep";
    case FromFault::header_too_large:
      return "is not certain, since the header section is too large";
    case FromFault::invalid_octet:
      return "has characters that are neither ASCII nor UTF-8";
    case FromFault::comma:
      return "has a comma in a name without quotation marks";
    case FromFault::colon:
      return "has a colon in a name without quotation marks";
    case FromFault::semicolon:
      return "has a semicolon without quotation marks";
    case FromFault::square_bracket:
      return "has a square bracket in a name without quotation marks";
    case FromFault::angle_bracket:
      return "has an angle bracket too many";
    case FromFault::parenthesis:
      return "has a parenthesis that is not closed or not opened";
    case FromFault::quotation_mark:
      return "has a quotation mark that is not closed, or around its address";
    case FromFault::backslash:
      return "has a backslash in a name without quotation marks";
    case FromFault::words_without_brackets:
      return "has a name, and no angle brackets around its address";
    case FromFault::text_after_address:
      return "has text behind its address";
  }
  std::unreachable();
}

bool may_hide_author(FromFault fault) {
  switch (fault) {
    case FromFault::several_fields:
    case FromFault::several_domains:
    case FromFault::several_at_signs:
    case FromFault::encoded_address:
    case FromFault::control_character:
    case FromFault::malformed_address:
    case FromFault::invalid_domain:
    case FromFault::too_many_authors:
    case FromFault::comments_too_deep:
    case FromFault::header_too_large:
      return true;
    case FromFault::none:
    case FromFault::no_field:
    case FromFault::no_author:
    case FromFault::no_domain:
    case FromFault::address_literal:
    case FromFault::invalid_octet:
    case FromFault::comma:
    case FromFault::colon:
    case FromFault::semicolon:
    case FromFault::square_bracket:
    case FromFault::angle_bracket:
    case FromFault::parenthesis:
    case FromFault::quotation_mark:
    case FromFault::backslash:
    case FromFault::words_without_brackets:
    case FromFault::text_after_address:
      return false;
  }
  std::unreachable();
}

}  // namespace sekisho::mail
