import type { Data } from "../../compose/project.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";

/** What an `x-` key of a service adds to its family. Data is null where the key has no value. */
export type ServiceKey = (
  data: Data,
  path: Path,
  family: Family,
  scope: Scope,
  member: Member,
) => void;
