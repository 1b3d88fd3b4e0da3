// What may be wrong between a configuration and the other mail programs of its host. Each doubt is
// a line for people that says what to do.
#pragma once

#include "config/options.hpp"
#include "tools/config/host.hpp"

#include <string>
#include <vector>

namespace sekisho::tools {

/// Whether a configuration has keys to sign with.
[[nodiscard]] bool signs(const config::Options& options);

/// OpenDKIM, which Postfix asks as well, signs the same mail, or sits at the same socket.
[[nodiscard]] std::vector<std::string> doubt_opendkim(const config::Options& options,
                                                      const Host& host);

/// A before-queue filter (smtpd_proxy_filter) hands mail from outside to an smtpd on loopback, and
/// that one asks Sekisho, to which the mail comes from 127.0.0.1 then.
[[nodiscard]] std::vector<std::string> doubt_proxy_filter(const config::Options& options,
                                                          const Host& host);

/// A service through which users submit mail (submission, submissions, smtps, or its port) asks
/// Sekisho without a name of signing.daemons: mail of users who have not logged in would count as
/// mail from outside.
[[nodiscard]] std::vector<std::string> doubt_submission(const config::Options& options,
                                                        const Host& host);

}  // namespace sekisho::tools
