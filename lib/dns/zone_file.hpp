// A resolver over a master file (RFC 1035 §5), for `--zone` and for tests.
#pragma once

#include "dns/resolver.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::dns {

/// Why a master file could not be read: one line that names the file, the line and what is wrong.
struct ZoneFileError {
  std::string message;
};

/// Answers at once from the file: exact names, wildcards (RFC 4592), CNAMEs followed, `no_data` for
/// a name that exists or has names below it, `no_such_name` for all else. The file may hold names
/// of any zones and needs no SOA.
class ZoneFile final : public Resolver {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<ZoneFile>, ZoneFileError> load(
      const std::string& path);
  [[nodiscard]] static std::expected<std::unique_ptr<ZoneFile>, ZoneFileError> parse(
      std::string_view text, const std::string& shown_path);

  ~ZoneFile() override;
  [[nodiscard]] Pending<Answer> lookup(Question question, Deadline deadline) override;
  /// The names that have records of a RecordType, in lower case, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct Names;
  explicit ZoneFile(std::unique_ptr<Names> names);
  std::unique_ptr<const Names> names_;
};

}  // namespace sekisho::dns
