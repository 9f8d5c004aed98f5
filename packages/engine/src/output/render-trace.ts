import type { Trace } from "../simulate/types.ts";
import type { PageOptions } from "./page.ts";
import { renderTraceMarkdown } from "./trace-markdown.ts";
import { renderTracePage } from "./trace-page.ts";

export const traceFormats = ["json", "md", "html"] as const;
export type TraceFormat = (typeof traceFormats)[number];

/** A trace in one of its written forms: for programs, for reading along, as a page. `options`: of the page. */
export function renderTrace(trace: Trace, format: TraceFormat, options: PageOptions = {}): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(trace, null, 2)}\n`;
    case "md":
      return renderTraceMarkdown(trace);
    case "html":
      return renderTracePage(trace, options);
  }
}
