#include "html.hpp"

namespace dialogferry::status::html {

// Text has a contrast of at least 4.5:1 and every sign of a state at least 3:1 to what is behind it, light
// and dark.
std::string_view style() {
  return R"css(:root {
  --page: #f6f7f9; --card: #ffffff; --ink: #17202b; --quiet: #4d5868; --line: #d5dae1; --edge: #737d8c;
  --link: #0b5394; --ok: #17703f; --ok-soft: #e5f4eb; --warning: #a34a00; --warning-soft: #fdf0e1;
  --paused: #1f5799; --paused-soft: #e6effa; --off: #56606e; --off-soft: #eceef1;
}
@media (prefers-color-scheme: dark) { :root {
  --page: #10151b; --card: #182029; --ink: #e9edf2; --quiet: #a9b4c1; --line: #313c49; --edge: #7d8a9a;
  --link: #8cc2ff; --ok: #4fc486; --ok-soft: #12301f; --warning: #f2a352; --warning-soft: #3a2610;
  --paused: #82b4f5; --paused-soft: #16293f; --off: #a9b4c1; --off-soft: #242d38;
} }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 3rem; max-width: 80rem; color: var(--ink); background: var(--page);
  font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--card); z-index: 1; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; justify-content: space-between; align-items: center; margin-bottom: 1.25rem; }
.name { display: flex; flex-wrap: wrap; gap: .25rem .9rem; align-items: center; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
h4 { font-size: .95rem; margin: 1rem 0 .25rem; color: var(--quiet); }
p { margin: 0 0 .5rem; max-width: 48rem; }
small, .quiet { color: var(--quiet); }
.tag { margin: 0; padding: .1rem .65rem; border: 1px solid var(--edge); border-radius: 1rem; font-size: .85rem; color: var(--quiet); }
nav a { display: inline-block; padding: .25rem 0; margin-left: 1rem; }
nav a:first-child { margin-left: 0; }
main > section, .hero { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem clamp(1rem, 3vw, 1.75rem); margin-bottom: 1.25rem; }
.hero { border-left: .5rem solid var(--tone); background: linear-gradient(var(--soft), var(--card) 75%); }
.hero.ok, .state.ok, .state.reached, .state.on_track { --tone: var(--ok); --soft: var(--ok-soft); }
.hero.warning, .state.warning, .state.late, .state.at_risk { --tone: var(--warning); --soft: var(--warning-soft); }
.hero.paused, .state.paused { --tone: var(--paused); --soft: var(--paused-soft); }
.hero.off, .state.off, .state.unknown { --tone: var(--off); --soft: var(--off-soft); }
.headline { font-size: clamp(1.25rem, 3vw, 1.7rem); line-height: 1.3; font-weight: 650; max-width: none; margin: 0; display: flex; gap: .75rem; align-items: flex-start; }
.mark { flex: none; display: inline-grid; place-items: center; width: 1.35em; height: 1.35em; border-radius: 50%; background: var(--tone); color: var(--card); font-weight: 800; }
.asof { color: var(--quiet); margin: .35rem 0 0; }
.bar { max-width: none; margin: 1rem 0 0; }
progress { appearance: none; display: block; width: 100%; height: .75rem; border: 1px solid var(--edge); border-radius: 1rem; overflow: hidden; background: var(--card); }
progress::-webkit-progress-bar { background: var(--card); }
progress::-webkit-progress-value { background: var(--ok); }
progress::-moz-progress-bar { background: var(--ok); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem 2rem; margin: 1.1rem 0 0; }
.figures dt { color: var(--quiet); font-size: .9rem; }
.figures dd { margin: 0; font-size: 1.35rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.figures small { font-size: .95rem; font-weight: 400; }
.scroll { overflow-x: auto; padding: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .55rem 1.1rem .55rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-size: .9rem; font-weight: 600; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 600; min-width: 9rem; }
.sources { font-size: .96rem; }
.sources th:last-child, .sources td:last-child { padding-right: 0; }
td.n { white-space: nowrap; }
.numbers td.n, .numbers thead th:not(:first-child) { text-align: right; padding: .55rem 0 .55rem 1rem; white-space: normal; }
th time, td time, .nb { white-space: nowrap; }
.state { display: inline-block; white-space: nowrap; padding: .05rem .6rem; border-radius: 1rem; border: 1px solid var(--tone); background: var(--soft); color: var(--tone); font-weight: 600; font-size: .9rem; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; list-style: none; margin: .5rem 0 0; padding: 0; font-size: .92rem; }
.legend svg { vertical-align: -.15em; margin-right: .2rem; }
svg.defs { position: absolute; }
svg.grid { display: block; margin: .25rem 0 .5rem; }
text { fill: var(--quiet); font-size: 12px; }
.sq-ok { fill: var(--ok); }
.sq-warning { fill: var(--warning); }
.sq-hole { fill: var(--card); }
.sq-cross { stroke: var(--card); stroke-width: 2.2; stroke-linecap: round; }
.sq-edge, .sq-running { fill: none; stroke: var(--edge); stroke-width: 1.5; }
.sq-running { stroke: var(--paused); }
.sq-half { fill: var(--paused); }
details { margin-top: .5rem; }
summary { cursor: pointer; color: var(--link); padding: .2rem 0; width: fit-content; }
.log { margin: 0; padding-left: 1.2rem; }
.log li { margin-bottom: .3rem; }
.log time { font-weight: 600; margin-right: .4rem; }
footer { color: var(--quiet); font-size: .92rem; }
@media print { body { background: none; } main > section, .hero { break-inside: avoid; } nav, .skip { display: none; } }
)css";
}

} // namespace dialogferry::status::html
