import { writtenOut } from "./colours.ts";

const severities = ["critical", "high", "medium", "low", "info"] as const;

const families = {
  start: ["trigger", "goal"],
  message: ["email", "text", "call"],
  wait: ["wait"],
  choice: ["branch", "jump", "ai"],
} as const;

/** Marks of severity, in drawings and beside words. */
export const markStyle = `
.mark use{stroke:var(--sheet);stroke-width:2;stroke-linejoin:round;paint-order:stroke}
.mark text{fill:var(--sheet);font-size:11px;font-weight:700;text-anchor:middle}
.mark text.long{font-size:8.5px}
${severities.map((name) => `.mark.${name} use{fill:var(--${name})}`).join("")}`;

/** Look of a drawing, by custom properties. */
export const drawingStyle = `
.drawing{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Open Sans",sans-serif}
.edge{fill:none;stroke:var(--line);stroke-width:1.6}
.edge.jump{stroke-dasharray:6 5}
.tip{fill:var(--line)}
.card{fill:var(--sheet);stroke:var(--rim);stroke-width:1.4}
.tile{fill:var(--action-tile)}
.icon{fill:none;stroke:var(--action-icon);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
${Object.entries(families)
  .flatMap(([family, kinds]) =>
    kinds.map(
      (kind) => `.step.${kind} .tile{fill:var(--${family}-tile)}.step.${kind} .icon{stroke:var(--${family}-icon)}`,
    ),
  )
  .join("")}
.step.fold .card,.step.unknown .card{stroke:var(--line);stroke-dasharray:5 4}
.step.disabled .card{stroke-dasharray:2 4;stroke:var(--line)}
.title{font-size:13px;font-weight:600;fill:var(--ink)}
.detail{font-size:11.5px;fill:var(--soft)}
.step.disabled .title{text-decoration:line-through}
${severities.map((name) => `.step.at-${name} .card{stroke:var(--${name});stroke-width:2.2}`).join("")}
.label rect{fill:var(--ground);stroke:var(--rim)}
.label text{font-size:11px;fill:var(--soft);text-anchor:middle}
${markStyle}`;

/** Style of a drawing that stands alone: every colour written out, dark where the reader prefers it. */
const alone = `.drawing{background:var(--ground)}${drawingStyle}`;
export const standaloneStyle = `${writtenOut(alone, "light")}@media(prefers-color-scheme:dark){${writtenOut(alone, "dark")}}`;
