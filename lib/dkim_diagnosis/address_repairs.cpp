// Lists of addresses, and From fields that a list has replaced.
#include "dkim_diagnosis/header_field_repairs.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_mailboxes = 50;

// A mailbox as it is written; no grammar, since only the hash decides.
struct Written {
  std::string name;  ///< Without quotation marks.
  std::string address;
};

std::vector<std::string> split_at_commas(std::string_view value) {
  std::vector<std::string> members;
  std::string member;
  bool is_quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    is_quoted = value[i] == '"' ? !is_quoted : is_quoted;
    if (value[i] == ',' && !is_quoted) {
      members.push_back(std::exchange(member, ""));
      continue;
    }
    member += value[i];
  }
  members.push_back(member);
  for (std::string& each : members) {
    each = std::string(mail::trimmed<mail::is_folding_white_space>(each));
  }
  return members;
}

Written read_mailbox(std::string_view text) {
  const std::size_t open = text.rfind('<');
  if (open != std::string_view::npos && text.ends_with('>')) {
    std::string_view name = mail::trimmed<mail::is_folding_white_space>(text.substr(0, open));
    if (name.size() > 1 && name.starts_with('"') && name.ends_with('"')) {
      name = name.substr(1, name.size() - 2);
    }
    return {std::string(name), std::string(text.substr(open + 1, text.size() - open - 2))};
  }
  const std::size_t comment = text.find(" (");
  if (comment != std::string_view::npos && text.ends_with(')')) {
    return {std::string(text.substr(comment + 2, text.size() - comment - 3)),
            std::string(text.substr(0, comment))};
  }
  return {"", std::string(text)};
}

enum class Form : std::uint8_t { plain, quoted, bare, bracketed, comment, quoted_if_needed };

std::string write(const Written& mailbox, Form form) {
  const std::string bracketed = "<" + mailbox.address + ">";
  if (mailbox.name.empty()) {
    return form == Form::bracketed ? bracketed : mailbox.address;
  }
  switch (form) {
    case Form::plain:
      return mailbox.name + ' ' + bracketed;
    case Form::quoted:
      return '"' + mailbox.name + "\" " + bracketed;
    case Form::bare:
      return mailbox.address;
    case Form::bracketed:
      return bracketed;
    case Form::comment:
      return mailbox.address + " (" + mailbox.name + ')';
    case Form::quoted_if_needed:
      return std::ranges::all_of(mailbox.name,
                                 [](char c) { return mail::is_alphanumeric(c) || c == ' '; })
                 ? write(mailbox, Form::plain)
                 : write(mailbox, Form::quoted);
  }
  std::unreachable();
}

constexpr Form forms[] = {Form::plain,     Form::quoted,  Form::bare,
                          Form::bracketed, Form::comment, Form::quoted_if_needed};

std::string join(const std::vector<std::string>& members, std::string_view separator) {
  std::string text;
  for (const std::string& member : members) {
    text += (text.empty() ? "" : std::string(separator)) + member;
  }
  return text;
}

std::string with_domain_case(std::string address, bool lower) {
  const std::size_t at = address.rfind('@');
  for (std::size_t i = at == std::string::npos ? address.size() : at; i < address.size(); ++i) {
    if (lower) {
      address[i] = mail::to_lower(address[i]);
    } else if (i == at + 1 && address[i] >= 'a' && address[i] <= 'z') {
      address[i] = static_cast<char>(address[i] - 'a' + 'A');
    }
  }
  return address;
}

bool names(const mail::HeaderField& field, std::initializer_list<std::string_view> list) {
  return std::ranges::any_of(list,
                             [&](std::string_view name) { return mail::is_named(field, name); });
}

void add_author(const Written& mailbox, const mail::HeaderField& field, bool is_likely,
                FieldRepairs& repairs) {
  for (const Form form : forms) {
    repairs.push_back({ChangeId::head_from_munge,
                       {field.name, ' ' + write(mailbox, form)},
                       is_likely && (form == Form::plain || form == Form::quoted)});
  }
}

