import { colourVariables } from "./colours.ts";
import { drawingStyle } from "./drawing-style.ts";
import { severities } from "./verdict.ts";

const base = `
*,::before,::after{box-sizing:border-box}
html{scroll-padding:16px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Open Sans",sans-serif;border-top:6px solid var(--brand,var(--ink))}
main,.top,footer{max-width:1560px;margin:0 auto;padding:0 clamp(16px,4vw,56px)}
h1,h2,h3,h4,p,ul,ol,dl,dd,figure,fieldset{margin:0;padding:0;border:0}
ul,ol{list-style:none}
h1,h2,h3{line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:clamp(1.6rem,3vw,2.25rem);font-weight:700;letter-spacing:-.015em}
h2{font-size:1.3rem;font-weight:700;letter-spacing:-.01em;margin-bottom:16px}
h3{font-size:1rem;font-weight:600}
h4{font-size:.75rem;font-weight:700;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:16px 0 2px}
p,li,dd{overflow-wrap:anywhere}
a{color:inherit;text-decoration-color:var(--line);text-underline-offset:3px}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:3px solid var(--low);outline-offset:3px;border-radius:6px}
.muted,.small,.hint{color:var(--soft)}
.small{font-size:.84rem}
.symbols{position:absolute;width:0;height:0}
.top{display:flex;flex-wrap:wrap;gap:6px 18px;align-items:center;padding-top:26px;padding-bottom:6px;color:var(--soft);font-size:.9rem}
.top img{max-height:44px;max-width:240px}
.top .brand{color:var(--ink);font-weight:700;font-size:1.05rem}
.top time{margin-left:auto}
section,.work,.upgrade,.rest{margin-top:44px}
.hero,.work section,.rest section,.columns section,.sides section{margin-top:0}
.hero{margin-top:14px}
`;

const verdictStyle = `
.hero{background:linear-gradient(180deg,color-mix(in srgb,var(--grade,var(--sheet)) 7%,var(--sheet)),var(--sheet) 70%);border:1px solid var(--rim);border-radius:22px;padding:clamp(20px,3vw,40px)}
.verdict{display:flex;flex-wrap:wrap;gap:20px clamp(24px,4vw,56px);align-items:center}
.verdict-words{flex:1 1 320px}
.dial{width:178px;flex:none}
.dial circle{fill:none;stroke-width:13;stroke-linecap:round}
.dial .track{stroke:var(--rim)}
.dial .filled{stroke:var(--grade)}
.dial text{text-anchor:middle;fill:var(--ink)}
.dial .figure{font-size:50px;font-weight:700;letter-spacing:-.03em}
.dial .of{font-size:13px;fill:var(--soft)}
.grade{display:inline-block;margin-top:12px;padding:3px 14px;border-radius:99px;font-weight:700;color:var(--sheet);background:var(--grade)}
.meaning{margin-top:10px;font-size:1.15rem;max-width:44em}
.is-good{--grade:var(--good)}.is-medium{--grade:var(--medium)}.is-high{--grade:var(--high)}.is-critical{--grade:var(--critical)}
.hero:has(.is-good){--grade:var(--good)}.hero:has(.is-medium){--grade:var(--medium)}.hero:has(.is-high){--grade:var(--high)}.hero:has(.is-critical){--grade:var(--critical)}
.counts{display:flex;flex-wrap:wrap;gap:8px 22px;margin-top:16px}
.counts li{display:flex;align-items:center;gap:7px}
.mark-icon{width:24px;height:24px;flex:none;vertical-align:-6px}
.counts .mark-icon{width:17px;height:17px}
.facts{display:flex;flex-wrap:wrap;gap:14px clamp(24px,4vw,48px);margin-top:28px;padding-top:20px;border-top:1px solid var(--rim)}
@media(min-width:1180px){.hero:has(.facts){display:grid;grid-template-columns:1fr auto;gap:40px;align-items:center}.facts{display:grid;grid-template-columns:auto auto;gap:16px 40px;margin:0;padding:0 0 0 40px;border:solid var(--rim);border-width:0 0 0 1px}}
.facts dt{font-size:.8rem;color:var(--soft)}
.facts dd{font-weight:600}
.change{background:var(--sheet)}
.delta{margin-top:6px;font-size:1.15rem}
.delta.better{color:var(--good)}.delta.worse{color:var(--critical)}
.sides{display:grid;gap:20px 40px;margin-top:24px}
.sides .dial{width:130px}
.sides h2{font-size:.85rem;color:var(--soft);margin:0;font-weight:600}
.sides .meaning{font-size:1rem}
@media(min-width:900px){.sides{grid-template-columns:1fr 1fr}}
`;

