// A text without the disguises in which some readers and people see the same.
#pragma once

#include <string>
#include <string_view>

namespace sekisho::authres {

/// The text under NFKC (UAX #15) with its case folded, the full stops of IDNA (UTS #46 §2.3:
/// U+3002, U+FF0E, U+FF61) as a dot, without code points that show nothing (DerivedCoreProperties,
/// Default_Ignorable_Code_Point) and without octets that are not UTF-8.
[[nodiscard]] std::string fold_for_comparison(std::string_view text);

}  // namespace sekisho::authres
