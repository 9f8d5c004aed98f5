import fc from "fast-check";

/** The same examples in every run. `FC_SEED=…` looks at others; `FC_SEED=random` at others each time. */
const { FC_SEED: given = "20261124" } = process.env;
if (given !== "random") fc.configureGlobal({ seed: Number(given) });
