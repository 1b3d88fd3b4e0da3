#include "tools/setup/test_message.hpp"

#include "report/mailer/mail_draft.hpp"
#include "report/mailer/smtp_mailer.hpp"
#include "tools/setup/files.hpp"
#include "tools/setup/postfix_facts.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <thread>
#include <utility>

#include <unistd.h>

namespace sekisho::tools::setup {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// The value in quotes, with what follows it; text escapes only quotes and backslashes.
std::string take_quoted(std::string_view& rest) {
  std::string value;
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size()) {
      ++i;
    }
    value += rest[i];
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return value;
}

std::string take_value(std::string_view& rest) {
  if (rest.starts_with('"')) {
    return take_quoted(rest);
  }
  const std::string value(rest.substr(0, rest.find(' ')));
  rest.remove_prefix(value.size());
  return value;
}

// KEY=VALUE, as the log line of a message has them after the queue id.
Pairs pairs_of(std::string_view line) {
  Pairs pairs;
  std::string_view rest = line.substr(std::min(line.find(' '), line.size()));
  while (!rest.empty()) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) {
      return pairs;
    }
    std::string key(rest.substr(0, equals));
    rest.remove_prefix(equals + 1);
    pairs.emplace_back(std::move(key), take_value(rest));
  }
  return pairs;
}

std::string port_number(const std::string& service) {
  const std::string name = service.substr(0, service.rfind('/'));
  const std::string port = name.substr(name.rfind(':') + 1);
  return port == "smtp" ? "25" : port;
}

// An address before the port, as in `127.0.0.1:2525/inet`; empty: every address.
std::string address_of(const std::string& service) {
  const std::string name = service.substr(0, service.rfind('/'));
  return name.contains(':') ? name.substr(0, name.rfind(':')) : "";
}

std::string compose(const TestMessage& message) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto mail = report::mailer::compose(
      {.from_name = "Sekisho",
       .from = message.sender,
       .to = {message.recipient},
       .subject = "Test message of sekisho setup",
       .message_id = std::to_string(now.time_since_epoch().count()) + "." +
                     std::to_string(getpid()) + ".setup@" +
                     message.sender.substr(message.sender.rfind('@') + 1),
       .date = now,
       .structure = report::mailer::Structure::mixed,
       .parts = {{.type = "text/plain; charset=utf-8",
                  .file_name = "",
                  .content = "This message went through the mail server of this host, and through "
                             "Sekisho.\nIts header shows what Sekisho added.\n"}}});
  return mail.value_or("");
}

std::string read_log(const std::string& file, const CommandRunner& run) {
  if (!file.empty()) {
    return read_file(file).value_or("");
  }
  return run({"journalctl", "--unit=sekishod", "--output=cat", "--no-pager", "--since=-5min"})
      .output;
}

std::string wait_for_line(const std::string& file, const std::string& queue_id,
                          const CommandRunner& run) {
  constexpr std::chrono::milliseconds pause{200};
  constexpr int tries = 25;
  for (int i = 0; i < tries && !queue_id.empty(); ++i) {
    if (auto line = line_of(read_log(file, run), queue_id)) {
      return *std::move(line);
    }
    std::this_thread::sleep_for(pause);
  }
  return {};
}

}  // namespace

std::string smarthost_of(const Facts& facts) {
  constexpr const char* loopback = "127.0.0.1";
  if (!facts.postfix) {
    return std::string(loopback) + ":25";
  }
  const auto& services = facts.postfix->services;
  const auto service = std::ranges::find_if_not(services, is_submission);
  if (service == services.end()) {
    return std::string(loopback) + ":25";
  }
  const std::string address = address_of(service->name);
  return (address.empty() ? loopback : address) + ":" + port_number(service->name);
}

std::string queue_id_in(std::string_view reply) {
  constexpr std::string_view postfix = "queued as ";
  constexpr std::string_view sendmail = " Message accepted";
  if (const std::size_t begin = reply.find(postfix); begin != std::string_view::npos) {
    const std::string_view rest = reply.substr(begin + postfix.size());
    return std::string(rest.substr(0, rest.find_first_of(" \r\n")));
  }
  const std::size_t end = reply.find(sendmail);
  if (end == std::string_view::npos) {
    return {};
  }
  const std::string_view before = reply.substr(0, end);
  return std::string(before.substr(before.rfind(' ') + 1));
}

std::optional<std::string> line_of(std::string_view log, std::string_view queue_id) {
  const std::string mark = std::string(queue_id) + ": client=";
  const std::size_t begin = log.rfind(mark);
  if (begin == std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(log.substr(begin, log.find('\n', begin) - begin));
}

std::string describe_signing(std::string_view log_line) {
  std::string selectors;
  bool signs = false;
  for (const auto& [key, value] : pairs_of(log_line)) {
    if (key == "dkim" && value == "unsigned") {
      signs = false;
    } else if (key == "dkim") {
      signs = value == "signed";
    } else if (key == "s" && signs) {
      selectors += (selectors.empty() ? "" : ", ") + value;
    } else if (key == "why" && selectors.empty()) {
      return "not signed: " + value;
    }
  }
  return selectors.empty() ? "not signed" : "signed with " + selectors;
}

TestOutcome send_test_message(const TestMessage& message, const CommandRunner& run) {
  constexpr std::chrono::seconds patience{60};
  report::mailer::SmtpMailer mailer({.smarthost = message.smarthost,
                                     .tls = report::mailer::Tls::never,
                                     .helo = "localhost",
                                     .connect_timeout = patience,
                                     .timeout = patience});
  const report::mailer::Delivery delivery =
      mailer.send(message.sender, message.recipient, compose(message));
  TestOutcome outcome{delivery.status == report::mailer::DeliveryStatus::sent, delivery.reply, ""};
  if (outcome.is_accepted) {
    outcome.log_line = wait_for_line(message.log, queue_id_in(outcome.reply), run);
  }
  return outcome;
}

std::string format_outcome(const TestMessage& message, const TestOutcome& outcome) {
  std::string text = "Test message from " + message.sender + " to " + message.recipient + "\n  " +
                     outcome.reply + "\n";
  if (!outcome.is_accepted) {
    return text + "The mail server at " + message.smarthost + " did not accept it.\n";
  }
  if (outcome.log_line.empty()) {
    return text +
           "The daemon has no line about it in its log: see whether the mail server asks it, and "
           "journalctl -u sekishod.\n";
  }
  return text + "  " + outcome.log_line + "\nThe message was " +
         describe_signing(outcome.log_line) + ".\n";
}

}  // namespace sekisho::tools::setup
