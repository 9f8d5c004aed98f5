import { expect, test } from "vitest";
import { slim } from "./slim.ts";

const style =
  ".card{fill:#fff}\n.step.email .tile,.step.text .tile{fill:#eee}\n.mark.low use{fill:#00f}" +
  "@media(prefers-color-scheme:dark){.card{fill:#000}\n.step.text .tile{fill:#eee}}";
const drawing = `<svg><style>${style}</style><defs><symbol id="icon-text"><path d="M0 0"/></symbol><symbol id="icon-email"><path d="M1 1"/></symbol><path id="shape-low" d="M2 2"/></defs><g class="step text"><rect class="card"/><rect class="tile"/><use href="#icon-text"/></g></svg>`;

test("keeps the icons, colours and shapes that the drawing uses, and no others", () => {
  const small = slim(drawing);
  expect(small).toContain('<symbol id="icon-text">');
  expect(small).toContain(".step.text .tile{fill:#eee}");
  for (const gone of ["icon-email", "shape-low", ".step.email", ".mark"]) expect(small).not.toContain(gone);
});

test("keeps of the dark colours those that differ", () => {
  const [, dark = ""] = slim(drawing).split("dark){");
  expect(dark.slice(0, dark.indexOf("</style>"))).toBe(".card{fill:#000}}");
});

test("leaves a drawing that has nothing to spare as it is", () => {
  expect(slim(slim(drawing))).toBe(slim(drawing));
});