const firstStyle = `
.first ol{counter-reset:first;display:grid;gap:12px}
.first li{align-items:start;counter-increment:first;display:grid;grid-template-columns:auto 1fr;gap:4px 18px;background:var(--sheet);border:1px solid var(--rim);border-radius:16px;padding:16px 22px}
.first li::before{content:counter(first);grid-row:span 2;display:grid;place-items:center;width:34px;height:34px;border-radius:50%;font-weight:700;background:var(--brand,var(--ink));color:var(--on-brand,var(--sheet))}
.first h3{font-size:1.08rem}
.first h3 a{text-decoration:none}.first h3 a:hover{text-decoration:underline}
.first .small{margin-top:6px}
.first .mark-icon{width:24px;height:24px;margin-right:8px;vertical-align:-7px}
.do h4{margin-top:8px}
@media(min-width:900px){.first li{grid-template-columns:auto 1.1fr 1fr}.do{grid-row:1;grid-column:3;border-left:1px solid var(--rim);padding-left:22px}.do h4{margin-top:2px}}
.upgrade{display:flex;flex-wrap:wrap;gap:12px 24px;align-items:center;justify-content:space-between;border:2px solid var(--brand,var(--ink));border-radius:16px;padding:16px 22px;background:var(--sheet)}
.upgrade a{padding:8px 22px;border-radius:99px;font-weight:700;text-decoration:none;background:var(--brand,var(--ink));color:var(--on-brand,var(--sheet))}
`;

const workStyle = `
.work{display:grid;grid-template-columns:minmax(0,1fr);gap:36px}
.picture{min-width:0}
.hint{margin:-8px 0 12px}
.sizes{display:inline-flex;gap:4px;align-items:center;padding:4px;margin-bottom:12px;border-radius:12px;background:var(--rim);font-size:.88rem}
.sizes legend{float:left;padding:0 8px;color:var(--soft)}
.sizes label{position:relative;padding:3px 14px;border-radius:9px;cursor:pointer}
.sizes input{position:absolute;inset:0;margin:0;opacity:0;cursor:pointer}
.sizes label:has(:checked){background:var(--sheet);font-weight:600}
.sizes label:has(:focus-visible){outline:3px solid var(--low);outline-offset:2px}
.canvas{overflow:auto;max-height:min(88vh,1000px);border:1px solid var(--rim);border-radius:16px;background:var(--ground);overscroll-behavior:auto;animation:1s step-end backwards aim-start}
@keyframes aim-start{from{scroll-snap-type:both mandatory}}
.paper{position:relative;width:calc(var(--width)*var(--size)*1px);margin:0 auto;--size:1}
.paper .drawing{display:block;width:100%;height:auto}
.picture:has(#size-half:checked) .paper{--size:.6}
.picture:has(#size-whole:checked) .paper{max-width:100%}
.aim{position:absolute;width:1px;height:1px;pointer-events:none;left:calc(var(--x)*100%/var(--width));top:calc(var(--y)*100%/var(--height))}
.aim.start{scroll-snap-align:center}
:root:has(.finding[open]) .aim.start{scroll-snap-align:none}
.drawing a{cursor:pointer}.drawing a:focus-visible{outline-offset:2px}
.step:target .card{stroke:var(--ink);stroke-width:3}
.trace{display:none;pointer-events:none}
.walked{fill:none;stroke:var(--trace);stroke-width:3}
.halo{fill:var(--trace)}
.time{fill:var(--trace)}
.time-text{fill:var(--sheet);font-size:11.5px;font-weight:700;text-anchor:middle}
${severities.map((name) => `.trace.${name}{--trace:var(--${name})}`).join("")}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;margin-top:10px;font-size:.88rem;color:var(--soft)}
.legend li{display:flex;gap:7px;align-items:center}
.legend .mark-icon{width:16px;height:16px}
.parts{display:none}
@media screen{.work:has(.finding[open] .way) #workflow{opacity:.35}}
@media(prefers-reduced-motion:no-preference){#workflow{transition:opacity .2s}.walked{stroke-dasharray:9 7;animation:walk 1.1s linear infinite}@keyframes walk{to{stroke-dashoffset:-16}}}
@media(min-width:1080px){.work{grid-template-columns:minmax(0,1fr) minmax(380px,460px);align-items:start}.picture{position:sticky;top:16px}.canvas{max-height:calc(100vh - 190px)}}
.list{display:grid;gap:36px;min-width:0}
.finding{background:var(--sheet);border:1px solid var(--rim);border-radius:14px;margin-bottom:10px}
.finding[open]{border-color:var(--edge);box-shadow:0 0 0 1px var(--edge)}
${severities.map((name) => `.finding.${name}{--edge:var(--${name})}`).join("")}
.finding summary{display:flex;gap:12px;align-items:flex-start;padding:14px 18px 14px 14px;cursor:pointer;list-style:none;border-radius:14px}
.finding summary::-webkit-details-marker{display:none}
.finding summary::after{content:"";flex:none;width:9px;height:9px;margin:7px 2px 0 auto;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(45deg)}
.finding[open] summary::after{transform:rotate(-135deg);margin-top:11px}
.finding .mark-icon{width:28px;height:28px}
.finding .head{display:block;min-width:0}
.finding h3{line-height:1.35}
.where{display:block;font-size:.86rem;color:var(--soft);overflow-wrap:anywhere}
.inside{padding:0 18px 18px 54px}
.inside .small{margin-top:16px}
.pair{display:grid;gap:0 24px}
.way{border-left:2px solid var(--edge);margin:6px 0 0 6px}
.way li{position:relative;display:flex;flex-wrap:wrap;gap:0 10px;justify-content:space-between;padding:3px 0 3px 18px;font-size:.92rem}
.way li::before{content:"";position:absolute;left:-6px;top:11px;width:10px;height:10px;border-radius:50%;background:var(--sheet);border:2px solid var(--edge)}
.way li:last-child::before{background:var(--edge)}
.way .left-out{color:var(--soft)}.way .left-out::before{border-style:dotted}
.way a{text-decoration:none}.way a:hover{text-decoration:underline}
.elapsed{color:var(--soft);font-size:.86rem;white-space:nowrap}
`;

