// Advice of `sekisho check`: what somebody can do about a result.
#pragma once

#include "dkim/result.hpp"
#include "dmarc/result.hpp"
#include "iprev/iprev.hpp"
#include "spf/result.hpp"

#include <string_view>

namespace sekisho::tools {

/// Returns one line without a full stop; empty if there is no advice.
[[nodiscard]] std::string_view advice_for(const spf::Result& result);
[[nodiscard]] std::string_view advice_for(const dkim::Result& result);
[[nodiscard]] std::string_view advice_for(const dmarc::Result& result);
[[nodiscard]] std::string_view advice_for(const iprev::Result& result);

}  // namespace sekisho::tools
