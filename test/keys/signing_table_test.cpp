// Whose rows have "opendkim" as their witness: test/stage/opendkim_tables_test.py asks it.
#include "keys/signing_table.hpp"

#include "keys/key_folder.hpp"

#include <algorithm>
#include <utility>

#include <catch2/catch.hpp>

namespace sekisho::keys {
namespace {

// Asks the SigningTable as the ring would: "d/s/i d/s/i".
class Tables {
 public:
  Tables(const KeyFolder& folder, const std::string& key_table, const std::string& kind,
         const std::string& signing_table, bool multiple_signatures = false,
         const std::string& key_kind = "file:") {
    std::string named = key_table;
    for (std::size_t at = named.find("KEY"); at != std::string::npos; at = named.find("KEY")) {
      named.replace(at, 3, folder.path("key.pem"));
    }
    const auto keys = Table::read(key_kind + folder.write("keys", named), problems);
    const auto authors = Table::read(kind + folder.write("authors", signing_table), problems);
    KeyFiles files({});
    table_.emplace(*authors, KeyTable(*keys, files, problems), multiple_signatures, problems);
    for (std::string& problem : problems) {
      problem.erase(0, folder.path("").size());
    }
  }

  [[nodiscard]] std::string signers(const std::string& local_part,
                                    const std::string& domain) const {
    std::string text;
    for (const auto& [key, auid] : table_->find(local_part, *mail::Domain::parse(domain))) {
      text += (text.empty() ? "" : " ") + key->domain.text() + "/" + key->selector + "/" + auid;
    }
    return text;
  }

  std::vector<std::string> problems;

 private:
  std::optional<SigningTable> table_;
};

constexpr const char* three_keys =
    "k1 example.org:s1:KEY\n"
    "k2 example.org:s2:KEY\n"
    "author %:sa:KEY\n"
    "example.org example.org:same:KEY\n";

TEST_CASE("an author's forms are looked up in opendkim's order", "[keys]") {
  CHECK(author_forms("Alice", *mail::Domain::parse("a.Example.org")) ==
        std::vector<std::string>{"alice@a.example.org", "a.example.org", "alice@.example.org",
                                 ".example.org", "alice@.org", ".org", "alice@*", "*"});

  const std::vector<std::string> forms =
      author_forms("alice", *mail::Domain::parse("a.example.org"));
  const KeyFolder folder;
  for (std::size_t first = 0; first < forms.size(); ++first) {
    DYNAMIC_SECTION("the first to match is " << forms[first]) {
      std::string keys;
      std::string authors;
      for (std::size_t i = forms.size(); i-- > first;) {
        keys += "k" + std::to_string(i) + " example.org:s" + std::to_string(i) + ":KEY\n";
        authors += forms[i] + " k" + std::to_string(i) + "\n";
      }
      const Tables tables(folder, keys, "file:", authors);
      CHECK(tables.signers("alice", "a.example.org") ==
            "example.org/s" + std::to_string(first) + "/");
      CHECK(tables.problems.empty());
    }
  }
}

TEST_CASE("of a KeyTable of patterns the first line that matches counts", "[keys]") {
  const KeyFolder folder;
  const Tables tables(folder,
                      "k1 example.org:first:KEY\n"
                      "k* example.org:any:KEY\n"
                      "k3 example.org:late:KEY\n"
                      "[xy] example.org:either:KEY\n"
                      "[z example.org:broken:KEY\n"
                      "last example.org:last:KEY\n",
                      "file:",
                      "a.example k1\nb.example k2\nc.example k3\nd.example y\ne.example last\n"
                      "f.example [xy]\ng.example [z\nh.example k*\n",
                      false, "refile:");
  CHECK(tables.signers("u", "a.example") == "example.org/first/");
  CHECK(tables.signers("u", "b.example") == "example.org/any/");
  CHECK(tables.signers("u", "c.example") == "example.org/any/");
  CHECK(tables.signers("u", "d.example") == "example.org/either/");
  CHECK(tables.signers("u", "e.example") == "example.org/last/");
  CHECK(tables.signers("u", "f.example").empty());
  CHECK(tables.signers("u", "g.example").empty());
  CHECK(tables.signers("u", "h.example") == "example.org/any/");
  CHECK(tables.problems ==
        std::vector<std::string>{"keys:5: the pattern is no regular expression, or is too complex",
                                 "authors:6: there is no key [xy] in the KeyTable"});
}

TEST_CASE("a SigningTable chooses the signer", "[keys]") {
  struct Case {
    std::string name;
    std::string kind;
    std::string authors;
    std::string local_part;
    std::string domain;
    std::string signers;
  };
  const Case cases[] = {
      {"letter case", "file:", "ALICE@Example.ORG k1", "Alice", "EXAMPLE.org", "example.org/s1/"},
      {"letter case of patterns", "refile:", "*@Example.ORG k1", "A", "example.org",
       "example.org/s1/"},
      {"U-labels", "file:", "bücher.example k1", "a", "xn--bcher-kva.example", "example.org/s1/"},
      {"U-labels in patterns", "refile:", "*@*.bücher.example k1", "a", "x.xn--bcher-kva.example",
       "example.org/s1/"},
      {"no dotted form of its own", "file:", ".example.org k1", "a", "example.org", ""},
      {"dotted form below", "file:", ".example.org k1", "a", "sub.example.org", "example.org/s1/"},
      {"file order", "refile:", "*@example.org k1\nalice@example.org k2", "alice", "example.org",
       "example.org/s1/"},
      {"an expression", "refile:", "[ab]@example.org k1", "B", "example.org", "example.org/s1/"},
      {"an expression of another author", "refile:", "[ab]@example.org k1", "c", "example.org", ""},
      {"alternatives", "refile:", "a@example.net|b@example.org k1\n* k2", "a", "example.net",
       "example.org/s1/"},
      {"a pattern is for the address", "refile:", "example.org k1", "alice", "example.org", ""},
      {"other authors", "file:", "bob@example.org k1", "alice", "example.org", ""},
      {"% in d=", "refile:", "*@* author", "a", "sub.example.net", "sub.example.net/sa/"},
      {"% for the key", "file:", "example.org %", "a", "example.org", "example.org/same/"},
      {"% for a key that is not", "refile:", "*@* %", "a", "example.net", ""},
      {"identity", "file:", "* k1:alice@example.org", "a", "example.org",
       "example.org/s1/alice@example.org"},
      {"identity without user", "file:", "* k1:@example.org", "a", "example.org",
       "example.org/s1/@example.org"},
      {"identity below d=", "file:", "* k1:x@sub.example.org", "a", "example.org",
       "example.org/s1/x@sub.example.org"},
      {"% in the identity", "file:", "* author:bob@%", "a", "x.example",
       "x.example/sa/bob@x.example"},
      {"% in the identity, not in d=", "file:", "* k1:@%", "a", "x.example", "example.org/s1/"},
      {"blank before the identity", "file:", "* k1: x@example.org", "a", "example.org",
       "example.org/s1/x@example.org"},
      {"a colon in the identity", "file:", "* k1:\"a:b\"@example.org", "a", "example.org",
       "example.org/s1/\"a:b\"@example.org"},
      {"no identity after the colon", "file:", "* k1:", "a", "example.org", "example.org/s1/"},
  };
  const KeyFolder folder;
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.name) {
      const Tables tables(folder, three_keys, one.kind, one.authors);
      CHECK(tables.signers(one.local_part, one.domain) == one.signers);
      CHECK(tables.problems == std::vector<std::string>{});
    }
  }
}

