import type { Properties } from "../../model/template.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "./family.ts";

/** What one group of compose keys becomes in a container definition. */
export type Attribute = (member: Member, family: Family, scope: Scope) => Properties;
