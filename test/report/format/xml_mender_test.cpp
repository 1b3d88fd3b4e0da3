#include "report/format/xml_mender.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::format {

namespace {

struct Mended {
  std::string text;
  bool is_whole = false;
  std::vector<std::string> notes;
  std::string error;

  bool operator==(const Mended&) const = default;
};

Mended mend(std::string_view text, std::size_t chunk, const MendingLimits& limits = {}) {
  ReportNotes notes;
  XmlMender mender(limits, notes);
  Mended result;
  for (; !text.empty(); text.remove_prefix(std::min(chunk, text.size()))) {
    if (const auto done = mender.mend(text.substr(0, chunk), result.text); !done) {
      result.error = done.error();
      break;
    }
  }
  result.is_whole = mender.is_whole();
  for (const ReportNote& note : notes.take()) {
    result.notes.push_back(note.text);
  }
  return result;
}

constexpr std::string_view entity = "a bare & in the XML was taken for text";
constexpr std::string_view markup = "a bare < in the XML was taken for text";
constexpr std::string_view not_closed = "an element of the XML that is not closed was ended";
constexpr std::string_view not_opened = "an end tag of the XML without its element was dropped";
constexpr std::string_view broken_tag = "a tag of the XML that does not end was ended";
constexpr std::string_view before = "text before the XML was passed over";
constexpr std::string_view behind = "something behind the end of the XML was passed over";
constexpr std::string_view spaces = "name space declarations of the XML were dropped";

struct Case {
  std::string name;
  std::string text;
  std::string mended;
  std::vector<std::string_view> notes;
  bool is_whole = true;
};

std::string names(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += " xmlns:n" + std::to_string(i) + "=\"u\"";
  }
  return text;
}

}  // namespace