TEST_CASE("with MultipleSignatures every match signs", "[keys]") {
  const KeyFolder folder;
  const Tables exact(folder, three_keys, "file:", "* author\nexample.org k2\na@example.org k1\n",
                     true);
  CHECK(exact.signers("a", "example.org") == "example.org/s1/ example.org/s2/ example.org/sa/");
  const Tables patterns(folder, three_keys, "refile:", "* author\n*@x k1\n*@example.org k2\n",
                        true);
  CHECK(patterns.signers("a", "example.org") == "example.org/sa/ example.org/s2/");
}

TEST_CASE("a bad line is told with its place, and the others serve", "[keys]") {
  struct Case {
    std::string keys;
    std::string authors;
    std::string problem;
    std::string signers;  // for a@example.org
  };
  const std::string good = "* k1\n";
  const Case cases[] = {
      {"bad example.org:s1\n", good, "keys:1: domain:selector:key is wanted", "example.org/s1/"},
      {"bad a..b:s1:KEY\n", good, "keys:1: the first field is neither a domain nor %",
       "example.org/s1/"},
      {"bad sub.%:s1:KEY\n", good, "keys:1: the first field is neither a domain nor %",
       "example.org/s1/"},
      {"bad example.org:%:KEY\n", good, "keys:1: the second field is no selector",
       "example.org/s1/"},
      {"bad example.org:s1:KEY:x\n", good, "keys:1: more than three fields", "example.org/s1/"},
      {"bad example.org:s1:key.pem\n", good,
       "keys:1: the key is neither a path, nor PEM, nor base64", "example.org/s1/"},
      {"bad example.org:s1:\n", good, "keys:1: the key is neither a path, nor PEM, nor base64",
       "example.org/s1/"},
      {"bad example.org:s1:AAAA\n", good, "keys:1: no valid private key", "example.org/s1/"},
      {"bad example.org:s1:/nonexistent\n", good, "keys:1: /nonexistent: No such file or directory",
       "example.org/s1/"},
      {"k1 example.org:s1:KEY\n", good,
       "keys:2: the name k1 stands in the table already; this line has no effect",
       "example.org/s1/"},
      {"", "example.org nokey\n" + good, "authors:1: there is no key nokey in the KeyTable",
       "example.org/s1/"},
      {"", "example.org K1\n" + good, "authors:1: there is no key K1 in the KeyTable",
       "example.org/s1/"},
      {"", "example.net %\n" + good, "authors:1: there is no key example.net in the KeyTable",
       "example.org/s1/"},
      {"", "*@example.org k2\n" + good,
       "authors:1: only user@* and * may stand here; for other patterns name the table with "
       "refile:",
       "example.org/s1/"},
      {"", "a..b k2\n" + good, "authors:1: the first field is no address, no domain, and no *",
       "example.org/s1/"},
      {"", "* k2\n" + good, "authors:2: * stands in the table already; this line has no effect",
       "example.org/s2/"},
      {"", "* k1:x@example.net\n", "authors:1: the identity is not in example.org; i= is left out",
       "example.org/s1/"},
      {"", "* k1:x@org\n", "authors:1: the identity is not in example.org; i= is left out",
       "example.org/s1/"},
      {"", "* k1:example.org\n", "authors:1: the second field is no identity; i= is left out",
       "example.org/s1/"},
      {"", "* k1:a b@example.org\n", "authors:1: the second field is no identity; i= is left out",
       "example.org/s1/"},
  };
  const KeyFolder folder;
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.keys << one.authors) {
      const Tables tables(folder, one.keys + three_keys, "file:", one.authors);
      CHECK(tables.problems == std::vector{one.problem});
      CHECK(tables.signers("a", "example.org") == one.signers);
    }
  }
}