const restStyle = `
.rest{display:grid;gap:44px 56px}
@media(min-width:1000px){.rest{grid-template-columns:1fr 1fr}}
.categories li{display:grid;grid-template-columns:11em 1fr 6.5em;gap:16px;align-items:center;padding:7px 0;border-bottom:1px solid var(--rim)}
.categories b{font-variant-numeric:tabular-nums}
.bar{height:8px;border-radius:4px;background:var(--rim);overflow:hidden}
.bar i{display:block;height:100%;border-radius:4px;background:currentColor}
.bar.good{color:var(--good)}.bar.medium{color:var(--medium)}.bar.high{color:var(--high)}.bar.critical{color:var(--critical)}
.accepted li,.unchecked li{padding:10px 0;border-bottom:1px solid var(--rim)}
.unchecked ul{margin-top:8px}
.columns{display:grid;gap:36px;margin-top:36px}
@media(min-width:1000px){.columns{grid-template-columns:repeat(3,minmax(0,1fr));gap:28px}}
.column h2{display:flex;gap:10px;align-items:center;padding-bottom:10px;border-bottom:3px solid var(--tone,var(--line))}
.column.fixed{--tone:var(--good)}.column.new{--tone:var(--critical)}
.count{font-size:.95rem;padding:0 11px;border-radius:99px;background:var(--rim)}
.columns .inside{padding-left:18px}
footer{margin-top:56px;padding-top:20px;padding-bottom:48px;color:var(--soft);font-size:.84rem}
footer p{max-width:70em}
`;

/** Paper is white, does not scroll, and shows every finding open. */
const printStyle = `
@page{size:A4;margin:14mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif;color:#4b5768}}
@media print{
:root{color-scheme:light}
body{background:#fff;font-size:10pt;border-top-width:4px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main,.top,footer{max-width:none;padding-left:0;padding-right:0}
section,.upgrade,.rest{margin-top:9mm}
.work{display:block;margin-top:9mm}
h1{font-size:20pt}h2{font-size:13pt}
h2,h3,h4{break-after:avoid}
.hero,.first li,.finding,.part,.categories li,.accepted li,.unchecked li,.upgrade,.categories{break-inside:avoid}
.dial{width:34mm}
.first li{grid-template-columns:auto 1fr;padding:4mm}.do{grid-column:2;grid-row:auto;border:0;padding:0}
.picture{position:static}
.hint,.sizes,.canvas{display:none}
.parts{display:flex;flex-wrap:wrap;gap:5mm;align-items:flex-start}
.part svg{display:block}
.part .drawing{background:none}.part rect.part-frame{fill:none;stroke:#8d9bb0;vector-effect:non-scaling-stroke}.part text.part-name{fill:#111927;font-weight:700;text-anchor:middle}
.part figcaption{font-size:8pt;color:#4b5768}
.legend{font-size:9pt;break-before:avoid}
.list{display:block;margin-top:9mm}.list section+section{margin-top:9mm}
.finding,.finding[open]{border-color:var(--rim);box-shadow:none}
.finding summary{padding:3mm 4mm 0}.finding summary::after{display:none}
.inside{padding:1mm 4mm 3mm 16mm}
.pair{grid-template-columns:1fr 1fr}.inside h4{margin-top:2mm}.inside .small{margin-top:2mm}
.way{border:0;margin:0;font-size:9pt}
.way li{display:inline;padding:0;font-size:inherit}
.way li::before{position:static;width:auto;height:auto;border:0;background:none!important;content:"› ";color:#4b5768}
.way li:first-child::before{content:""}
.elapsed{margin-left:1.5mm;font-size:inherit}
.finding::details-content{content-visibility:visible;block-size:auto;display:block}
.rest{display:block}.rest section{margin-top:9mm}
.columns{display:block}
.sides{grid-template-columns:1fr 1fr}
footer{margin-top:9mm;padding:0;break-inside:avoid}
a{text-decoration:none}
}
`;

/** Style of the whole page, drawing included. */
export const pageStyle: string = [
  colourVariables,
  drawingStyle,
  base,
  verdictStyle,
  firstStyle,
  workStyle,
  restStyle,
  printStyle,
].join("");
