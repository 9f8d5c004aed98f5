import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../local/checkout.ts";

/** What the image of a stage of the Dockerfile sets for Node and its allocator, with what the stages before it set. */
export function memoryOfImage(stage: string): Readonly<Record<string, string>> {
  const text = textOf(stage);
  if (text === undefined) return {};
  const set = [...text.matchAll(/\b(NODE_OPTIONS|MALLOC_\w+)=(?:"([^"]*)"|(\S+))/g)].map(
    ([, name = "", quoted, bare = ""]) => [name, quoted ?? bare],
  );
  return { ...memoryOfImage(/^\S+/.exec(text)?.[0] ?? ""), ...Object.fromEntries(set) };
}

/** The options of Node that the image of a stage starts its program with: such as NODE_OPTIONS does not take. */
export function nodeOptionsOfImage(stage: string): readonly string[] {
  const [, command = "[]"] = /^CMD (\[.*\])$/m.exec(textOf(stage) ?? "") ?? [];
  return (JSON.parse(command) as readonly string[]).slice(1, -1);
}

function textOf(stage: string): string | undefined {
  const dockerfile = readFileSync(join(checkout, "infra/images/Dockerfile"), "utf8");
  return dockerfile.split(/^FROM /m).find((each) => new RegExp(`^\\S+ AS ${stage}\\n`).test(each));
}