TEST_CASE("a line whose key cannot be used is told once, at the key", "[keys]") {
  const KeyFolder folder;
  const Tables tables(folder, std::string("bad example.org:s1:/nonexistent\n") + three_keys,
                      "file:", "a@example.org bad\n* k1\n");
  CHECK(tables.problems ==
        std::vector<std::string>{"keys:1: /nonexistent: No such file or directory"});
  CHECK(tables.signers("a", "example.org") == "example.org/s1/");
}

TEST_CASE("keys stand in the KeyTable themselves", "[keys]") {
  const KeyFolder folder;
  std::string base64 = folder.key.pem();
  base64.erase(0, base64.find('\n') + 1);
  base64.erase(base64.find('-'));
  std::erase(base64, '\n');
  const std::string pem = "-----BEGIN PRIVATE KEY-----" + base64 + "-----END PRIVATE KEY-----";

  for (const std::string& key : {base64, pem}) {
    DYNAMIC_SECTION(key.substr(0, 10)) {
      const Tables tables(folder, "k example.org:s1:" + key + "\n", "file:", "* k");
      CHECK(tables.signers("a", "example.org") == "example.org/s1/");
      CHECK(tables.problems.empty());
    }
  }
  SECTION("unless others can read it") {
    const std::string table =
        folder.write("open", "k example.org:s1:" + base64, std::filesystem::perms{0644});
    std::vector<std::string> problems;
    KeyFiles files({});
    const KeyTable keys(*Table::read(table, problems), files, problems);
    CHECK(keys.find_usable("k") == nullptr);
    CHECK(problems ==
          std::vector{table +
                      ":1: the key stands in a table that others than its owner have access to"});
  }
}

TEST_CASE("% in a key's path stands for the author's domain", "[keys]") {
  const KeyFolder folder;
  folder.write("by/example.org/mail.pem", folder.key.pem());
  folder.write("by/xn--bcher-kva.example/mail.pem", folder.key.pem());
  folder.write("by/no.key/other.pem", folder.key.pem());
  folder.write("by/not a domain/mail.pem", folder.key.pem());
  folder.write("by/broken.example/mail.pem", "");

  const Tables tables(folder, "k %:s1:" + folder.path("by/%/mail.pem"), "refile:", "*@* k");
  CHECK(tables.signers("a", "example.org") == "example.org/s1/");
  CHECK(tables.signers("a", "bücher.example") == "xn--bcher-kva.example/s1/");
  CHECK(tables.signers("a", "no.key").empty());
  CHECK(tables.signers("a", "broken.example").empty());
  CHECK(tables.signers("a", "example.net").empty());
  CHECK(tables.problems ==
        std::vector<std::string>{"keys:1: " + folder.path("by/broken.example/mail.pem") +
                                 ": no valid private key in PEM"});
}

TEST_CASE("what % stands for lies between what is before and behind it", "[keys]") {
  const KeyFolder folder;
  folder.write("by/aexample.orga", folder.key.pem());
  folder.write("by/a", folder.key.pem());
  folder.write("by/aa", folder.key.pem());
  folder.write("by/ax.example", folder.key.pem());
  folder.write("by/x.examplea", folder.key.pem());

  const Tables tables(folder, "k %:s1:" + folder.path("by/a%a"), "refile:", "*@* k");
  CHECK(tables.problems.empty());
  CHECK(tables.signers("a", "example.org") == "example.org/s1/");
  CHECK(tables.signers("a", "x.example").empty());
}

TEST_CASE("an author of any length is looked up in bounded time", "[keys]") {
  const KeyFolder folder;
  const Tables tables(folder, three_keys, "refile:", "*a*a*a*a*a*b@* k1\n* k2\n");
  CHECK(tables.signers(std::string(100'000, 'a'), "example.org").empty());
}

}  // namespace
}  // namespace sekisho::keys
