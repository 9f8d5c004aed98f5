import { describe, expect, it } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { readUrl } from "./hosts.ts";
import { createUrlReader, links } from "./links.ts";
import { texts } from "./texts.ts";

function linksOfMessage(type: "sms" | "email", value: string) {
  const config = type === "sms" ? { body: value } : { html: value };
  const view = createView(parseWorkflow({ actions: [{ id: "m", type, config }] }), resolveOptions({}));
  const text = view.derive(texts).messages[0];
  return text === undefined ? [] : view.derive(links).of(text);
}

describe("links", () => {
  it("finds the addresses of a text", () => {
    expect(
      linksOfMessage("sms", "Book: https://acme.dental/book. Map: http://maps.example.org/x").map(({ url }) => url),
    ).toEqual(["https://acme.dental/book", "http://maps.example.org/x"]);
  });

  it("finds what words, buttons and images of an email lead to, and addresses in its text", () => {
    const html = `<html xmlns="http://www.w3.org/1999/xhtml"><a href="https://acme.dental/a">A</a> <a href = '#'>B</a>
      <a href=www.acme.dental>C</a><img src="https://cdn.acme.dental/a.png" srcset="x"> or https://acme.dental/b</html>`;
    expect(linksOfMessage("email", html).map(({ place, url }) => `${place} ${url}`)).toEqual([
      "href https://acme.dental/a",
      "href #",
      "href www.acme.dental",
      "src https://cdn.acme.dental/a.png",
      "text https://acme.dental/b",
    ]);
  });

  it("says where each link stands", () => {
    const html = '<a href="https://acme.dental/a">A</a>';
    expect(linksOfMessage("email", html).map(({ start, end }) => html.slice(start, end))).toEqual([
      "https://acme.dental/a",
    ]);
  });

  it.each(['href="', "href=", "://", "<a href='x' ", "https://a.b "])("takes 1 MB of %s", (part) => {
    expect(linksOfMessage("email", part.repeat(1_000_000 / part.length)).length).toBeLessThan(1_000_000);
  });
});

describe("links of a whole workflow", () => {
  const seen = (...bodies: readonly string[]) => {
    const actions = bodies.map((html, at) => ({ id: `${at}`, type: "email", config: { html } }));
    const view = createView(parseWorkflow({ actions }), resolveOptions({}));
    const { hosts, odd } = view.derive(links);
    return { hosts: [...hosts], odd: odd.map(({ step }) => step.id) };
  };

  it("names each host once", () => {
    const html = (path: string) => `<a href="https://acme.dental/${path}">x</a> https://acme.dental.org`;
    expect(seen(html("a"), html("b"))).toEqual({ hosts: ["acme.dental", "acme.dental.org"], odd: [] });
  });

  it("points at the texts with anything else than https and merge fields", () => {
    expect(
      seen(
        '<a href="https://a.dental">x</a>',
        '<a href="{{trigger_link.x}}">x</a>',
        '<a href="#">x</a>',
        "<a href=https://a.dental>x</a>",
        "see http://a.dental",
        '<a href="https://https://a.dental">x</a>',
        '<a href="https:// a.dental">x</a>',
      ).odd,
    ).toEqual(["2", "3", "4", "6"]);
  });
});

describe("createUrlReader", () => {
  it.each([
    "https://acme.dental/book",
    "https://acme.dental",
    "https://bit.ly?x",
    "http://localhost:3000/x",
    "https://https://acme.dental",
    "https:// acme.dental/x",
    "acme.dental",
    "{{custom_values.link}}",
    "https://{{custom_values.host}}/x",
    "https://user@acme.dental/x",
    "mailto:a@acme.dental",
    "",
    "#",
    "://",
  ])("reads %s as if alone", (url) => {
    const read = createUrlReader();
    read(url);
    expect(read(url)).toEqual(readUrl(url));
  });
});
