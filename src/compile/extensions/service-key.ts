import type { Data } from "../../compose/project.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";

/** What an `x-` key of a service adds to its family. Data is null where the key has no value. */
export type ServiceKey = (data: Data, member: Member, family: Family, scope: Scope) => void;
