// The repairs of a whole body that are tried, by kind. Each gives its candidates to a sink.
#pragma once

#include "dkim_diagnosis/mime_parts.hpp"
#include "dkim_diagnosis/repair.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// A body as it came, or as a first repair has made it.
struct BodyView {
  BodyView(std::string_view body, Content body_content, std::vector<std::string> boundaries)
      : text(body),
        content(std::move(body_content)),
        structure(find_parts(body, content)),
        old_boundaries(std::move(boundaries)) {}

  std::string_view text;
  Content content;
  Structure structure;
  std::vector<std::string> old_boundaries;  ///< Which the multipart may have had.
};

/// What undoes a change of one line, which has its line end; nullopt: the line does not show it.
struct LineRule {
  ChangeId id = ChangeId::body_blanks;
  bool only_alone = false;  ///< It fits any line, so that only one is tried at a time.
  std::function<std::optional<std::string>(std::string_view)> edit;
};
[[nodiscard]] const std::vector<LineRule>& line_rules();

/// Each returns true once the sink has.
[[nodiscard]] bool repair_lines(const BodyView& view, const RepairSink& sink);
[[nodiscard]] bool repair_wrapping(const BodyView& view, const RepairSink& sink);
[[nodiscard]] bool repair_coding(const BodyView& view, const RepairSink& sink);
[[nodiscard]] bool repair_charset(const BodyView& view, const RepairSink& sink);
[[nodiscard]] bool repair_links(const BodyView& view, const RepairSink& sink);
[[nodiscard]] bool repair_boundary(const BodyView& view, const RepairSink& sink);
[[nodiscard]] bool unwrap_first_part(const BodyView& view, const RepairSink& sink);
/// All of these.
[[nodiscard]] bool repair_body(const BodyView& view, const RepairSink& sink);

/// Lines at the end of a part that may have been added there: of a text part, of an HTML part, or
/// of both.
[[nodiscard]] bool repair_part_tails(const BodyView& view, const RepairSink& sink);

}  // namespace sekisho::dkim_diagnosis
