import type { Scope } from "../scope.ts";
import type { Family } from "./family.ts";

/** What ECS calls a family: in one account no two environments share it. */
export const taskFamily = ({ name }: Family, { settings }: Scope): string =>
  `${settings.application}-${settings.environment}-${name}`.replaceAll(/[^A-Za-z0-9_-]/g, "-");
