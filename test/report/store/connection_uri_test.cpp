#include "report/store/connection_uri.hpp"

#include <catch2/catch.hpp>

namespace sekisho::report::store {

TEST_CASE("connection URIs whose password cannot be mistaken", "[store]") {
  for (const char* uri :
       {"postgresql://", "postgresql://db", "postgresql://u@db/x", "postgresql://u:p%40q@db:5432/x",
        "postgres:///x?host=/run/postgresql&user=u@d", "postgresql://[::1]:5432/x",
        "postgresql://a:1,b:2/x?password=p&sslmode=require", "postgresql://%2Frun%2Fpg/x",
        "postgresql://u:p:q!$&'()*+,;=@db/x"}) {
    CHECK_FALSE(find_uri_fault(uri));
  }
  for (const char* uri :
       {"postgresql://u:pa/ss@db/x", "postgresql://u:pa@ss@db/x", "postgresql://u:pa?ss@db/x",
        "postgresql://u:12?a=3@db/x", "postgresql://u:pa#ss@db/x", "postgresql://u:12/34/x",
        "postgresql://u:pa%ss@db/x", "postgresql://u:pa%00@db/x", "postgresql://u:secret",
        "postgresql://db/x y", "postgresql://db/x?secret", "postgresql://db/x?password=a=b",
        "postgresql://db/x?pass word=a", "postgresql://u:p\nq@db/x"}) {
    DYNAMIC_SECTION(uri) {
      const auto fault = find_uri_fault(uri);
      REQUIRE(fault);
      CHECK_THAT(*fault, !Catch::Contains("ss@") && !Catch::Contains("secret"));
    }
  }
}

TEST_CASE("passwords are hidden in what a library says", "[store]") {
  CHECK(hide_passwords("for \"p@q\" and p%40q", "postgresql://u:p%40q@db/x") ==
        "for \"***\" and ***");
  CHECK(hide_passwords("a b c", "postgresql://u@db/x?password=a&sslpassword=b%20c") == "*** ***");
  CHECK(hide_passwords("x", "postgresql://u:@db/x?password=") == "x");
}

}  // namespace sekisho::report::store
