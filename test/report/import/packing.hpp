// Makes the files that the tests of unpacking want: gzip, zip, mails.
#pragma once

#include "c_ptr.hpp"

#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

namespace sekisho::report::import {

using Members = std::vector<std::pair<std::string, std::string>>;  // name, octets

inline std::string pack(void (*choose)(archive*), const Members& members) {
  std::vector<char> buffer(1U << 20U);
  std::size_t used = 0;
  const CPtr<archive, &archive_write_free> writer(archive_write_new());
  choose(writer.get());
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  archive_write_open_memory(writer.get(), buffer.data(), buffer.size(), &used);
  for (const auto& [name, octets] : members) {
    const CPtr<archive_entry, &archive_entry_free> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(octets.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_write_header(writer.get(), entry.get());
    archive_write_data(writer.get(), octets.data(), octets.size());
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) {
    throw std::runtime_error(archive_error_string(writer.get()));
  }
  return {buffer.data(), used};
}

inline std::string zip(const Members& members) {
  return pack([](archive* a) { archive_write_set_format_zip(a); }, members);
}

inline std::string tar(const Members& members) {
  return pack([](archive* a) { archive_write_set_format_ustar(a); }, members);
}

inline std::string gzip(const std::string& octets) {
  return pack(
      [](archive* a) {
        archive_write_set_format_raw(a);
        archive_write_add_filter_gzip(a);
      },
      {{"x", octets}});
}

inline std::string base64(std::string_view octets) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned bits = 0;
  unsigned value = 0;
  for (const char c : octets) {
    value = (value << 8U | static_cast<unsigned char>(c)) & 0xffffffU;
    for (bits += 8; bits >= 6; bits -= 6) {
      text += digits[value >> (bits - 6) & 0x3fU];
      text += text.size() % 77 == 76 ? "\n" : "";
    }
  }
  text += bits == 0 ? std::string_view{} : digits.substr(value << (6 - bits) & 0x3fU, 1);
  return text + std::string(bits == 0 ? 0 : bits == 2 ? 2 : 1, '=') + "\n";
}

/// A part of a mail, base64.
inline std::string part(const std::string& type, const std::string& name, std::string_view octets) {
  return "Content-Type: " + type + "; name=\"" + name +
         "\"\nContent-Transfer-Encoding: base64\n"
         "Content-Disposition: attachment; filename=\"" +
         name + "\"\n\n" + base64(octets);
}

inline std::string mixed(const std::vector<std::string>& parts,
                         const std::string& boundary = "b0") {
  std::string text = "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n";
  for (const std::string& inner : parts) {
    text += "--" + boundary + "\n" + inner + "\n";
  }
  return text + "--" + boundary + "--\n";
}

inline std::string mail_with(const std::string& content) {
  return "From: dmarc@reporter.example\nSubject: Report Domain: example.org\nMIME-Version: 1.0\n" +
         content;
}

}  // namespace sekisho::report::import
