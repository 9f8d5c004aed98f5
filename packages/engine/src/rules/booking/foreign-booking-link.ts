import { needsFacts } from "../../location/location.ts";
import { Trait } from "../../model/traits.ts";
import { links } from "../../text/links.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Foreign {
  readonly text: StepText;
  readonly url: string;
  readonly calendar: string;
}

export const foreignBookingLink = defineRule<Foreign>({
  meta: {
    code: "BOOK-008",
    id: "foreign-booking-link",
    category: "booking",
    severity: "high",
    scope: "F",
    title: "A booking link of a calendar that is not yours",
    summary: "A booking link in a message that belongs to no calendar of this location.",
    why: "Bookings land in somebody else's calendar, or nowhere.",
    fix: "Take the link from a custom value or from the calendar itself.",
    sources: ["help article 48000982511 (snapshots)", "platform fact F26"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ options }) => needsFacts(options.location, ["calendars"]),
  *find(view) {
    const calendars = view.options.location.all("calendars");
    const { of: linksOf } = view.derive(links);
    for (const text of view.derive(texts).messages) {
      if (!text.value.includes("/widget/booking")) continue;
      for (const { url } of linksOf(text)) {
        const calendar = calendarIn(url);
        if (calendar !== null && isForeign(calendar, calendars)) yield { text, url, calendar };
      }
    }
  },
  tell({ text, url, calendar }, view) {
    const calendars = view.options.location.all("calendars");
    return {
      message: `${quoted(text.step)} invites to book at ${url.slice(0, 120)}, which is none of the calendars of this location.`,
      impact: "Appointments are booked with somebody else, or the page does not open.",
      fix: `Put the link of your own calendar in${calendars.length > 0 ? ` (${listed(calendars.map(quoted))})` : ""}, best by a custom value.`,
      steps: [text.step],
      hangsOn: [text.step.id, calendar],
      evidence: {
        link: url.slice(0, 300),
        calendars: calendars.slice(0, 20).map(({ name }) => name),
        factsAsOf: view.options.location.asOf,
      },
      // Partners' calendars are legitimate.
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "the calendar of the snapshot's author",
      workflow: invite(`${HOST}/PApOHxyWQy3QTikLcUwI`),
      options: facts,
    },
    {
      title: "in a text message",
      workflow: { actions: [{ id: "t", type: "sms", config: { body: `Book: ${HOST}/PApOHxyWQy3QTikLcUwI` } }] },
      options: facts,
    },
  ],
  right: () => [
    { title: "one of your own", workflow: invite(`${HOST}/5r6gv0DaBGImgtr1csaF`), options: facts },
    {
      title: "by its address",
      workflow: invite("https://book.acme.dental/widget/bookings/first-visit"),
      options: facts,
    },
    { title: "a custom value follows the account", workflow: invite("{{custom_values.booking_link}}"), options: facts },
    { title: "a page of another kind", workflow: invite("https://acme.dental/book"), options: facts },
    {
      title: "a short name that cannot be compared",
      workflow: invite("https://api.leadconnectorhq.com/widget/bookings/partner-visit"),
      options: { facts: { calendars: [{ id: "5r6gv0DaBGImgtr1csaF", name: "First visit" }] } },
    },
    { title: "without facts nothing is known", workflow: invite(`${HOST}/PApOHxyWQy3QTikLcUwI`) },
  ],
});

/** The id or short name behind `/widget/booking/` or `/widget/bookings/`. */
function calendarIn(url: string): string | null {
  return /\/widget\/bookings?\/([\w-]{1,80})/.exec(url)?.[1] ?? null;
}

/** The builder's ids are 20 letters and digits; short names are compared with the calendars' addresses. */
function isForeign(calendar: string, calendars: NonNullable<View["options"]["facts"]["calendars"]>): boolean {
  if (calendars.some(({ id, url }) => id === calendar || url?.includes(`/${calendar}`) === true)) return false;
  return /^[A-Za-z0-9]{20}$/.test(calendar) || calendars.every(({ url }) => url !== undefined);
}

const HOST = "https://api.leadconnectorhq.com/widget/booking";
const facts = {
  facts: {
    calendars: [
      { id: "5r6gv0DaBGImgtr1csaF", name: "First visit", url: "https://book.acme.dental/widget/bookings/first-visit" },
    ],
  },
};

function invite(href: string): unknown {
  return {
    actions: [{ id: "mail", type: "email", config: { subject: "Book", body: `<p><a href="${href}">Book</a></p>` } }],
  };
}
