import type { LocationLayout } from "../drawing/location-picture.ts";
import type { GatedLocationReport } from "../report/gate-location.ts";
import { renderJson } from "./json.ts";
import { renderLocationHtml } from "./location-html.ts";
import { renderLocationMarkdown } from "./location-markdown.ts";
import type { PageOptions } from "./page.ts";
import type { ReportFormat } from "./render.ts";
import { renderLocationSarif } from "./sarif.ts";

export type LocationReportFormat = Exclude<ReportFormat, "svg">;

/**
 * The report on a location in writing; same report, same bytes. What a plan may read is decided before: give what `gateLocation`
 * returns, and the map that `locationLayoutFor` gives for the same plan.
 */
export function renderLocation(
  report: GatedLocationReport,
  layout: LocationLayout | null,
  format: LocationReportFormat,
  options: PageOptions = {},
): string {
  switch (format) {
    case "json":
      return renderJson(report);
    case "sarif":
      return renderLocationSarif(report);
    case "md":
      return renderLocationMarkdown(report);
    case "html":
      return renderLocationHtml(report, layout, options);
  }
}
