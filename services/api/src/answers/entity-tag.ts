/** Whether one of the tags of an `If-None-Match` header is the given one. */
export function matches(header: string | undefined, tag: string): boolean {
  const tags = header?.split(",").map((entry) => entry.trim().replace(/^W\//, "")) ?? [];
  return tags.includes("*") || tags.includes(tag);
}
