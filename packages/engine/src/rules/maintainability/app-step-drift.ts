import { needsFacts } from "../../location/location.ts";
import { textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Drift {
  readonly place: Step | Trigger;
  readonly app: string;
  readonly stored: string;
  /** null: the app is not installed. */
  readonly installed: string | null;
}

export const appStepDrift = defineRule<Drift>({
  meta: {
    code: "MAINT-005",
    id: "app-step-drift",
    category: "maintainability",
    severity: "medium",
    scope: "F",
    title: "A step of an app that is not here, or is another version",
    summary: "A marketplace step or trigger whose app the location has not installed, or has in another version.",
    why: "It can be built and published, and never runs.",
    fix: "Install the app, or delete the step and add it again in the installed version.",
    sources: ["github.com/uxieee/uxie-ghl-factory (silent failures)"],
  },
  sees: "workflow",
  unchecked: (view) => (marketplace(view).length === 0 ? null : needsFacts(view.options.location, ["apps"])),
  *find(view) {
    const { location } = view.options;
    for (const place of marketplace(view)) {
      const ids = [place.raw["appId"], place.raw["marketplaceAppId"], place.raw["templateId"]]
        .map(textOf)
        .filter(Boolean);
      const [app] = ids;
      if (app === undefined) continue;
      const stored = textOf(place.raw["version"]);
      const known = ids.map(location.app).find((fact) => fact !== undefined);
      if (known === undefined) yield { place, app, stored, installed: null };
      else if (stored !== "" && known.version !== stored) yield { place, app, stored, installed: known.version };
    }
  },
  tell({ place, app, stored, installed }, view) {
    const { asOf } = view.options.location;
    return {
      message:
        installed === null
          ? `${quoted(place)} belongs to an app (${app.slice(0, 60)}) that this location has not installed.`
          : `${quoted(place)} was built with version ${stored.slice(0, 20)} of its app, and ${installed.slice(0, 20)} is installed.`,
      impact: "It looks finished and does nothing.",
      fix:
        installed === null
          ? "Install the app, or delete it here."
          : "Delete it and add it again from the installed app.",
      steps: [place],
      evidence: { app, stored, installed, ...(asOf === null ? {} : { factsAsOf: asOf }) },
      confidence: installed === null ? "certain" : "likely",
    };
  },
  wrong: () => [
    { title: "the app is not installed", workflow: fax(), options: { facts: { apps: [] } } },
    { title: "another version", workflow: fax(), options: { facts: { apps: [{ id: "fax-app", version: "2.0" }] } } },
  ],
  right: () => [
    {
      title: "installed in this version",
      workflow: fax(),
      options: { facts: { apps: [{ id: "fax-app", version: "1.4" }] } },
    },
    { title: "nothing is known of apps", workflow: fax() },
    {
      title: "HighLevel's own steps need no app",
      workflow: { actions: [{ id: "a", type: "sms", config: { body: "Hi" } }] },
      options: { facts: { apps: [] } },
    },
  ],
});

/** Steps and triggers that an app of the marketplace brought. */
function marketplace(view: View): readonly (Step | Trigger)[] {
  const steps = view
    .stepsWith(Trait.integration)
    .filter(({ raw, disabled }) => !disabled && raw["isMarketplaceAction"] === true);
  const triggers = (view.workflow.triggers ?? []).filter(({ raw }) => raw["masterType"] === "marketplace");
  return steps.length + triggers.length === 0 ? [] : [...steps, ...triggers];
}

function fax(): unknown {
  const step = {
    id: "a",
    type: "acme_fax",
    name: "Send a fax",
    isMarketplaceAction: true,
    templateId: "fax-app",
    version: "1.4",
  };
  return { workflow: { name: "Fax", workflowData: { templates: [{ ...step, attributes: {} }] } } };
}
