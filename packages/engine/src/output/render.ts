import type { Layout } from "../drawing/types.ts";
import type { Workflow } from "../model/workflow.ts";
import type { GatedReport } from "../report/gate.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";
import type { PageOptions } from "./page.ts";
import { renderSarif } from "./sarif.ts";
import { renderSvg } from "./svg.ts";

export type RenderOptions = PageOptions;

export type ReportFormat = "json" | "sarif" | "md" | "html" | "svg";

/** IANA media type of each format, for whoever serves it. */
export const mediaTypes: Readonly<Record<ReportFormat, string>> = {
  json: "application/json",
  sarif: "application/sarif+json",
  md: "text/markdown; charset=utf-8",
  html: "text/html; charset=utf-8",
  svg: "image/svg+xml",
};

const nothingDrawn: Layout = {
  version: 1,
  width: 0,
  height: 0,
  nodes: [],
  edges: [],
  foldedSteps: 0,
  box: { width: 0, height: 0 },
};

/**
 * A report in writing. Same report, same bytes. What a plan may read is decided before: give the report that `gate`
 * returns. `workflow` lets SARIF say where in the document each step stands; `layout` is what HTML and SVG draw. Both
 * may be null.
 */
export function render(
  report: GatedReport,
  workflow: Workflow | null,
  layout: Layout | null,
  format: ReportFormat,
  options: RenderOptions = {},
): string {
  switch (format) {
    case "json":
      return renderJson(report);
    case "sarif":
      return renderSarif(report, workflow);
    case "md":
      return renderMarkdown(report);
    case "html":
      return renderHtml(report, layout, options);
    case "svg":
      return renderSvg(report, layout ?? nothingDrawn, options.brand);
  }
}