TEST_CASE("XML is mended where it is not well-formed, and only there", "[report]") {
  const Case cases[] = {
      {"well-formed",
       "<a><b>x &amp; y &#65; &#x41;</b>\n<c/></a>",
       "<a><b>x &amp; y &#65; &#x41;</b>\n<c/></a>",
       {}},
      {"declaration, comment and instruction are dropped, their line ends kept",
       "<?xml version=\"1.0\"?>\n<!-- <x> -- > \n--><a><?p <\n?>x<!----></a>",
       "\n\n<a>\nx</a>",
       {}},
      {"CDATA becomes text", "<a><![CDATA[<b>&]] ]>]]]></a>", "<a>&lt;b&gt;&amp;]] ]&gt;]</a>", {}},
      {"attributes are dropped, name spaces kept",
       "<p:a xmlns:p='u&v' b=\"1>2\" xmlns = \"w\"><c d=e/></p:a >",
       "<p:a xmlns:p=\"u&amp;v\" xmlns=\"w\"><c/></p:a>",
       {}},
      {"a bare ampersand",
       "<a>?b=1&c=2&; &nbsp; &amp</a>",
       "<a>?b=1&amp;c=2&amp;; &amp;nbsp; &amp;amp</a>",
       {entity}},
      {"a character that XML has not",
       "<a>&#0;&#xffff;&#x110000;</a>",
       "<a>\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</a>",
       {}},
      {"a bare less-than",
       "<a>1 < 2, bad<d.example</a>",
       "<a>1 &lt; 2, bad&lt;d.example</a>",
       {markup}},
      {"an address for an element (parsedmarc PR 122)",
       "<a>D <d@reporter.example></a>",
       "<a>D &lt;d@reporter.example&gt;</a>",
       {markup}},
      {"no markup", "<a></ ><!x><1></a>", "<a>&lt;/ &gt;&lt;!x&gt;&lt;1&gt;</a>", {markup}},
      {"an element that is not closed",
       "<a><b>x<c>y</b></a>",
       "<a><b>x<c>y</c></b></a>",
       {not_closed}},
      {"an end tag too many", "<a></b>x</a>", "<a>x</a>", {not_opened}},
      {"a tag that does not end", "<a><b c=\"1<d/></b></a>", "<a><b><d/></b></a>", {broken_tag}},
      {"an end tag that does not end", "<a><b>x</b</a>", "<a><b>x</b></a>", {broken_tag}},
      {"text around the root", "hello <a>x</a>\n--\nfooter", "<a>x</a>", {before, behind}},
      {"a second root", "<a/><b/>", "<a/>", {behind}},
      {"blanks around the root", "\r\n <a/>\n", "\n<a/>", {}},
      {"cut off in an element", "<a><b>x", "<a><b>x", {}, false},
      {"cut off in a tag", "<a><b", "<a>", {}, false},
      {"cut off in a comment", "<a><!-- ", "<a>", {}, false},
      {"nothing", "", "", {}, false},
      {"a name space that is reserved",
       "<a xmlns:xml='u' xmlns:xmlns='u' xmlns:='u'/>",
       "<a/>",
       {}},
      {"a name that libxml2 would complain of",
       "<a:b:c><d\xc3\x97/></a:b:c>",
       "<a_b_c><d__/></a_b_c>",
       {}},
      {"name spaces up to the limit", "<a" + names(8) + "/>", "<a" + names(8) + "/>", {}},
      {"one more", "<a" + names(9) + "/>", "<a" + names(8) + "/>", {spaces}},
      {"the same twice", "<a xmlns='u' xmlns='v'/>", "<a xmlns=\"u\"/>", {spaces}},
      {"a name up to the limit",
       "<" + std::string(256, 'n') + "/>",
       "<" + std::string(256, 'n') + "/>",
       {}},
      {"a longer one",
       "<a><" + std::string(257, 'n') + "/></a>",
       "<a>&lt;" + std::string(257, 'n') + "/&gt;</a>",
       {markup}},
      {"a name space up to the limit",
       "<a xmlns='" + std::string(512, 'u') + "'/>",
       "<a xmlns=\"" + std::string(512, 'u') + "\"/>",
       {}},
      {"a longer one", "<a xmlns='" + std::string(513, 'u') + "'/>", "<a/>", {spaces}},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      const Mended expected{.text = row.mended,
                            .is_whole = row.is_whole,
                            .notes = {row.notes.begin(), row.notes.end()}};
      for (const std::size_t chunk : {1UL, 2UL, 3UL, 7UL, 1'000'000UL}) {
        CAPTURE(chunk);
        const Mended mended = mend(row.text, chunk);
        CHECK(mended.text == expected.text);
        CHECK(mended.is_whole == expected.is_whole);
        CHECK(mended.notes == expected.notes);
        CHECK(mended.error.empty());
      }
    }
  }
}

TEST_CASE("XML that is refused", "[report]") {
  CHECK(mend("<?xml?>\n<!doctype a [<!ENTITY b 'c'>]><a/>", 1).error ==
        "line 2: a document type (DOCTYPE) has no place in a report");
  CHECK(mend("<a>\n\n<!DOCTYPE", 5).error ==
        "line 3: a document type (DOCTYPE) has no place in a report");
  SECTION("behind the root it is nobody's") {
    CHECK(mend("<a/><!DOCTYPE a><b>", 1).error.empty());
  }
  SECTION("the limit of depth is exact") {
    const MendingLimits three{.depth = 3};
    CHECK(mend("<a><b><c></c><c/></b></a>", 100, three).error.empty());
    CHECK(mend("<a><b><c><d/>", 100, three).error == "line 1: elements are nested too deeply");
    CHECK(mend("<a><b><c><d>", 100, three).error == "line 1: elements are nested too deeply");
  }
}

TEST_CASE("an element that never stands within itself ends where the next begins", "[report]") {
  const MendingLimits limits{.never_nested = "r"};
  CHECK(mend("<a><r><b>1</b><r><b>2</b></r></a>", 100, limits) ==
        Mended{"<a><r><b>1</b></r><r><b>2</b></r></a>", true, {std::string(not_closed)}, ""});
  CHECK(mend("<n:a><n:r><b>1<n:r/></n:a>", 100, limits).text ==
        "<n:a><n:r><b>1</b></n:r><n:r/></n:a>");
  CHECK(mend("<a><s><s/></s></a>", 100, limits).notes.empty());
}

}  // namespace sekisho::report::format
