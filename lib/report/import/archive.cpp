#include "report/import/archive.hpp"

#include "c_ptr.hpp"
#include "report/format/printable.hpp"

#include <array>
#include <new>

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

namespace sekisho::report::import {

namespace {

constexpr std::size_t block_octets = 32'768;

std::unexpected<std::string> failure(archive* handle) {
  constexpr std::size_t max_message = 200;
  const char* const message = archive_error_string(handle);
  return std::unexpected(message == nullptr ? "cannot be unpacked"
                                            : format::printable(message, max_message));
}

std::string name_of(archive_entry* entry, bool is_named) {
  constexpr std::size_t max_name = 255;
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) {
    name = archive_entry_pathname(entry);
  }
  // libarchive calls what has no name "data".
  return name == nullptr || !is_named ? "" : format::printable(name, max_name);
}

}  // namespace

class Archive::Handle {
 public:
  explicit Handle(ExpansionBudget& budget) : reader_(archive_read_new()), budget_(budget) {
    if (!reader_) {
      throw std::bad_alloc();
    }
    archive_read_support_filter_gzip(get());
    archive_read_support_format_zip(get());
    archive_read_support_format_tar(get());
    archive_read_support_format_raw(get());
    archive_read_support_format_empty(get());
  }

  [[nodiscard]] archive* get() const { return reader_.get(); }

  void open(int result) { opened_ = result == ARCHIVE_OK; }

  std::expected<std::optional<Member>, std::string> next() {
    if (!opened_) {
      return failure(get());
    }
    if (!skip_rest()) {
      return std::nullopt;
    }
    // Behind every gzip layer may lie another that grows a thousandfold; one is enough.
    constexpr int max_filters = 2;  // gzip, and the file itself
    if (archive_filter_count(get()) > max_filters) {
      return std::unexpected("packed several times over");
    }
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(get(), &entry);
    if (result == ARCHIVE_EOF) {
      return std::nullopt;
    }
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
      return failure(get());
    }
    if (!budget_.spend_member()) {
      return std::unexpected("more than " + std::to_string(ExpansionBudget::max_members) +
                             " files in it");
    }
    in_member_ = true;
    return Member{.name = name_of(entry, !is_raw()),
                  .octets = [this](std::span<char> buffer) { return read(buffer); }};
  }

 private:
  // Gzip, or no archive at all: one member without a name.
  [[nodiscard]] bool is_raw() const { return archive_format(get()) == ARCHIVE_FORMAT_RAW; }

  // What the reader of the last member left, at the budget's cost: libarchive would unpack it
  // unasked. False: nothing more is to be had, and the reader has been told why.
  bool skip_rest() {
    if (is_raw()) {  // known from its only member on
      return false;
    }
    std::array<char, block_octets> buffer{};
    while (in_member_ && !failed_) {
      const auto count = read(buffer);
      in_member_ = count && *count != 0;
    }
    return !failed_;
  }

  std::expected<std::size_t, std::string> read(std::span<char> buffer) {
    if (failed_ || !in_member_) {
      return std::unexpected("cannot be unpacked further");
    }
    const la_ssize_t count = archive_read_data(get(), buffer.data(), buffer.size());
    if (count < 0) {
      in_member_ = false;
      failed_ = count == ARCHIVE_FATAL;  // else of that member alone
      return failure(get());
    }
    if (!budget_.spend(static_cast<std::uint64_t>(count))) {
      failed_ = true;
      return std::unexpected("grows too large when it is unpacked");
    }
    return static_cast<std::size_t>(count);
  }

  CPtr<archive, &archive_read_free> reader_;
  ExpansionBudget& budget_;
  bool opened_ = false;
  bool in_member_ = false;
  bool failed_ = false;  ///< There is nothing more to be had.
};

Archive::Archive(int descriptor, ExpansionBudget& budget)
    : handle_(std::make_unique<Handle>(budget)) {
  lseek(descriptor, 0, SEEK_SET);
  handle_->open(archive_read_open_fd(handle_->get(), descriptor, block_octets));
}

Archive::Archive(std::string_view octets, ExpansionBudget& budget)
    : handle_(std::make_unique<Handle>(budget)) {
  handle_->open(archive_read_open_memory(handle_->get(), octets.data(), octets.size()));
}

Archive::~Archive() = default;

std::expected<std::optional<Archive::Member>, std::string> Archive::next() {
  return handle_->next();
}

}  // namespace sekisho::report::import
