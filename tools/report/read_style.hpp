// The look of the page that `sekisho report read --html` writes.
#pragma once

#include <string_view>

namespace sekisho::tools {

/// Blues for what passes and orange for what fails, which differ for colour-blind eyes too.
inline constexpr std::string_view feedback_style = R"(
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1c2430; --faint: #5d6878; --line: #dde2e9;
  --both: #1f5fa8; --dkim: #5b9bd8; --spf: #a9cdec; --fail: #d9601a; --warn: #b3470c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11161d; --card: #1a212b; --ink: #e4e9f0; --faint: #98a4b4; --line: #2d3744;
    --both: #3d86d6; --dkim: #74aee6; --spf: #b5d4f0; --fail: #ef8440; --warn: #f3965a;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 76rem; background: var(--ground);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: .8rem; margin: 1.5rem 0 .4rem; color: var(--faint); font-weight: 600;
  text-transform: uppercase; letter-spacing: .06em; }
p { margin: .25rem 0; }
.faint { color: var(--faint); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem;
  margin: 1.5rem 0; padding: 0; list-style: none; }
.cards li, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.cards li { padding: .8rem 1rem; }
.cards b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
section { padding: 1.25rem 1.4rem 1.5rem; margin: 1rem 0; }
.head { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: baseline; }
.policy { font: .85rem ui-monospace, monospace; color: var(--faint); }
.bar { display: flex; height: .9rem; border-radius: 5px; overflow: hidden; background: var(--line);
  margin: .7rem 0 .4rem; }
.row .bar { height: .55rem; width: 8rem; margin: 0; }
.both { background: var(--both); fill: var(--both); }
.dkim { background: var(--dkim); fill: var(--dkim); }
.spf { background: var(--spf); fill: var(--spf); }
.fail { background: var(--fail); fill: var(--fail); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0; padding: 0;
  list-style: none; font-size: .87rem; }
.legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: 3px;
  margin-right: .4rem; }
svg { display: block; width: 100%; height: 7rem; }
.axis { display: flex; justify-content: space-between; font-size: .8rem; color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; }
th { color: var(--faint); font-weight: 600; font-size: .8rem; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
td.name { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
td.bad { color: var(--warn); font-weight: 600; }
code { font: .88em ui-monospace, monospace; }
footer { margin-top: 2rem; font-size: .85rem; color: var(--faint); }
)";

}  // namespace sekisho::tools
