/** Colours of the drawing and the page, light and dark. Contrast of text on its ground is at least 4.5 : 1 in both. */
const palette = `
:root{color-scheme:light dark;--ground:light-dark(#ffffff,#12161c);--sheet:light-dark(#f5f7fa,#1a2029);--ink:light-dark(#17202b,#e8edf3);--soft:light-dark(#4a5664,#a9b6c4);--line:light-dark(#9aa7b5,#5d6b7a);--rim:light-dark(#d5dce4,#323c48);
--critical:light-dark(#b3261e,#ff8a80);--high:light-dark(#b04a00,#ffb068);--medium:light-dark(#7a5c00,#f0cf65);--low:light-dark(#1f5f99,#8cc4f5);--info:light-dark(#4a5664,#a9b6c4);--good:light-dark(#1c6b37,#7fd79c);
--trigger:light-dark(#e6f4ea,#173222);--message:light-dark(#e5effb,#16293f);--wait:light-dark(#fdf3dc,#372c10);--branch:light-dark(#f0e9fb,#2b2140);--action:light-dark(#ffffff,#1d242e);--exit:light-dark(#f1f1f1,#272c33)}`;

const shapes = `
.drawing{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;font-size:12px;background:var(--ground)}
.edge,.trace use{fill:none}.tip{fill:var(--line)}
.edge{stroke:var(--line);stroke-width:1.6}.edge.jump{stroke-dasharray:6 4}
.step rect{fill:var(--action);stroke:var(--line);stroke-width:1.2}
.step.trigger rect{fill:var(--trigger)}.step.message rect{fill:var(--message)}.step.wait rect{fill:var(--wait)}.step.branch rect{fill:var(--branch)}.step.exit rect{fill:var(--exit)}
.step.unknown rect,.step.fold rect{stroke-dasharray:4 3}.step.disabled{opacity:.55}
.step .title{font-weight:600;font-size:13px;fill:var(--ink)}.step .detail{fill:var(--soft)}
.branch-name{fill:var(--soft);font-style:italic;paint-order:stroke;stroke:var(--ground);stroke-width:4px}
${(["critical", "high", "medium", "low", "info"] as const).map((name) => `.step.marked.${name} rect{stroke:var(--${name});stroke-width:2.6}.badge.${name} circle{fill:var(--${name})}`).join("")}
.badge text{fill:var(--ground);font-weight:700;font-size:11px}
.trace{display:none}.trace use{stroke:var(--trace);stroke-width:4}.trace .outline{fill:none;stroke:var(--trace);stroke-width:3}.trace .elapsed{fill:var(--trace)}.trace text{fill:var(--ground);font-weight:600;font-size:11px}
${(["critical", "high", "medium", "low", "info"] as const).map((name) => `.trace.${name}{--trace:var(--${name})}`).join("")}`;

/** Style of a standalone drawing. */
export const drawingStyle = palette + shapes;

/** Style of the whole page, drawing included. */
export const pageStyle = `${drawingStyle}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main,header.top,footer{max-width:1180px;margin:0 auto;padding:0 24px}
header.top{border-top:4px solid var(--brand,transparent);display:flex;gap:14px;align-items:center;padding-top:20px;color:var(--soft)}header.top img{max-height:40px;max-width:220px}
h1{font-size:1.7rem;line-height:1.25;margin:.6em 0 .2em;overflow-wrap:anywhere}h2{font-size:1.25rem;margin:2em 0 .6em}h3{font-size:1rem;margin:1.1em 0 .3em}
p{margin:.4em 0}a{color:var(--low)}code{font-family:ui-monospace,monospace;font-size:.9em}
.verdict{display:grid;grid-template-columns:auto 1fr;gap:28px;align-items:center;background:var(--sheet);border:1px solid var(--rim);border-radius:14px;padding:22px 26px;margin-top:14px}
.gauge{width:132px;height:132px}.gauge circle{fill:none;stroke-width:10}.gauge .track{stroke:var(--rim)}.gauge .arc{stroke:var(--grade);stroke-linecap:round}.gauge .figure{font-size:34px;font-weight:700;fill:var(--ink)}.gauge .of{font-size:11px;fill:var(--soft)}
.grade{font-size:1.35rem;font-weight:700;color:var(--grade)}
.excellent,.good{--grade:var(--good)}.needs-attention{--grade:var(--medium)}.high-risk{--grade:var(--high)}.critical-grade{--grade:var(--critical)}
.counts{display:flex;flex-wrap:wrap;gap:8px;list-style:none;padding:0;margin:.7em 0 0}.counts li{border:1px solid var(--rim);border-radius:99px;padding:2px 12px;background:var(--ground)}
.counts b{margin-right:4px}
.tag{display:inline-block;border-radius:6px;padding:0 8px;font-size:.8rem;font-weight:700;border:1.5px solid currentColor;white-space:nowrap}
${(["critical", "high", "medium", "low", "info"] as const).map((name) => `.tag.${name},.counts .${name} b{color:var(--${name})}`).join("")}
.canvas{overflow:auto;max-height:82vh;border:1px solid var(--rim);border-radius:12px;background:var(--ground)}.canvas svg{display:block;margin:auto}
.canvas:focus-visible,summary:focus-visible,a:focus-visible{outline:3px solid var(--low);outline-offset:2px}
.legend{display:flex;flex-wrap:wrap;gap:6px 16px;font-size:.85rem;color:var(--soft);list-style:none;padding:0;margin:.5em 0}
.sides{display:grid;gap:20px}@media(min-width:800px){.sides{grid-template-columns:1fr 1fr}}
.work{display:grid;grid-template-columns:minmax(0,1fr);gap:20px}
@media(min-width:1000px){main,header.top,footer{max-width:1480px}.work{grid-template-columns:minmax(0,1fr) minmax(360px,480px);align-items:start}.work .canvas{position:sticky;top:12px}}
details.finding{border:1px solid var(--rim);border-left:5px solid var(--edge,var(--line));border-radius:10px;margin:0 0 10px;background:var(--sheet)}
${(["critical", "high", "medium", "low", "info"] as const).map((name) => `details.${name}{--edge:var(--${name})}`).join("")}
summary{cursor:pointer;padding:10px 14px;font-weight:600}summary .tag{margin-right:8px}summary .code{font-weight:400;color:var(--soft);font-size:.85rem}
.finding .inside{padding:0 16px 14px}.finding dt{font-weight:600;margin-top:.7em}.finding dd{margin:.1em 0 0}
ol.way{margin:.2em 0;padding-left:1.4em}ol.way .elapsed{color:var(--soft);font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--rim);vertical-align:top;overflow-wrap:anywhere}th{font-size:.85rem;color:var(--soft)}
meter{width:160px}.muted{color:var(--soft)}.upgrade{border:2px solid var(--brand,var(--low));border-radius:12px;padding:14px 18px;background:var(--sheet)}
footer{padding-bottom:40px;margin-top:40px;color:var(--soft);font-size:.85rem}
.bands{display:none}
@media print{:root{color-scheme:light}body{font-size:11pt}main,header.top,footer{max-width:none;padding:0}.work{display:block}.canvas{display:none}.bands{display:block}.bands svg{display:block;width:100%;height:auto;break-inside:avoid;max-height:25cm}
details.finding{break-inside:avoid}details.finding::details-content{content-visibility:visible;block-size:auto;display:block}h2,h3{break-after:avoid}.legend{break-before:avoid}@page{margin:16mm}}
@media(prefers-reduced-motion:no-preference){.trace use{stroke-dasharray:12 8;animation:walk 1.2s linear infinite}@keyframes walk{to{stroke-dashoffset:-20}}}`;
