import { proveRows } from "../faults/short-form.ts";

proveRows("postgres");