// "Alice via List" was Alice.
std::string without_via(std::string name) {
  for (const std::string_view mark :
       {" via ", " (via ", " - via ", " at ", " on behalf of ", " | "}) {
    const std::size_t found = name.find(mark);
    if (found != std::string::npos) {
      name.resize(found);
    }
  }
  const auto trimmed = mail::trimmed(name);
  return std::string(trimmed.size() > 1 && trimmed.starts_with('\'') && trimmed.ends_with('\'')
                         ? trimmed.substr(1, trimmed.size() - 2)
                         : trimmed);
}

}  // namespace

void add_address_repairs(const mail::HeaderField& field, FieldRepairs& repairs) {
  const std::vector<std::string> members = split_at_commas(field.value);
  if (members.size() > max_mailboxes) {
    return;
  }
  const auto offer = [&](const std::vector<std::string>& list, std::string_view separator) {
    repairs.push_back({ChangeId::head_address, {field.name, ' ' + join(list, separator)}});
  };
  for (const std::string_view separator : {", ", ",", ",\r\n\t", ",\r\n ", " , "}) {
    offer(members, separator);
    for (const Form form : forms) {
      std::vector<std::string> rewritten;
      for (const std::string& member : members) {
        rewritten.push_back(write(read_mailbox(member), form));
      }
      offer(rewritten, separator);
    }
  }
  for (const bool lower : {true, false}) {
    std::vector<std::string> recased;
    for (const std::string& member : members) {
      recased.push_back(with_domain_case(member, lower));
    }
    offer(recased, ", ");
  }
  std::vector<std::string> other_order = members;
  std::ranges::reverse(other_order);
  offer(other_order, ", ");
  std::ranges::sort(other_order);
  offer(other_order, ", ");
  for (std::size_t i = 0; i + 1 < members.size(); ++i) {
    std::vector<std::string> swapped = members;
    std::swap(swapped[i], swapped[i + 1]);
    offer(swapped, ", ");
  }
  for (std::size_t i = 0; members.size() > 1 && i < members.size(); ++i) {
    std::vector<std::string> shorter = members;  // one was added
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    offer(shorter, ", ");
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (const Form form : forms) {  // one alone was written in another way
      std::vector<std::string> rewritten = members;
      rewritten[i] = write(read_mailbox(members[i]), form);
      offer(rewritten, ", ");
    }
  }
}

void add_from_repairs(const mail::HeaderField& field, const FieldHints& hints,
                      FieldRepairs& repairs) {
  const Written now = read_mailbox(mail::trimmed<mail::is_folding_white_space>(field.value));
  for (const mail::HeaderField& other : *hints.header) {
    if (!names(other, {"X-Original-From", "X-From", "Original-From", "X-Original-Sender",
                       "Reply-To", "Cc", "X-Mailman-Original-From", "X-Google-Original-From",
                       "Sender", "X-Envelope-From", "Return-Path", "Resent-From", "X-Sender"})) {
      continue;
    }
    repairs.push_back({ChangeId::head_from_munge, {field.name, other.value}, true});
    for (const std::string& member : split_at_commas(other.value)) {
      const Written mailbox = read_mailbox(member);
      if (!mailbox.address.contains('@') || repairs.size() > max_field_repairs) {
        continue;
      }
      repairs.push_back({ChangeId::head_from_munge, {field.name, ' ' + member}, true});
      add_author(mailbox, field, false, repairs);
      add_author({without_via(now.name), mailbox.address}, field, true, repairs);
      add_author({now.name, mailbox.address}, field, false, repairs);
    }
  }
  if (without_via(now.name) != now.name) {
    add_author({without_via(now.name), now.address}, field, false, repairs);
  }
}

}  // namespace sekisho::dkim_diagnosis
