import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyHost, linksOf, readUrl } from "./hosts.ts";

describe("readUrl", () => {
  it.each([
    ["http://localhost:3000/hook", "loopback"],
    ["https://127.0.0.1/", "loopback"],
    ["https://2130706433/", "loopback"],
    ["https://0177.0.0.1/", "loopback"],
    ["https://0x7f.1/", "loopback"],
    ["https://[::1]:8080/", "loopback"],
    ["https://[::ffff:127.0.0.1]/", "loopback"],
    ["https://0.0.0.0/", "loopback"],
    ["https://app.localhost/", "loopback"],
    ["https://10.1.2.3/", "private"],
    ["https://172.16.0.1/", "private"],
    ["https://172.32.0.1/", "public"],
    ["https://192.168.1.20/", "private"],
    ["https://100.64.0.1/", "private"],
    ["https://[fd12:3456::1]/", "private"],
    ["https://169.254.169.254/", "link-local"],
    ["https://[fe80::1]/", "link-local"],
    ["https://printer.local/", "internal-name"],
    ["https://crm.internal/hook", "internal-name"],
    ["https://intranet/hook", "internal-name"],
    ["https://abc.ngrok-free.app/hook", "tunnel"],
    ["https://green-cat.trycloudflare.com", "tunnel"],
    ["https://webhook.site/8f3", "request-bin"],
    ["https://eo1.m.pipedream.net", "request-bin"],
    ["https://bit.ly/3x", "shortener"],
    ["https://orbit.ly/3x", "public"],
    ["https://notngrok.io.example.org/", "public"],
    ["https://localhost.example.org/", "public"],
    ["https://hooks.acme.dental/lead?x={{contact.id}}", "public"],
    ["HTTPS://Hooks.Acme.Dental/", "public"],
  ])("%s is %s", (url, hostClass) => {
    expect(readUrl(url)).toMatchObject({ kind: "url", hostClass });
  });

  it.each(["{{custom_values.hook}}", "https://{{custom_values.host}}/lead", "https://api.{{location.website}}"])(
    "%s depends on a merge field",
    (url) => {
      expect(readUrl(url)).toEqual({ kind: "dynamic" });
    },
  );

  it.each([
    ["hooks.acme.dental/lead", "https:// is missing in front"],
    ["acme.dental:8080/lead", "https:// is missing in front"],
    ["https:/acme.dental", "the two slashes after the colon are missing"],
    ["https://https://acme.dental", "https:// stands there twice"],
    ["https://acme dental.example.org/", "there is a blank in the host name"],
    ["https:///lead", "the host name cannot be read"],
    ["https://acme..dental/", "the host name cannot be read"],
    ["mailto:office@acme.dental", "mailto: is not a web address"],
    ["   ", "it is empty"],
  ])("%s is malformed", (url, why) => {
    expect(readUrl(url)).toEqual({ kind: "malformed", why });
  });

  it("answers for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.webUrl()), (text) => {
        expect(["dynamic", "malformed", "url"]).toContain(readUrl(text).kind);
        expect(["dynamic", "malformed", "url"]).toContain(readUrl(`https://${text}`).kind);
        expect(typeof classifyHost(text)).toBe("string");
      }),
    );
  });
});

describe("linksOf", () => {
  it("finds addresses with their places and leaves the sentence's full stop out", () => {
    const text = 'Go to https://acme.dental/a, or <a href="http://x.example.org/{{contact.id}}">here</a>. ftp://old';
    expect(linksOf(text).map(({ start, end, url }) => [text.slice(start, end) === url, url])).toEqual([
      [true, "https://acme.dental/a"],
      [true, "http://x.example.org/{{contact.id}}"],
    ]);
  });

  it("takes 10 MB", () => {
    expect(linksOf("https://".repeat(1_250_000)).length).toBe(1);
    expect(linksOf("://".repeat(3_000_000))).toEqual([]);
  });
});
