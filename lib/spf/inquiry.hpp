// What evaluating a record asks the DNS, term by term, and what of it is asked ahead.
#pragma once

#include "dns/lookups.hpp"
#include "dns/task.hpp"
#include "guarded.hpp"
#include "spf/arguments.hpp"
#include "spf/record.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sekisho::spf {

/// RFC 7208 §4.6.4.
inline constexpr unsigned max_lookup_terms = 10;
inline constexpr std::size_t max_mail_hosts = 10;
inline constexpr std::size_t max_pointer_names = 10;

/// A void look-up (RFC 7208 §4.6.4): a sure answer without records.
[[nodiscard]] constexpr bool is_void(dns::Status status) {
  return status == dns::Status::no_data || status == dns::Status::no_such_name;
}

/// Asks for one evaluation; everything that the evaluation started shares it. Thread-safe.
class Inquirer {
 public:
  Inquirer(dns::Lookups lookups, Arguments arguments);

  [[nodiscard]] const Arguments& arguments() const { return arguments_; }
  /// The record type of the client's family (RFC 7208 §5).
  [[nodiscard]] dns::RecordType address_type() const;
  /// After close(): answered `Status::over_limit` at once.
  [[nodiscard]] dns::Pending<dns::Answer> ask(std::string name, dns::RecordType type);

  /// A term is about to be asked for because its turn has come.
  void count_term() { ++terms_; }
  /// Whether a term may be asked for ahead of its turn, and counts it: terms asked for in turn and
  /// ahead are together within the limit of the whole evaluation. A record that keeps to the limit
  /// thus costs no more look-ups than without asking ahead, and one that does not, less than twice.
  [[nodiscard]] bool may_ask_ahead();

  /// The evaluation has its result: nothing more is asked, and the resolver is let go, so that what
  /// was asked ahead and is still under way does not keep it.
  void close();

 private:
  Arguments arguments_;
  std::atomic<unsigned> terms_{0};
  Guarded<std::optional<dns::Lookups>> lookups_;
};

/// The hosts of a domain's MX records, their addresses asked for as soon as the names are known.
struct MailHosts {
  dns::Status status = dns::Status::timeout;
  bool are_too_many = false;  ///< RFC 7208 §4.6.4: nothing is asked then.
  std::vector<dns::Pending<dns::Answer>> addresses;
};

struct Page;

/// A term's question, under way or answered. Without a `reply` the name cannot exist (RFC 7208
/// §4.8 leaves the meaning open): it matches nothing, and as a domain it has no record.
struct Inquiry {
  using Reply = std::variant<std::monostate, dns::Pending<dns::Answer>, dns::Task<MailHosts>,
                             dns::Task<std::shared_ptr<Page>>>;
  std::string name;
  Reply reply;

  [[nodiscard]] bool is_ready() const;
};

/// The question of a term whose turn has not come: its index among the directives, or their number
/// for `redirect`.
struct AskedAhead {
  std::size_t term = 0;
  Inquiry inquiry;
};

/// A domain's record (RFC 7208 §4.4, §4.5), and what has been asked ahead for its terms.
struct Page {
  std::string domain;
  ResultCode code = ResultCode::neutral;  ///< None, temperror or permerror: there is no record.
  Fault fault = Fault::none;              ///< Why there is none.
  std::string reason;                     ///< The same for people.
  dns::Answer answer;                     ///< Holds the text that `record` views.
  Record record;
  std::vector<AskedAhead> ahead;
};
using PagePtr = std::shared_ptr<Page>;

enum class AskAhead : std::uint8_t { no, yes };

/// Asks for what `mechanism` needs of `name`; `redirect` is asked for as `include` is.
[[nodiscard]] Inquiry inquire(const std::shared_ptr<Inquirer>& inquirer, Mechanism mechanism,
                              std::string name, AskAhead ask_ahead = AskAhead::no);

/// Looks the record up, selects and parses it. With AskAhead::yes, what its terms will need is then
/// asked for.
[[nodiscard]] dns::Task<PagePtr> fetch_page(std::shared_ptr<Inquirer> inquirer, std::string domain,
                                            AskAhead ask_ahead);

/// Asks for what the terms from index `first` on will need, in their order, up to `all` and then
/// `redirect`, without `ptr` and names with the macro `p`, which wait for the client's name.
void ask_ahead(const std::shared_ptr<Inquirer>& inquirer, Page& page, std::size_t first);

[[nodiscard]] bool was_asked_ahead(const Page& page, std::size_t term);
/// Takes the question of a term out of what was asked ahead.
[[nodiscard]] std::optional<Inquiry> take_asked_ahead(Page& page, std::size_t term);

/// Whether what a client said may go into a question: US-ASCII that an address can hold without
/// quotes. RFC 7208 §7.1 has names made of host names and utility labels; blanks, quotes and
/// controls are nobody's mailbox whom a record could mean.
[[nodiscard]] bool is_plain(std::string_view text);

/// The target-name of RFC 7208 §4.8. Nullopt where a local part or HELO that is not plain would
/// have to stand in it (for one that is not US-ASCII: RFC 8616 §4): the term matches nothing.
[[nodiscard]] std::optional<std::string> target_name(const Arguments& arguments,
                                                     std::string_view domain,
                                                     const DomainSpec& domain_spec,
                                                     std::string_view validated_name = "unknown");

}  // namespace sekisho::spf
