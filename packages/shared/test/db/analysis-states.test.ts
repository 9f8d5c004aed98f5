import { beforeAll, expect, test } from "vitest";
import { completeAnalysis, getAnalysis, getAnalysisStates, submitAnalysis } from "../../src/db/index.ts";
import { aSubmission, seedLocation } from "../support/index.ts";
import { claim, completion, stage } from "./stage.ts";

const room = stage();
let mine = "";
let theirs = "";
/** In the order of submission. */
const ids: string[] = [];

beforeAll(async () => {
  mine = await seedLocation(room.worker);
  theirs = await seedLocation(room.worker);
  for (const score of [80, 40]) {
    const submission = aSubmission(mine, { workflow: { id: "same", name: "Same" } });
    await submitAnalysis(room.api, submission);
    await completeAnalysis(room.worker, { ...completion, ...(await claim(room, submission.id)), score });
    ids.push(submission.id);
  }
  const queued = aSubmission(theirs);
  await submitAnalysis(room.api, queued);
  ids.push(queued.id);
});

test("states that are read together are those that are read one by one, in the order asked for", async () => {
  const [first = "", second = "", third = ""] = ids;
  const wanted = [
    { locationId: theirs, id: third },
    { locationId: mine, id: "no id" },
    { locationId: mine, id: second },
    { locationId: mine, id: first },
  ];
  const alone = await Promise.all(wanted.map((one) => getAnalysis(room.api, { ...one, report: false })));
  const states = await getAnalysisStates(room.api, wanted);
  expect(states).toEqual(alone.map((record) => (record === null ? null : withoutReport(record))));
  expect(states.map((state) => state?.status)).toEqual(["queued", undefined, "completed", "completed"]);
  expect(states[2]?.previous).toMatchObject({ id: first, score: 80 });
});

test("each is read as its own location alone, whoever else asks in the same moment", async () => {
  const [first = "", , third = ""] = ids;
  const states = await getAnalysisStates(room.api, [
    { locationId: mine, id: first },
    { locationId: theirs, id: first },
    { locationId: mine, id: third },
    { locationId: "", id: third },
    { locationId: theirs, id: third },
  ]);
  expect(states.map((state) => state?.id)).toEqual([first, undefined, undefined, undefined, third]);
  expect(await getAnalysisStates(room.api, [])).toEqual([]);
});

function withoutReport<Read extends { readonly reportJson: unknown }>({ reportJson: _, ...state }: Read) {
  return state;
}
